import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import type { Mac } from '../../domain/mac.js';
import type { FetchFacts } from '../../store/fetch-lookup.js';
import { CHANGES_CHANNEL } from '../../store/notify.js';
import type { Store, Unlisten } from '../../store/store.js';

/**
 * How often an echo is sent through the database, and for how long one that has arrived shows that
 * notifications arrive.
 */
const ECHO_EVERY_MS = 1000;
const TRUST_MS = 3000;
/** How long an echo may take. */
const ECHO_WITHIN_MS = 1000;
const MAX_DEVICES = 200_000;
/**
 * Changed devices and tenants that are remembered. Once one is evicted, a look-up older than its
 * change is not cached, whatever it is of.
 */
const MAX_CHANGED = 10_000;
/** `lastUsedAt` changes without a notification, so entries expire after a day. */
const MAX_AGE_MS = 86_400_000;

/** The look-up of one device, whose phone fetched with its proven token. */
export interface CachedLookUp {
  facts: FetchFacts;
  /**
   * The token as it stood in the path, and the source of the fetch. A fetch with another token or
   * from another address is a cache miss.
   */
  presented: string;
  address: string | null;
  /** The time of the look-up. */
  at: Date;
}

/**
 * Caches the facts of fetches. Only fetches with a proven token are cached; all others are looked
 * up each time. A change by any instance, or by hand, evicts what it touches before the change is
 * acknowledged: the database sends a notification with the commit. While echoes do not arrive, the
 * cache is empty and stays so.
 */
export class FetchCache {
  /** By MAC. The dispose function keeps the two indexes below in step with it. */
  readonly #devices: LRUCache<string, CachedLookUp>;
  readonly #macOfDevice = new Map<string, string>();
  readonly #macsOfTenant = new Map<string, Set<string>>();
  readonly #name = randomUUID();
  readonly #echoes = new Map<string, () => void>();
  #echoesSent = 0;
  /** Until then notifications are known to arrive (`performance.now()`). */
  #trustedUntil = 0;
  #clearedAt = 0;
  #changes = 0;
  /** The number of the last change of each device and tenant. */
  readonly #changed = new LRUCache<string, number>({
    max: MAX_CHANGED,
    dispose: (change, _key, reason) => {
      if (reason === 'evict') this.#allChanged = change;
    },
  });
  /** Up to this change anything may have been changed. */
  #allChanged = 0;
  #timer: NodeJS.Timeout | null = null;
  #unlisten: Unlisten | null = null;

  constructor(
    private readonly store: Store,
    private readonly log: Logger,
    maxDevices = MAX_DEVICES,
  ) {
    this.#devices = new LRUCache({
      max: maxDevices,
      dispose: ({ facts }, mac) => this.#removeFromIndexes(facts, mac),
    });
  }

  /** Begins to listen. Until the first echo has arrived nothing is cached. */
  async start(): Promise<void> {
    this.#unlisten = await this.store.listen(CHANGES_CHANNEL, (payload) => this.#hear(payload));
    await this.#sendEcho();
    this.#timer = setInterval(() => void this.#sendEcho(), ECHO_EVERY_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#clear();
    await this.#unlisten?.();
    this.#unlisten = null;
  }

  /**
   * The number of changes heard. A caller notes it before its look-up and passes it to `add`, which
   * rejects facts that may be older than a change.
   */
  get changes(): number {
    return this.#changes;
  }

  get size(): number {
    return this.#devices.size;
  }

  /** The look-up of a fetch; null on a cache miss. */
  find(mac: Mac, presented: string | null, address: string | null, now: Date): CachedLookUp | null {
    const key = String(mac);
    const found = this.#devices.peek(key);
    if (found === undefined || found.presented !== presented || found.address !== address) return null;
    if (!this.#isTrusted) {
      this.#clear();
      return null;
    }
    if (now.getTime() - found.at.getTime() > MAX_AGE_MS) return null;
    const { network } = found.facts;
    // Another instance may have extended it since.
    if (network !== null && network.expiresAt !== null && network.expiresAt <= now) return null;
    return this.#devices.get(key) ?? null;
  }

  /** Whether this very object is in the cache. */
  holds(facts: FetchFacts): boolean {
    return this.#devices.peek(String(facts.mac))?.facts === facts;
  }

  /** Caches a look-up that began after `changes` had been heard. */
  add(found: CachedLookUp, changes: number): void {
    const { facts } = found;
    const isLasting = facts.kind === 'managed' && facts.token?.state === 'proven' && !facts.awaited;
    if (!isLasting || facts.token?.deviceId !== facts.deviceId) return;
    if (!this.#isTrusted || this.#isOvertaken(facts, changes)) return;
    const key = String(facts.mac);
    // Deleted first: the dispose function of a value that is overwritten would run after the new
    // value is set, and the indexes must lose the old one before they gain the new one.
    this.#devices.delete(key);
    this.#devices.set(key, found);
    this.#macOfDevice.set(facts.deviceId, key);
    if (facts.tenantId !== null) {
      const macs = this.#macsOfTenant.get(facts.tenantId) ?? new Set();
      this.#macsOfTenant.set(facts.tenantId, macs.add(key));
    }
  }

  /** Resolves when this instance has heard of everything that was committed before the call. */
  async caughtUp(): Promise<void> {
    const isHeard = await this.#sendEcho();
    if (!isHeard) this.#clear();
  }

  get #isTrusted(): boolean {
    return performance.now() < this.#trustedUntil;
  }

  #hear(payload: string): void {
    if (payload === '') return this.#clear();
    const [kind, id = ''] = payload.split(':', 2);
    if (kind === 'echo') return this.#echoes.get(payload)?.();
    this.#noteChange(payload);
    if (kind === 'd') {
      const mac = this.#macOfDevice.get(id);
      if (mac !== undefined) this.#devices.delete(mac);
    } else if (kind === 't') {
      for (const mac of this.#macsOfTenant.get(id) ?? []) this.#devices.delete(mac);
    }
  }

  #noteChange(payload: string): void {
    this.#changes += 1;
    this.#changed.set(payload, this.#changes);
  }

  /**
   * Whether the device or its tenant was changed after `changes`. Changes of other devices do not
   * count: fetches by strangers cause them all the time, and nothing would ever be cached.
   */
  #isOvertaken({ deviceId, tenantId }: FetchFacts, changes: number): boolean {
    const touched = [`d:${deviceId}`, ...(tenantId === null ? [] : [`t:${tenantId}`])];
    const last = Math.max(this.#allChanged, ...touched.map((one) => this.#changed.peek(one) ?? 0));
    return last > changes;
  }

  #removeFromIndexes({ deviceId, tenantId }: FetchFacts, mac: string): void {
    this.#macOfDevice.delete(deviceId);
    const macs = tenantId === null ? undefined : this.#macsOfTenant.get(tenantId);
    macs?.delete(mac);
    if (tenantId !== null && macs?.size === 0) this.#macsOfTenant.delete(tenantId);
  }

  /** A notification may have been missed. */
  #clear(): void {
    this.#changes += 1;
    this.#allChanged = this.#changes;
    this.#changed.clear();
    this.#trustedUntil = 0;
    this.#clearedAt = performance.now();
    this.#devices.clear();
  }

  /**
   * Sends a notification to this instance through the database, and answers whether it arrived.
   * Notifications arrive in the order of the commits, so those of earlier commits arrive first.
   */
  async #sendEcho(): Promise<boolean> {
    const echo = `echo:${this.#name}-${(this.#echoesSent += 1)}`;
    const sentAt = performance.now();
    let timer: NodeJS.Timeout | undefined;
    try {
      const heard = new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(false), ECHO_WITHIN_MS);
        this.#echoes.set(echo, () => resolve(true));
      });
      await this.store.notify(CHANGES_CHANNEL, echo);
      const isHeard = await heard;
      if (isHeard && sentAt > this.#clearedAt) this.#trustedUntil = sentAt + TRUST_MS;
      return isHeard;
    } catch (error) {
      this.log.debug({ err: error }, 'no echo could be sent through the database');
      return false;
    } finally {
      clearTimeout(timer);
      this.#echoes.delete(echo);
    }
  }
}

/**
 * A store whose transactions resolve only when this instance's cache no longer serves what they
 * changed.
 */
export function settledStore(store: Store, cache: FetchCache): Store {
  return {
    ...store,
    transaction: async (work) => {
      const result = await store.transaction(work);
      await cache.caughtUp();
      return result;
    },
  };
}
