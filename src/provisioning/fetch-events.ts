import type { AccessDecision } from '../domain/access.js';
import { phoneAt } from '../services/audit/actors.js';
import { deviceEvent } from '../services/audit/device-event.js';
import type { RepeatableEvent } from '../services/audit/repeated-events.js';
import type { FetchFacts } from '../store/fetch-lookup.js';
import type { OtherMacs } from './other-macs.js';

interface Fetch {
  facts: FetchFacts;
  address: string | null;
  /** The MACs beside the device's that the request named. */
  others: OtherMacs | null;
}

/**
 * What the audit log is to say of a fetch: what was served and why, unless the phone has it already
 * (304), and that the request contradicts itself.
 */
export function fetchEvents(
  fetch: Fetch,
  served: AccessDecision,
  isSent: boolean,
  now: Date,
): RepeatableEvent[] {
  return [
    ...(fetch.others === null ? [] : [mismatchEvent(fetch, fetch.others, now)]),
    ...(isSent ? [configEvent(fetch, served, now)] : []),
  ];
}

/** Under a policy that only observes, what would have been served is said as well. */
function configEvent({ facts, address }: Fetch, served: AccessDecision, now: Date): RepeatableEvent {
  const { reason } = served;
  const by = phoneAt(address);
  const subject = facts.deviceId;
  if (served.kind === 'minimal')
    return { subject, reason, event: deviceEvent(facts, 'config.minimal', by, now, { reason }) };
  const would = served.would === null ? {} : { would: 'minimal', because: served.would.reason };
  const event = deviceEvent(facts, 'config.full', by, now, { reason, ...would });
  return { subject, reason: served.would === null ? reason : `${reason}/${served.would.reason}`, event };
}

/**
 * Told apart by where the other MACs stood, not by what they are: who asks may name any number of
 * them.
 */
function mismatchEvent({ facts, address }: Fetch, others: OtherMacs, now: Date): RepeatableEvent {
  const event = deviceEvent(facts, 'device.mismatch', phoneAt(address), now, { ...others });
  return { subject: facts.deviceId, reason: Object.keys(others).toSorted().join(' '), event };
}
