import { effectiveEmergency, emergencyTarget, isEmergencyNumber } from '../domain/emergency.js';
import { isLive } from '../domain/token.js';
import type { EmergencyReport, RouteAnswer, RouteQuery } from '../internal/contract.js';
import { recordEvents } from '../store/events.js';
import { type Subscriber, findSubscriber } from '../store/subscribers.js';
import { accountOf } from './account.js';
import type { ServiceContext } from './context.js';

/**
 * Where a call goes. Asked before anything is proved: whose call it claims to be is enough to choose an emergency route, even by a token that
 * was revoked or has lapsed, and without a name it is the installation's.
 */
export async function routeCall(context: ServiceContext, query: RouteQuery): Promise<RouteAnswer> {
  const subscriber = await claimedSubscriber(context, query.user);
  const { route, numbers } = emergencyOf(context, subscriber);
  if (isEmergencyNumber(query.dialled, numbers)) {
    return {
      kind: 'emergency',
      targets: route.map((target) => emergencyTarget(target, query.dialled)),
      callerIdentity: subscriber?.site?.name ?? subscriber?.tenant?.name ?? null,
      mac: subscriber?.mac ?? null,
    };
  }
  const isSomebody = subscriber !== null && isLive(subscriber.token, context.clock.now());
  return {
    kind: 'authentication',
    account: isSomebody ? accountOf(context, subscriber.token.id, subscriber.deviceId) : null,
  };
}

/** Writes what became of an emergency call. A number is written only if it is one for emergencies; anything else might be a PAP. */
export async function reportEmergencyCall(context: ServiceContext, report: EmergencyReport): Promise<void> {
  const subscriber = await claimedSubscriber(context, report.user);
  const isEmergency = isEmergencyNumber(report.dialled, emergencyOf(context, subscriber).numbers);
  await recordEvents(context.store.db, [
    {
      at: context.clock.now(),
      type: 'call.emergency',
      tenantId: subscriber?.tenant?.id ?? null,
      // A decoy is no device of anybody's; that somebody called for help is written all the same.
      mac: subscriber === null || subscriber.kind === 'decoy' ? null : subscriber.mac,
      actor: 'phone',
      address: report.source.address,
      data: {
        dialled: isEmergency ? report.dialled : null,
        target: isEmergency ? report.target : null,
        outcome: report.outcome,
        status: report.status,
      },
    },
  ]);
}

async function claimedSubscriber(context: ServiceContext, user: string | null): Promise<Subscriber | null> {
  return user === null ? null : findSubscriber(context.store.db, user);
}

/** The settings of the site, else the tenant, else the installation. */
function emergencyOf(
  { installation }: ServiceContext,
  subscriber: Subscriber | null,
): ReturnType<typeof effectiveEmergency> {
  const own = [subscriber?.site, subscriber?.tenant].filter(
    (settings) => settings !== null && settings !== undefined,
  );
  return effectiveEmergency(...own, installation.emergency);
}
