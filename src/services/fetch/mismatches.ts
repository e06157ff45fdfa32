import type { Device } from '../../domain/device.js';
import { addSeconds } from '../../domain/time.js';
import { recordEvents } from '../../store/events.js';
import { phoneAt } from '../audit/actors.js';
import type { ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';

const AGAIN_SECONDS = 3600;
/** Contradictions that are remembered. Beyond so many within the hour nothing more is told: the log must not be anybody's to fill. */
const MAX_TOLD = 10_000;

/**
 * Tells of requests that name one MAC here and another one there (`device.mismatch`): of each contradiction once an hour, for a phone that is in
 * the wrong asks every minute.
 */
export class Mismatches {
  /** Until when nothing more is told of a contradiction; the oldest first. */
  readonly #quietUntil = new Map<string, Date>();

  constructor(private readonly context: Pick<ServiceContext, 'clock' | 'log' | 'store'>) {}

  /** A request for this device's configuration named other MACs, by where they stood. Never rejects. */
  async report(
    device: Pick<Device, 'mac' | 'tenantId' | 'kind'>,
    others: Readonly<Record<string, string>>,
    address: string | null,
  ): Promise<void> {
    // Whoever asks for a decoy is nobody's phone anyway.
    if (device.kind === 'decoy') return;
    const { clock, log, store } = this.context;
    const now = clock.now();
    const named = Object.entries(others);
    if (!this.#isDue(JSON.stringify([device.mac, named]), now)) return;
    try {
      await recordEvents(store.db, [
        deviceEvent(device, 'device.mismatch', phoneAt(address), now, Object.fromEntries(named)),
      ]);
    } catch (error) {
      log.error({ err: error, mac: device.mac }, 'a request that contradicts itself could not be recorded');
    }
  }

  #isDue(key: string, now: Date): boolean {
    for (const [told, until] of this.#quietUntil) {
      if (until > now) break;
      this.#quietUntil.delete(told);
    }
    if (this.#quietUntil.has(key) || this.#quietUntil.size >= MAX_TOLD) return false;
    this.#quietUntil.set(key, addSeconds(now, AGAIN_SECONDS));
    return true;
  }
}
