import type { ClientAddress } from '../../domain/client-address.js';
import type { Device } from '../../domain/device.js';
import { addSeconds } from '../../domain/time.js';
import { recordEvents } from '../../store/events.js';
import { hasNetworks } from '../../store/networks.js';
import { phoneAt } from '../audit/actors.js';
import type { ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';

const AGAIN_SECONDS = 3600;
/** Peers and tenants that are remembered. Beyond so many within the hour nothing more is told: the log must not be anybody's to fill. */
const MAX_TOLD = 10_000;

/**
 * Tells of forwarding headers that were not believed, where that matters: a tenant with trusted networks whose phones come through a proxy that
 * TRUSTED_PROXIES does not name is given trust by the proxy's address, or somebody tries to borrow an address that is trusted. Once an hour for
 * each peer and tenant.
 */
export class IgnoredForwarding {
  /** Until when nothing more is told of a peer and a tenant; the oldest first. */
  readonly #quietUntil = new Map<string, Date>();

  constructor(
    private readonly context: ServiceContext,
    private readonly maxTold = MAX_TOLD,
  ) {}

  /** A fetch for this device came so. Nothing is asked of the database unless there is something to tell. Never rejects. */
  async report(
    device: Pick<Device, 'mac' | 'tenantId'>,
    { peer, ignoredHeader }: ClientAddress,
  ): Promise<void> {
    const { tenantId } = device;
    if (!ignoredHeader || peer === null || tenantId === null) return;
    const { clock, log, store } = this.context;
    const now = clock.now();
    if (!this.#isDue(`${peer} ${tenantId}`, now)) return;
    try {
      if (!(await hasNetworks(store.db, tenantId, now))) return;
      log.warn(
        { peer, tenantId },
        'a forwarding header was ignored: TRUSTED_PROXIES does not name this peer',
      );
      await recordEvents(store.db, [deviceEvent(device, 'forwarding.ignored', phoneAt(peer), now, { peer })]);
    } catch (error) {
      log.error({ err: error, peer, tenantId }, 'an ignored forwarding header could not be recorded');
    }
  }

  #isDue(key: string, now: Date): boolean {
    for (const [told, until] of this.#quietUntil) {
      if (until > now) break;
      this.#quietUntil.delete(told);
    }
    if (this.#quietUntil.has(key) || this.#quietUntil.size >= this.maxTold) return false;
    this.#quietUntil.set(key, addSeconds(now, AGAIN_SECONDS));
    return true;
  }
}
