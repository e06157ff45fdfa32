import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Mac } from '../../domain/mac.js';
import type { FetchFacts } from '../../store/fetch-lookup.js';
import { CHANGES_CHANNEL } from '../../store/notify.js';
import type { Store, Unlisten } from '../../store/store.js';

/**
 * How often this instance asks whether it hears, and for how long what it heard last vouches for
 * the connection.
 */
const ASK_MILLISECONDS = 1000;
const TRUST_MILLISECONDS = 3000;
/** How long a change may take to come back to the instance that made it. */
const ECHO_MILLISECONDS = 1000;
const MAX_DEVICES = 200_000;
/** Changes of which it is known what they touched; older ones may have touched anything. */
const MAX_CHANGED = 10_000;
/** Facts hold when a token was last seen, which changes without anybody's being told. */
const MAX_AGE_MILLISECONDS = 86_400_000;

/** What is remembered of a device whose phone came with its proven token. */
export interface Remembered {
  facts: FetchFacts;
  /**
   * The token as it stood in the path, and where the fetch came from: for any other fetch the
   * database is asked.
   */
  presented: string;
  address: string | null;
  /** The time of the look-up. */
  at: Date;
}

/**
 * Facts of fetches in memory. Only those of phones with a proven token: who is to be let in first,
 * or kept back, is always looked up. A change by any instance, or by hand, forgets what it touches
 * before anybody can see that it was made: the database tells of it with its commit. While it is
 * not certain that we hear, nothing is remembered.
 */
export class FetchMemory {
  /** In the order of use: the first is the one that has not been asked for longest. */
  readonly #devices = new Map<string, Remembered>();
  readonly #macOfDevice = new Map<string, string>();
  readonly #macsOfTenant = new Map<string, Set<string>>();
  readonly #name = randomUUID();
  readonly #echoes = new Map<string, () => void>();
  #asked = 0;
  #vouchedUntil = 0;
  #distrustedAt = 0;
  #changes = 0;
  /** What was changed, by the number of its last change; the oldest first. */
  readonly #changed = new Map<string, number>();
  /** Up to this change anything may have been touched. */
  #allChanged = 0;
  #timer: NodeJS.Timeout | null = null;
  #unlisten: Unlisten | null = null;

  constructor(
    private readonly store: Store,
    private readonly log: Logger,
    private readonly maxDevices = MAX_DEVICES,
  ) {}

  /** Begins to listen. Until the first echo nothing is remembered. */
  async start(): Promise<void> {
    this.#unlisten = await this.store.listen(CHANGES_CHANNEL, (payload) => this.#hear(payload));
    await this.#ask();
    this.#timer = setInterval(() => void this.#ask(), ASK_MILLISECONDS);
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#distrust();
    await this.#unlisten?.();
    this.#unlisten = null;
  }

  /**
   * Changes heard so far. Who looks something up notes this first: facts that may be older than a
   * change are not remembered.
   */
  get changes(): number {
    return this.#changes;
  }

  get size(): number {
    return this.#devices.size;
  }

  find(mac: Mac, presented: string | null, address: string | null, now: Date): Remembered | null {
    const key = String(mac);
    const found = this.#devices.get(key);
    if (found === undefined || found.presented !== presented || found.address !== address) return null;
    if (!this.#hears) {
      this.#distrust();
      return null;
    }
    if (now.getTime() - found.at.getTime() > MAX_AGE_MILLISECONDS) return null;
    const { network } = found.facts;
    // Others may have extended it since.
    if (network !== null && network.expiresAt !== null && network.expiresAt <= now) return null;
    this.#devices.delete(key);
    this.#devices.set(key, found);
    return found;
  }

  /** Whether these very facts are remembered. */
  holds(facts: FetchFacts): boolean {
    return this.#devices.get(String(facts.mac))?.facts === facts;
  }

  /** Remembers what was looked up after `changes` had been heard. */
  remember(found: Remembered, changes: number): void {
    const { facts } = found;
    const isLasting = facts.kind === 'managed' && facts.token?.state === 'proven' && !facts.awaited;
    if (!isLasting || facts.token?.deviceId !== facts.deviceId) return;
    if (!this.#hears || this.#isOvertaken(facts, changes)) return;
    const key = String(facts.mac);
    this.#forget(key);
    this.#devices.set(key, found);
    this.#macOfDevice.set(facts.deviceId, key);
    if (facts.tenantId !== null) {
      const macs = this.#macsOfTenant.get(facts.tenantId) ?? new Set();
      this.#macsOfTenant.set(facts.tenantId, macs.add(key));
    }
    for (const oldest of this.#devices.keys()) {
      if (this.#devices.size <= this.maxDevices) break;
      this.#forget(oldest);
    }
  }

  /** Resolves when everything that was committed before has been heard by this instance. */
  async caughtUp(): Promise<void> {
    const isHeard = await this.#ask();
    if (!isHeard) this.#distrust();
  }

  get #hears(): boolean {
    return performance.now() < this.#vouchedUntil;
  }

  #hear(payload: string): void {
    if (payload === '') return this.#distrust();
    const [kind, id = ''] = payload.split(':', 2);
    if (kind === 'echo') return this.#echoes.get(payload)?.();
    this.#noteChange(payload);
    if (kind === 'd') {
      const mac = this.#macOfDevice.get(id);
      if (mac !== undefined) this.#forget(mac);
    } else if (kind === 't') {
      for (const mac of this.#macsOfTenant.get(id) ?? []) this.#forget(mac);
    }
  }

  #noteChange(payload: string): void {
    this.#changes += 1;
    this.#changed.delete(payload);
    this.#changed.set(payload, this.#changes);
    const [oldest] = this.#changed;
    if (oldest === undefined || this.#changed.size <= MAX_CHANGED) return;
    this.#changed.delete(oldest[0]);
    [, this.#allChanged] = oldest;
  }

  /**
   * Whether what these facts are of was changed after so many changes. Changes of other devices do
   * not count: strangers who fetch for many MACs cause them all the time, and would keep everything
   * from being remembered.
   */
  #isOvertaken({ deviceId, tenantId }: FetchFacts, changes: number): boolean {
    const touched = [`d:${deviceId}`, ...(tenantId === null ? [] : [`t:${tenantId}`])];
    const last = Math.max(this.#allChanged, ...touched.map((one) => this.#changed.get(one) ?? 0));
    return last > changes;
  }

  #forget(mac: string): void {
    const found = this.#devices.get(mac);
    if (found === undefined) return;
    const { deviceId, tenantId } = found.facts;
    this.#devices.delete(mac);
    this.#macOfDevice.delete(deviceId);
    const macs = tenantId === null ? undefined : this.#macsOfTenant.get(tenantId);
    macs?.delete(mac);
    if (tenantId !== null && macs?.size === 0) this.#macsOfTenant.delete(tenantId);
  }

  /** Something may have been missed. */
  #distrust(): void {
    this.#changes += 1;
    this.#allChanged = this.#changes;
    this.#changed.clear();
    this.#vouchedUntil = 0;
    this.#distrustedAt = performance.now();
    this.#devices.clear();
    this.#macOfDevice.clear();
    this.#macsOfTenant.clear();
  }

  /**
   * Tells ourselves something through the database. Notifications come in the order of the commits,
   * so what was committed before is heard first.
   */
  async #ask(): Promise<boolean> {
    const echo = `echo:${this.#name}-${(this.#asked += 1)}`;
    const asked = performance.now();
    let timer: NodeJS.Timeout | undefined;
    try {
      const heard = new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(false), ECHO_MILLISECONDS);
        this.#echoes.set(echo, () => resolve(true));
      });
      await this.store.notify(CHANGES_CHANNEL, echo);
      const isHeard = await heard;
      if (isHeard && asked > this.#distrustedAt) this.#vouchedUntil = asked + TRUST_MILLISECONDS;
      return isHeard;
    } catch (error) {
      this.log.debug({ err: error }, 'the database could not be asked whether it is heard');
      return false;
    } finally {
      clearTimeout(timer);
      this.#echoes.delete(echo);
    }
  }
}

/**
 * The store for those whose callers expect that a change is in force when they hear that it was
 * made.
 */
export function settledStore(store: Store, memory: FetchMemory): Store {
  return {
    ...store,
    transaction: async (work) => {
      const result = await store.transaction(work);
      await memory.caughtUp();
      return result;
    },
  };
}
