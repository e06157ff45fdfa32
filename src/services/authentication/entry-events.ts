import type { Device } from '../../domain/device.js';
import { entryKindOf, type Refusal, type Verdict } from '../../domain/entry.js';
import type { EventType, NewEvent } from '../../domain/events.js';
import type { Policy } from '../../domain/policy.js';
import type { Actor } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';

/** An entry as the audit log tells of it: never what was keyed. */
export interface ToldEntry {
  /** As it is after the entry. */
  device: Device;
  policy: Policy;
  caller: Actor;
  /** What is added to the line of a wrong entry. */
  about?: Record<string, unknown>;
}

type WrongOrAccepted = Exclude<Verdict, { kind: 'refused' }>;

/**
 * The audit log's lines for an entry that was looked at; none for a decoy, of which nothing is
 * kept.
 */
export function verdictEvents(entry: ToldEntry, verdict: WrongOrAccepted, now: Date): NewEvent[] {
  return entry.device.kind === 'decoy' ? [] : linesOf(entry, verdict, now);
}

export function refusalEvents({ device, caller }: ToldEntry, { because }: Refusal, now: Date): NewEvent[] {
  if (device.kind === 'decoy') return [];
  const type = entryKindOf(device) === 'code' ? 'code.refused' : 'pap.refused';
  return [deviceEvent(device, type, caller, now, { because })];
}

function linesOf(
  { device, policy, caller, about = {} }: ToldEntry,
  verdict: WrongOrAccepted,
  now: Date,
): NewEvent[] {
  const event = (type: EventType, data: Record<string, unknown> = {}): NewEvent =>
    deviceEvent(device, type, caller, now, data);
  const wrong = (data: Record<string, unknown>): NewEvent =>
    event(entryKindOf(device) === 'code' ? 'code.wrong' : 'pap.wrong', { ...data, ...about });
  const { lockouts } = device.authentication;
  switch (verdict.kind) {
    case 'accepted':
      return [event('pap.accepted'), event('device.authenticated', { by: 'pap' })];
    case 'wrong':
      return [wrong({ attemptsLeft: verdict.attemptsLeft })];
    case 'wrong-source-failed':
      return [wrong({ attemptsLeft: 0, sourceFailedUntil: verdict.failedUntil.toISOString() })];
    case 'wrong-later-blocked':
      return [wrong({ attemptsLeft: 0, laterPhonesBlocked: true })];
    case 'wrong-failed': {
      const failedUntil = verdict.failedUntil.toISOString();
      const { maxLockouts } = policy;
      return [wrong({ attemptsLeft: 0 }), event('device.failed', { failedUntil, lockouts, maxLockouts })];
    }
    case 'wrong-blocked':
      return [wrong({ attemptsLeft: 0 }), event('device.blocked', { lockouts })];
  }
}
