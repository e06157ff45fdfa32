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
 * How long this instance asks nothing of the database for a peer and a tenant, and of how many;
 * beyond these the oldest are asked about again.
 */
const QUIET_SECONDS = 60;
const MAX_QUIET = 10_000;

/**
 * Tells of forwarding headers that were not believed, where that matters: a tenant with trusted
 * networks whose phones come through a proxy that TRUSTED_PROXIES does not name is given trust by
 * the proxy's address, or somebody tries to borrow an address that is trusted. Once an hour for
 * each peer and tenant, of so many peers; the log must not be anybody's to fill.
 */
export class IgnoredForwarding {
  /** Until when nothing more is asked of a peer and a tenant; the oldest first. */
  readonly #quietUntil = new Map<string, Date>();

  constructor(
    private readonly context: ServiceContext,
    private readonly maxQuiet = MAX_QUIET,
  ) {}

  /** A fetch for this device came so. Never rejects. */
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
    const until = this.#quietUntil.get(key);
    const latest = addSeconds(now, QUIET_SECONDS);
    // One that is too late is of a clock that was set back.
    if (until !== undefined && until > now && until <= latest) return false;
    this.#quietUntil.delete(key);
    this.#quietUntil.set(key, latest);
    const [oldest] = this.#quietUntil.keys();
    if (oldest !== undefined && this.#quietUntil.size > this.maxQuiet) this.#quietUntil.delete(oldest);
    return true;
  }
}
