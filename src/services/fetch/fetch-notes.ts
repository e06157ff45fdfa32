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

/** What is recorded of a fetch and decides nothing. */
export interface FetchNote {
  seen: SeenDevice;
  /** The valid token that was presented; null where there was none. */
  heldTokenId: string | null;
  /**
   * The token, even one revoked since, of the phone that has answered a resync by this fetch; null
   * where no resync was open.
   */
  answeredTokenId: string | null;
  /** The temporary network that this fetch extends. */
  network: NetworkUse | null;
  /** The events for the audit log. */
  events: readonly RepeatableEvent[];
}

/** How long a note waits to be written in a batch with others. */
const FLUSH_MS = 50;
/** The back-off after a failed write. */
const RETRY_MS = 1000;
/** With so many notes in memory, new fetches wait until they are written, unless writing fails. */
const MANY = 2000;
/** While events cannot be written, the oldest beyond so many are dropped. */
const TOO_MANY = 20_000;
/** Events in one statement. */
const EVENTS_AT_ONCE = 1000;

/**
 * Collects the notes of fetches and writes them in batches: of a device or a token only the latest.
 * When a fleet comes back at once, that costs a few statements a second instead of several for each
 * fetch. A crash loses the notes of the last moment. What decides anything is not written here.
 */
export class FetchNotes {
  #devices = new Map<string, SeenDevice>();
  #tokens = new Map<string, SeenToken>();
  #answers = new Map<string, Answered>();
  #networks = new Map<string, NetworkUse>();
  #decoys = new Map<string, Decoy>();
  #knocks = new Knocks();
  /** By their repetition key: each once, with how often it occurred. */
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
    this.#devices.set(deviceId, {
      ...seen,
      provisionedAt: seen.provisionedAt ?? before?.provisionedAt ?? null,
      minimalAt: before?.minimalAt ?? seen.minimalAt,
      fullAt: before?.fullAt ?? seen.fullAt,
      holdsFull: seen.holdsFull ?? before?.holdsFull ?? null,
    });
    if (heldTokenId !== null) this.#tokens.set(heldTokenId, { tokenId: heldTokenId, at, address });
    if (answeredTokenId !== null) {
      this.#answers.set(answeredTokenId, { deviceId, tokenId: answeredTokenId, at });
    }
    if (network !== null) this.#networks.set(network.networkId, network);
    for (const event of events) this.#addEvent(event);
    this.#schedule(FLUSH_MS);
  }

  /** Notes a fetch for a MAC that no managed device has. */
  addKnock(knock: KnockNote): void {
    this.#knocks.add(knock);
    this.#schedule(FLUSH_MS);
  }

  /** Notes a decoy that had been evicted and was served again. */
  addDecoy(decoy: Decoy): void {
    if (this.#decoys.size < MANY) this.#decoys.set(decoy.token.id, decoy);
    this.#schedule(FLUSH_MS);
  }

  /**
   * Waits, before a fetch is answered, while too many notes are unwritten. This bounds the memory
   * when the database is slower than the fetches.
   */
  async room(): Promise<void> {
    if (this.#isFailing) return;
    if (this.#events.size >= MANY || this.#devices.size >= MANY) await this.flush();
  }

  /** Writes all that has been noted so far. Failures are logged and tried again later. */
  async flush(): Promise<void> {
    // A batch that is being written may not contain the caller's note; the next one does.
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
   * One statement at a time, each independent of the others: one that failed is tried again alone.
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
    // First, because the other notes refer to their rows.
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
      this.#schedule(RETRY_MS);
    }
  }

  /** Writes what is left and stops. Notes that cannot be written are lost, which is logged. */
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
