import { addSeconds } from '../domain/time.js';
import type { Heartbeat } from '../contract/messages.js';
import { saveSipApplication, sipApplicationsSince } from '../store/sip-applications.js';
import type { ServiceContext } from './context.js';

/**
 * A SIP application says every few seconds how it is; one that has not for so long is not there.
 */
export const FRESH_SECONDS = 10;
const FORGOTTEN_SECONDS = 3600;

export async function recordHeartbeat(context: ServiceContext, heartbeat: Heartbeat): Promise<void> {
  const now = context.clock.now();
  await saveSipApplication(
    context.store.db,
    { ...heartbeat, seenAt: now },
    addSeconds(now, -FORGOTTEN_SECONDS),
  );
}

/**
 * Whether phones can register (`sipServer`) and be heard (`mediaServer`): there is a SIP
 * application that has both, or either.
 */
export interface SipReadiness {
  ready: boolean;
  sipServer: boolean;
  mediaServer: boolean;
}

export async function readSipReadiness(
  context: Pick<ServiceContext, 'store' | 'clock'>,
): Promise<SipReadiness> {
  const since = addSeconds(context.clock.now(), -FRESH_SECONDS);
  const applications = await sipApplicationsSince(context.store.db, since);
  return {
    ready: applications.some((one) => one.sipServer && one.mediaServer),
    sipServer: applications.some((one) => one.sipServer),
    mediaServer: applications.some((one) => one.mediaServer),
  };
}
