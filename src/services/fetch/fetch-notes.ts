import type { Logger } from 'pino';
import {
  type NetworkUse,
  type SeenDevice,
  type SeenToken,
  updateSeenDevices,
  updateSeenTokens,
} from '../../store/fetch-notes.js';
import type { Queryable } from '../../store/store.js';
import { runTransaction } from '../../store/transactions.js';
import { keyOf, keyText, recordRepeatable, type RepeatableEvent } from '../audit/repeated-events.js';
import { type Decoy, restoreDecoys } from '../unknown/decoy.js';
import { Knocks, type KnockNote } from '../unknown/knocks.js';
import { extendUsedNetworks } from '../networks/network-extension.js';
import { closeResyncs } from '../resync/resyncs.js';

/** What is remembered of a fetch and decides nothing. */
export interface FetchNote {
  seen: SeenDevice;
  /** The token that the phone holds; null where it brought none that counts. */
  heldTokenId: string | null;
  /**
   * The token, be it revoked since, of the phone that has hereby done what a resync asked of it;
   * null where none was open.
   */
  answeredTokenId: string | null;
  /** The temporary network that is trusted for longer because of it. */
  network: NetworkUse | null;
  /** What the audit log is to say of it. */
  events: readonly RepeatableEvent[];
}

/** How long a note may wait for others. */
const FLUSH_MILLISECONDS = 50;
/** After a failure: the database has other worries. */
const RETRY_MILLISECONDS = 1000;
/**
 * Notes in memory from which on new fetches wait until they are written, unless writing fails
 * anyway.
 */
const MANY = 2000;
/** Events in memory from which on, when they cannot be written, the oldest are given up. */
const TOO_MANY = 20_000;
/** Events in one statement. */
const EVENTS_AT_ONCE = 1000;

/**
 * Collects what fetches leave behind and writes it in batches: of a device or a token only the
 * latest. When a fleet comes back at once, the database is asked for a few statements a second
 * instead of several a fetch. A crash loses what was noted in the last moment; what decides
 * anything is not written here.
 */
export class FetchNotes {
  #devices = new Map<string, SeenDevice>();
  #tokens = new Map<string, SeenToken>();
  #answers = new Map<string, Answered>();
  #networks = new Map<string, NetworkUse>();
  #decoys = new Map<string, Decoy>();
  #knocks = new Knocks();
  /** By what they say: each once, with how often it has come. */
  #events = new Map<string, RepeatableEvent>();
  #timer: NodeJS.Timeout | null = null;
  #flushing: Promise<void> | null = null;
  #isFailing = false;

  constructor(
    private readonly db: Queryable,
    private readonly log: Logger,
  ) {}

  add({ seen, heldTokenId, answeredTokenId, network, events }: FetchNote): void {
    const { deviceId, at, address } = seen;
    const before = this.#devices.get(deviceId);
    const provisionedAt = seen.provisionedAt ?? before?.provisionedAt ?? null;
    this.#devices.set(deviceId, { ...seen, provisionedAt });
    if (heldTokenId !== null) this.#tokens.set(heldTokenId, { tokenId: heldTokenId, at, address });
    if (answeredTokenId !== null) {
      this.#answers.set(answeredTokenId, { deviceId, tokenId: answeredTokenId, at });
    }
    if (network !== null) this.#networks.set(network.networkId, network);
    for (const event of events) this.#addEvent(event);
    this.#schedule(FLUSH_MILLISECONDS);
  }

  /** Somebody asked for a MAC that no managed device has. */
  addKnock(knock: KnockNote): void {
    this.#knocks.add(knock);
    this.#schedule(FLUSH_MILLISECONDS);
  }

  /** A decoy that had made room for others was answered for. */
  addDecoy(decoy: Decoy): void {
    if (this.#decoys.size < MANY) this.#decoys.set(decoy.token.id, decoy);
    this.#schedule(FLUSH_MILLISECONDS);
  }

  /**
   * Waits, before a fetch is answered, while too much is unwritten: so memory is bounded by what
   * the database can take.
   */
  async room(): Promise<void> {
    if (this.#isFailing) return;
    if (this.#events.size >= MANY || this.#devices.size >= MANY) await this.flush();
  }

  /** Writes all that has been noted so far. Failures are logged and tried again later. */
  async flush(): Promise<void> {
    // Whoever comes while a batch is being written wants the next one: his note may have missed
    // this one.
    while (this.#flushing !== null) await this.#flushing;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#flushing = this.#write();
    try {
      await this.#flushing;
    } finally {
      this.#flushing = null;
    }
  }

  #addEvent(noted: RepeatableEvent): void {
    const name = keyText(keyOf(noted));
    const before = this.#events.get(name);
    const times = (before?.times ?? 0) + (noted.times ?? 1);
    this.#events.set(name, { ...(before ?? noted), times });
  }

  #giveUpOldest(): void {
    let lost = 0;
    for (const oldest of this.#events.keys()) {
      if (this.#events.size <= TOO_MANY) break;
      this.#events.delete(oldest);
      lost += 1;
    }
    if (lost > 0) this.log.error({ lost }, 'events of fetches are lost');
  }

  #schedule(milliseconds: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.flush();
    }, milliseconds);
  }

  /**
   * Each statement by itself: they depend on nothing, and one that failed is tried again without
   * the others.
   */
  async #write(): Promise<void> {
    const devices = [...this.#devices.values()];
    const tokens = [...this.#tokens.values()];
    const answers = [...this.#answers.values()];
    const networks = [...this.#networks.values()];
    const decoys = [...this.#decoys.values()];
    this.#devices = new Map();
    this.#tokens = new Map();
    this.#answers = new Map();
    this.#networks = new Map();
    this.#decoys = new Map();
    this.#isFailing = false;
    // Before what else is noted of them.
    await this.#attempt('decoys', decoys, restoreDecoys, (decoy) => this.#decoys.set(decoy.token.id, decoy));
    await this.#attempt('devices', devices, updateSeenDevices, (device) => {
      if (!this.#devices.has(device.deviceId)) this.#devices.set(device.deviceId, device);
    });
    await this.#attempt('tokens', tokens, updateSeenTokens, (token) => {
      if (!this.#tokens.has(token.tokenId)) this.#tokens.set(token.tokenId, token);
    });
    await this.#attempt('answered resyncs', answers, closeAnswered, (answer) => {
      if (!this.#answers.has(answer.tokenId)) this.#answers.set(answer.tokenId, answer);
    });
    await this.#attempt('networks', networks, extendUsedNetworks, (network) => {
      if (!this.#networks.has(network.networkId)) this.#networks.set(network.networkId, network);
    });
    await this.#attempt(
      'knocks',
      this.#knocks.take(),
      (db, knocks) => this.#knocks.write(db, knocks),
      (knock) => {
        this.#knocks.putBack(knock);
      },
    );
    const events = [...this.#events.values()];
    this.#events = new Map();
    for (let start = 0; start < events.length; start += EVENTS_AT_ONCE) {
      const some = events.slice(start, start + EVENTS_AT_ONCE);
      await this.#attempt('events', some, writeEvents, (event) => this.#addEvent(event));
    }
    this.#giveUpOldest();
  }

  async #attempt<T>(
    what: string,
    notes: readonly T[],
    write: (db: Queryable, notes: readonly T[]) => Promise<void>,
    putBack: (note: T) => void,
  ): Promise<void> {
    if (notes.length === 0) return;
    try {
      await write(this.db, notes);
    } catch (error) {
      this.log.error({ err: error, what, notes: notes.length }, 'notes of fetches could not be written');
      notes.forEach(putBack);
      this.#isFailing = true;
      this.#schedule(RETRY_MILLISECONDS);
    }
  }

  /** Writes what is left and stops. What cannot be written now is lost, and said to be. */
  async close(): Promise<void> {
    await this.flush();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const lost = this.#events.size + this.#devices.size;
    if (lost > 0) this.log.error({ lost }, 'notes of fetches are lost');
  }
}

interface Answered {
  deviceId: string;
  tokenId: string;
  at: Date;
}

async function writeEvents(db: Queryable, events: readonly RepeatableEvent[]): Promise<void> {
  await runTransaction(db, async (transaction) => recordRepeatable(transaction, events));
}

async function closeAnswered(db: Queryable, answers: readonly Answered[]): Promise<void> {
  for (const answer of answers) await closeResyncs(db, answer.deviceId, answer.tokenId, answer.at);
}
