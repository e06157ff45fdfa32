import { type EmergencyPlan, emergencyPlan, emergencyTargets } from '../../domain/emergency.js';
import { sourceText } from '../../domain/prefix.js';
import { isLive } from '../../domain/token.js';
import type { RouteAnswer, RouteQuery } from '../../contract/messages.js';
import { registrationsOf } from '../../store/registrations.js';
import { type Subscriber, findSubscriber } from '../../store/subscribers.js';
import { accountOf } from '../account.js';
import type { ServiceContext } from '../context.js';

/**
 * Where a call goes. Asked before anything is proved: whose call it claims to be is enough to
 * choose an emergency route, even by a token that was revoked or has lapsed, and without a name it
 * is the installation's. It is shown as the site's only when it comes from where that phone is: a
 * name is all that a stranger needs to know.
 */
export async function routeCall(context: ServiceContext, query: RouteQuery): Promise<RouteAnswer> {
  const subscriber = await claimedSubscriber(context, query.user);
  const plan = emergencyPlanOf(context, subscriber);
  const targets = emergencyTargets(plan, query.dialled);
  if (targets !== null) {
    const isKnown = subscriber !== null && (await isWhereItWas(context, subscriber, query.source.address));
    const callerIdentity = isKnown ? plan.callerIdentity : null;
    return { kind: 'emergency', targets, callerIdentity, mac: subscriber?.mac ?? null, isKnown };
  }
  const isSomebody = subscriber !== null && isLive(subscriber.token, context.clock.now());
  return {
    kind: 'authentication',
    account: isSomebody ? accountOf(context, subscriber.token.id, subscriber.deviceId) : null,
  };
}

/** Whether a phone registered, or fetched its configuration, from this address (IPv6: its /64). */
async function isWhereItWas(
  { store, clock }: ServiceContext,
  { token }: Subscriber,
  address: string,
): Promise<boolean> {
  const source = sourceText(address);
  if (source === null) return false;
  if (sourceText(token.lastFetchAddress) === source) return true;
  const registrations = await registrationsOf(store.db, token.id, clock.now());
  return registrations.some(({ sourceAddress }) => sourceText(sourceAddress) === source);
}

/** The subscriber that a call claims to be from, proved or not; null for an unknown name. */
export async function claimedSubscriber(
  context: ServiceContext,
  user: string | null,
): Promise<Subscriber | null> {
  return user === null ? null : findSubscriber(context.store.db, user);
}

/** The settings of the site, else the tenant, else the installation. */
export function emergencyPlanOf(
  { installation }: ServiceContext,
  subscriber: Subscriber | null,
): EmergencyPlan {
  return emergencyPlan(subscriber?.site ?? null, subscriber?.tenant ?? null, installation.emergency);
}
