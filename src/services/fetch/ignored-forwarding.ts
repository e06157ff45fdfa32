import { LRUCache } from 'lru-cache';
import type { ClientAddress } from '../../domain/client-address.js';
import type { Device } from '../../domain/device.js';
import { sourceText } from '../../domain/prefix.js';
import { addSeconds } from '../../domain/time.js';
import { hasNetworks } from '../../store/networks.js';
import { phoneAt } from '../audit/actors.js';
import { deviceEvent } from '../audit/device-event.js';
import { recordRepeatable } from '../audit/repeated-events.js';
import type { ServiceContext } from '../context.js';

/**
 * For so long the database is not asked again about a peer and a tenant; and the number of such
 * pairs that are remembered.
 */
const QUIET_SECONDS = 60;
const MAX_QUIET = 10_000;

/**
 * Reports ignored forwarding headers for tenants with trusted networks. Either their phones come
 * through a proxy that TRUSTED_PROXIES does not name, and the proxy's own address is judged; or a
 * client forges a trusted address. Reported once an hour for each peer and tenant, so that a
 * client cannot fill the log.
 */
export class IgnoredForwarding {
  /**
   * Until when the database is not asked again, by peer and tenant. Read by `peek`: evicts the
   * oldest.
   */
  readonly #quietUntil: LRUCache<string, Date>;

  constructor(
    private readonly context: ServiceContext,
    maxQuiet = MAX_QUIET,
  ) {
    this.#quietUntil = new LRUCache({ max: maxQuiet });
  }

  /** Reports a fetch of this device, if its header was ignored. Never rejects. */
  async report(
    device: Pick<Device, 'mac' | 'tenantId'>,
    { peer, ignoredHeader }: ClientAddress,
  ): Promise<void> {
    const { tenantId } = device;
    if (!ignoredHeader || peer === null || tenantId === null) return;
    const { clock, log, store } = this.context;
    const now = clock.now();
    if (!this.#isDue(`${sourceText(peer) ?? peer} ${tenantId}`, now)) return;
    try {
      if (!(await hasNetworks(store.db, tenantId, now))) return;
      const event = deviceEvent(device, 'forwarding.ignored', phoneAt(peer), now, { peer });
      const written = await store.transaction(async (transaction) =>
        recordRepeatable(transaction, [{ event, subject: tenantId, reason: '' }]),
      );
      if (written === 0) return;
      log.warn(
        { peer, tenantId },
        'a forwarding header was ignored: TRUSTED_PROXIES does not name this peer',
      );
    } catch (error) {
      log.error({ err: error, peer, tenantId }, 'an ignored forwarding header could not be recorded');
    }
  }

  #isDue(key: string, now: Date): boolean {
    const until = this.#quietUntil.peek(key);
    const latest = addSeconds(now, QUIET_SECONDS);
    // A time further ahead was noted before the clock was set back.
    if (until !== undefined && until > now && until <= latest) return false;
    this.#quietUntil.set(key, latest);
    return true;
  }
}
