import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { NewEvent } from '../../domain/events.js';
import { sourceText } from '../../domain/prefix.js';
import { hashApiKey, sameText } from '../../domain/secrets.js';
import { type Clock, addSeconds } from '../../domain/time.js';
import { type ApiKey, findKeyBySecret, noteKeyUse } from '../../store/api-keys.js';
import { recordEvents } from '../../store/events.js';
import type { Store } from '../../store/store.js';
import { UNKNOWN_CLIENT } from '../audit/actors.js';
import { BOOTSTRAP_IDENTITY, type Identity, USE_NOTED_SECONDS, identityOf } from './identity.js';
import { WRONG_KEYS_PER_MINUTE, type WrongKeyAllowance, WrongKeys } from './wrong-keys.js';

export type KeyTrial =
  | { kind: 'right'; identity: Identity }
  | { kind: 'wrong'; allowance: WrongKeyAllowance }
  /** The source has sent too many wrong keys: this one was not looked at. */
  | { kind: 'limited'; allowance: WrongKeyAllowance };

/** Pairs of a source and a key that was right there, and for how long they are remembered. */
const MAX_KNOWN = 10_000;
const KNOWN_MS = 3_600_000;

/** Events of this process in a minute, whichever sources they tell of. */
const MAX_EVENTS_PER_MINUTE = 100;

interface KeyTrialsContext {
  store: Store;
  clock: Clock;
  log: Logger;
}

/**
 * Tries keys. More than `WRONG_KEYS_PER_MINUTE` wrong ones from a source, and none is looked at
 * from there until the minute is over, but for keys that were right there within the last hour: one
 * client with a wrong key must not shut out those that share its address. The counts are those of
 * this process.
 */
export class KeyTrials {
  readonly #wrongKeys = new WrongKeys();
  readonly #known = new LRUCache<string, true>({ max: MAX_KNOWN, ttl: KNOWN_MS, updateAgeOnGet: true });
  /** Look-ups under way: those who show the same key at the same time share one. */
  readonly #lookups = new Map<string, Promise<Identity | null>>();
  /** Those of each source: so many guesses at once are not more than so many one after another. */
  readonly #underWay = new Map<string, number>();
  readonly #usesNoted = new LRUCache<string, Date>({ max: MAX_KNOWN });
  #told = { minute: 0, events: 0 };

  constructor(
    private readonly context: KeyTrialsContext,
    private readonly bootstrapKey: string | null,
    private readonly observe: (outcome: 'wrong' | 'limited') => void,
  ) {}

  /** Whether ADMIN_KEY is set. */
  get hasBootstrapKey(): boolean {
    return this.bootstrapKey !== null;
  }

  /** Tries a key that was shown from an address. */
  async try(key: string, address: string | null): Promise<KeyTrial> {
    const source = sourceText(address) ?? '';
    const pair = `${source} ${hashApiKey(key)}`;
    const identity = this.#known.has(pair) ? await this.identify(key) : await this.#tryNew(key, source, pair);
    if (identity === 'limited') return this.#limited(source);
    if (identity !== null) {
      this.#known.set(pair, true);
      await this.#noteUse(identity);
      return { kind: 'right', identity };
    }
    this.#known.delete(pair);
    return this.#wrong(source, address);
  }

  /**
   * Whom a key stands for, without counting it. ADMIN_KEY needs no database, so that an
   * administrator is never locked out of an empty one. Stored keys are found by their hash, so a
   * wrong one tells nothing by its timing.
   */
  async identify(key: string): Promise<Identity | null> {
    if (this.bootstrapKey !== null && sameText(key, this.bootstrapKey)) return BOOTSTRAP_IDENTITY;
    const keyHash = hashApiKey(key);
    const { store, clock } = this.context;
    const found: ApiKey | null = await findKeyBySecret(store.db, keyHash, clock.now());
    return found === null ? null : identityOf(found, keyHash);
  }

  async #tryNew(key: string, source: string, pair: string): Promise<Identity | 'limited' | null> {
    const { left } = this.#wrongKeys.allowance(source, this.context.clock.now());
    const shared = this.#lookups.get(pair);
    if (left > 0 && shared !== undefined) return shared;
    const underWay = this.#underWay.get(source) ?? 0;
    if (underWay >= left) return 'limited';
    this.#underWay.set(source, underWay + 1);
    const lookup = this.identify(key).finally(() => {
      this.#lookups.delete(pair);
      const others = (this.#underWay.get(source) ?? 1) - 1;
      if (others === 0) this.#underWay.delete(source);
      else this.#underWay.set(source, others);
    });
    this.#lookups.set(pair, lookup);
    return lookup;
  }

  async #wrong(source: string, address: string | null): Promise<KeyTrial> {
    const now = this.context.clock.now();
    const count = this.#wrongKeys.count(source, now);
    if (count > WRONG_KEYS_PER_MINUTE) return this.#limited(source);
    this.observe('wrong');
    if (count === 1) await this.#tell(address, now);
    return { kind: 'wrong', allowance: this.#wrongKeys.allowance(source, now) };
  }

  #limited(source: string): KeyTrial {
    this.observe('limited');
    const allowance = this.#wrongKeys.allowance(source, this.context.clock.now());
    return { kind: 'limited', allowance };
  }

  /** One line a minute and source. That it cannot be written makes no key right. */
  async #tell(address: string | null, now: Date): Promise<void> {
    const minute = Math.floor(now.getTime() / 60_000);
    if (minute !== this.#told.minute) this.#told = { minute, events: 0 };
    this.#told.events += 1;
    if (this.#told.events > MAX_EVENTS_PER_MINUTE) return;
    const { store, log } = this.context;
    log.warn({ address }, 'an administrator key that does not exist was refused');
    await recordEvents(store.db, [keyRejected(address, now)]).catch((error: unknown) => {
      log.warn({ err: error }, 'that a key was refused could not be written to the audit log');
    });
  }

  /** At most once a minute and key, so that a request writes nothing. */
  async #noteUse({ keyId }: Identity): Promise<void> {
    if (keyId === null) return;
    const now = this.context.clock.now();
    const noted = this.#usesNoted.get(keyId);
    if (noted !== undefined && noted <= now && now < addSeconds(noted, USE_NOTED_SECONDS)) return;
    this.#usesNoted.set(keyId, now);
    await noteKeyUse(this.context.store.db, keyId, now).catch((error: unknown) => {
      this.context.log.warn({ err: error }, 'the use of a key could not be noted');
    });
  }
}

function keyRejected(address: string | null, at: Date): NewEvent {
  return { at, type: 'key.rejected', tenantId: null, mac: null, actor: UNKNOWN_CLIENT, address, data: {} };
}
