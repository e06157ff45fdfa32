import type { NewEvent } from '../../domain/events.js';
import { sourceText } from '../../domain/prefix.js';
import { MAX_TOLD_SOURCES, REPEAT_SECONDS, tell } from '../../domain/repetition.js';
import { addSeconds } from '../../domain/time.js';
import { recordEvents } from '../../store/events.js';
import {
  deleteRepeatedEvents,
  insertRepeatedEvents,
  lockRepeatedEvents,
  type RepeatedEvent,
  type RepeatedKey,
  updateRepeatedEvents,
} from '../../store/repeated-events.js';
import type { Queryable } from '../../store/store.js';
import type { ServiceContext } from '../context.js';
import type { Lapse } from '../sweep.js';

/** A line of the audit log that anybody can cause any number of times. */
export interface RepeatableEvent {
  event: NewEvent;
  /** The id of what it is about: a device, a tenant. */
  subject: string;
  /** What tells it from others of its type, from the same address, about the same subject. */
  reason: string;
  /** How often it has come; 1 where it is not said. */
  times?: number;
  /** Whether something has happened in between, so that it is not the same again. */
  isNews?: boolean;
}

/** All that is remembered, and what other addresses than these few have to share. */
const ALL_OTHERS = '*';

export const keyText = ({ subject, type, reason, source }: RepeatedKey): string =>
  JSON.stringify([subject, type, reason, source]);

export const keyOf = ({ event, subject, reason }: RepeatableEvent): RepeatedKey => ({
  subject,
  type: event.type,
  reason,
  source: sourceText(event.address) ?? '',
});

/**
 * Writes those of these lines that say something new (`domain/repetition.ts`), each with the number
 * of its kind that were not written before it (`repeated`). What was written is in the database, so
 * that all instances together, and after a restart, write no more than one would. In a transaction;
 * it waits for others that write of the same subjects. Answers how many lines were written.
 */
export async function recordRepeatable(
  transaction: Queryable,
  repeatable: readonly RepeatableEvent[],
): Promise<number> {
  if (repeatable.length === 0) return 0;
  const subjects = [...new Set(repeatable.map(({ subject }) => subject))];
  const known = bySubject(subjects, await lockRepeatedEvents(transaction, subjects));
  const added = new Map<string, RepeatedEvent>();
  const changed = new Map<string, RepeatedEvent>();
  const lines: { key: string; event: NewEvent }[] = [];
  for (const noted of repeatable) {
    const { event, times = 1, isNews = false } = noted;
    const alike = known.get(noted.subject) ?? new Map<string, RepeatedEvent>();
    const key = placeFor(keyOf(noted), [...alike.values()], event.at);
    const name = keyText(key);
    const before = alike.get(name) ?? null;
    const last = lastServed(key, [...alike.values()]);
    const isChange = before !== null && last !== null && last.notedAt > before.notedAt;
    const { line, after } = tell(before, isNews || isChange, times, event.at);
    const noting = { ...key, ...after, notedAt: behind(last, event.at) };
    alike.set(name, noting);
    (before === null || added.has(name) ? added : changed).set(name, noting);
    if (line !== null) lines.push({ key: name, event: told(event, key, line.repeated) });
  }
  await updateRepeatedEvents(transaction, [...changed.values()]);
  const isNew = new Set((await insertRepeatedEvents(transaction, [...added.values()])).map(keyText));
  const written = lines.filter(({ key }) => changed.has(key) || isNew.has(key));
  await recordEvents(
    transaction,
    written.map(({ event }) => event),
  );
  return written.length;
}

function bySubject(
  subjects: readonly string[],
  events: readonly RepeatedEvent[],
): Map<string, Map<string, RepeatedEvent>> {
  const grouped = new Map(subjects.map((subject) => [subject, new Map<string, RepeatedEvent>()]));
  for (const event of events) grouped.get(event.subject)?.set(keyText(event), event);
  return grouped;
}

/** From so many addresses each has lines of its own; the others share one place. */
function placeFor(key: RepeatedKey, known: readonly RepeatedEvent[], now: Date): RepeatedKey {
  const since = addSeconds(now, -REPEAT_SECONDS);
  const alike = known.filter(
    (other) => other.type === key.type && other.reason === key.reason && other.notedAt > since,
  );
  const isKnown = alike.some(({ source }) => source === key.source);
  return isKnown || alike.length < MAX_TOLD_SOURCES ? key : { ...key, source: ALL_OTHERS };
}

/**
 * What else was served to the same address, the last first; nothing for lines of other kinds, which
 * do not take turns.
 */
function lastServed(key: RepeatedKey, known: readonly RepeatedEvent[]): RepeatedEvent | null {
  if (!isConfiguration(key)) return null;
  const others = known.filter(
    (other) => isConfiguration(other) && other.source === key.source && keyText(other) !== keyText(key),
  );
  return others.toSorted((a, b) => b.notedAt.getTime() - a.notedAt.getTime())[0] ?? null;
}

/**
 * The time at which a line is noted: behind all that came before it, also within one millisecond.
 */
function behind(last: RepeatedEvent | null, at: Date): Date {
  return last === null || last.notedAt < at ? at : new Date(last.notedAt.getTime() + 1);
}

function isConfiguration({ type }: Pick<RepeatedKey, 'type'>): boolean {
  return type === 'config.minimal' || type === 'config.full';
}

function told(event: NewEvent, { source }: RepeatedKey, repeated: number): NewEvent {
  const data = {
    ...event.data,
    ...(repeated > 0 && { repeated }),
    ...(source === ALL_OTHERS && { addresses: 'many' }),
  };
  return { ...event, data };
}

const FORGET_EVERY_SECONDS = 60;
const BATCH = 1000;

/** Forgets what would be written again anyway. Looked at once a minute. */
export function forgottenRepetitions({ store, clock }: Pick<ServiceContext, 'store' | 'clock'>): Lapse {
  let next = new Date(0);
  return {
    what: 'repeated events',
    look: async () => {
      const now = clock.now();
      if (now < next) return false;
      const isMore =
        (await deleteRepeatedEvents(store.db, addSeconds(now, -2 * REPEAT_SECONDS), BATCH)) === BATCH;
      if (!isMore) next = addSeconds(now, FORGET_EVERY_SECONDS);
      return isMore;
    },
  };
}
