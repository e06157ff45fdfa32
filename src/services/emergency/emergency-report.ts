import { emergencyNumber } from '../../domain/emergency.js';
import type { EventType, NewEvent } from '../../domain/events.js';
import type { EmergencyCall, EmergencyEnd, EmergencyReport } from '../../contract/messages.js';
import { recordCallEventOnce } from '../../store/call-events.js';
import { recordEvents } from '../../store/events.js';
import type { ServiceContext } from '../context.js';
import { claimedSubscriber, emergencyPlanOf } from './emergency-route.js';

/**
 * Writes what became of an emergency call: which target took it, or that none did, and which had
 * not before.
 */
export async function reportEmergencyCall(context: ServiceContext, report: EmergencyReport): Promise<void> {
  const { target, outcome, status, tried = [], seconds, count } = report;
  await write(context, report, 'call.emergency', {
    target,
    outcome,
    status,
    ...(tried.length > 0 && { tried }),
    ...(seconds !== undefined && { seconds }),
    ...(count !== undefined && { count }),
  });
}

/** Writes that an emergency call which had been connected is over. */
export async function reportEmergencyEnd(context: ServiceContext, end: EmergencyEnd): Promise<void> {
  const { target, endedBy, seconds } = end;
  await write(context, end, 'call.emergency_ended', { target, endedBy, seconds });
}

/**
 * A line about an emergency call, dated when it happened: it may come late, from a time at which
 * nothing could be written. What was dialled, and targets, which have it in their user part, are
 * written only if it is a number for emergencies; anything else might be a PAP.
 */
async function write(
  context: ServiceContext,
  call: EmergencyCall,
  type: EventType,
  data: Record<string, unknown> & { target: string | null },
): Promise<void> {
  const subscriber = await claimedSubscriber(context, call.user);
  const isEmergency = emergencyNumber(call.dialled, emergencyPlanOf(context, subscriber).numbers) !== null;
  const { id } = call;
  const said = isEmergency
    ? { dialled: call.dialled, ...data }
    : { ...data, dialled: null, target: null, tried: undefined };
  const event: NewEvent = {
    at: happenedAt(call, context.clock.now()),
    type,
    tenantId: subscriber?.tenant?.id ?? null,
    // A decoy belongs to no tenant; the emergency call is written all the same.
    mac: subscriber === null || subscriber.kind === 'decoy' ? null : subscriber.mac,
    actor: 'phone',
    address: call.source.address,
    data: id === undefined ? said : { call: id, ...said },
  };
  if (id === undefined) return recordEvents(context.store.db, [event]);
  await context.store.transaction((transaction) => recordCallEventOnce(transaction, event, id));
}

/** The clocks of two machines differ; nothing has happened in the future. */
function happenedAt({ at }: EmergencyCall, now: Date): Date {
  const said = at === undefined ? now : new Date(at);
  return said < now ? said : now;
}
