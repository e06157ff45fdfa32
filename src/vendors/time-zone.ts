import type { CommonView } from './vendor.js';
import { type ObservedChange, openClock, type ZoneClock } from './zone-clock.js';

/**
 * A change of the clock as phones know it: a weekday of a month, at a wall-clock time in force
 * until then.
 */
export interface ClockChange {
  /** 1 is January. */
  month: number;
  /** 1 to 4 counts from the beginning of the month, 5 is the last. */
  week: number;
  /** 1 is Monday, 7 is Sunday. */
  weekday: number;
  hour: number;
  minute: number;
}

/** A zone in the terms of phones that know no IANA names. */
export interface ZoneRules {
  /** Standard time minus UTC, in minutes. */
  offsetMinutes: number;
  /** null where the clock does not change, or by no rule of weeks and weekdays. */
  summer: { savedMinutes: number; start: ClockChange; end: ClockChange } | null;
  /** The present time minus UTC, for a phone whose format cannot express this summer time. */
  presentMinutes: number;
}

/**
 * Lasting rules are read off these years, whatever the date: a phone's configuration must not
 * change because time passes.
 */
const YEARS = Array.from({ length: 10 }, (_, index) => 2026 + index);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/**
 * For how long the rules in a configuration have to be right: longer than a phone is switched off
 * over the holidays, and long enough for each rule to apply once.
 */
const HORIZON = 400 * DAY;

interface Known {
  rules: ZoneRules;
  from: number;
  until: number;
}

const known = new Map<string, Known>();
const lasting = new Map<string, Rules>();

type Rules = Omit<ZoneRules, 'presentMinutes'>;

/**
 * The rules of an IANA zone at an instant, as this runtime's zone data has them; null for a name
 * that it does not know. Nearly always they are those of all years. A clock that follows the moon
 * (Morocco's, Palestine's), or a date that is the last Friday in one year and not in the next, has
 * the rules of its next two changes; where these have no such rules, it has its present offset.
 * Phones fetch every few hours, and get the next rules in time.
 */
export function zoneRules(zone: string, at: Date): ZoneRules | null {
  const now = at.getTime();
  const before = known.get(zone);
  if (before !== undefined && before.from <= now && now < before.until) return before.rules;
  const clock = openClock(zone);
  if (clock === null) return null;
  const coming = clock.changes(now, now + HORIZON);
  const presentMinutes = clock.offset(now);
  const rules = { ...rulesFor(zone, clock, now, coming), presentMinutes };
  const until = Math.min(coming[0]?.instant ?? Infinity, (Math.floor(now / DAY) + 1) * DAY);
  known.set(zone, { rules, from: now, until });
  return rules;
}

function rulesFor(zone: string, clock: ZoneClock, now: number, coming: readonly ObservedChange[]): Rules {
  const ofAllYears = lasting.get(zone) ?? readLasting(clock);
  lasting.set(zone, ofAllYears);
  const present: Rules = { offsetMinutes: clock.offset(now), summer: null };
  if (isRight(ofAllYears, present.offsetMinutes, now, coming, now + HORIZON)) return ofAllYears;
  const [first, second] = coming;
  const ofNext = first === undefined || second === undefined ? null : rulesOfPair(first, second);
  const isSaid =
    ofNext !== null &&
    isRight(ofNext, present.offsetMinutes, now, coming.slice(0, 2), (second?.instant ?? now) + 1);
  return isSaid ? ofNext : present;
}

/**
 * Whether a phone with these rules has the right time now, and changes its clock exactly as it
 * should until then.
 */
function isRight(
  rules: Rules,
  presentMinutes: number,
  now: number,
  coming: readonly ObservedChange[],
  until: number,
): boolean {
  if (offsetBy(rules, now) !== presentMinutes) return false;
  const said = changesBy(rules, now, until).map(({ instant }) => instant);
  return said.length === coming.length && coming.every(({ instant }, at) => said[at] === instant);
}

/** The offset from UTC on a phone with these rules, in minutes. */
export function offsetBy(rules: Rules, instant: number): number {
  const [last] = changesBy(rules, instant - 2 * 366 * DAY, instant + 1).slice(-1);
  return rules.offsetMinutes + (last?.isStart === true ? (rules.summer?.savedMinutes ?? 0) : 0);
}

function changesBy({ offsetMinutes, summer }: Rules, from: number, until: number) {
  if (summer === null) return [];
  const first = new Date(from).getUTCFullYear() - 1;
  const last = new Date(until).getUTCFullYear() + 1;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
    .flatMap((year) => [
      { isStart: true, instant: wallClock(summer.start, year) - offsetMinutes * MINUTE },
      {
        isStart: false,
        instant: wallClock(summer.end, year) - (offsetMinutes + summer.savedMinutes) * MINUTE,
      },
    ])
    .filter(({ instant }) => instant >= from && instant < until)
    .toSorted((a, b) => a.instant - b.instant);
}

/** The time on the wall clock at a change, read as UTC. */
function wallClock({ month, week, weekday, hour, minute }: ClockChange, year: number): number {
  const firstWeekday = new Date(Date.UTC(year, month - 1, 1)).getUTCDay();
  const first = 1 + ((weekday - firstWeekday + 7) % 7);
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const nth = first + (week - 1) * 7;
  return Date.UTC(year, month - 1, nth > days ? nth - 7 : nth, hour, minute);
}

function readLasting(clock: ZoneClock): Rules {
  const changes = YEARS.map((year) => clock.changes(Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)));
  const offsetMinutes = Math.min(
    ...YEARS.flatMap((year) => [clock.offset(Date.UTC(year, 0, 1)), clock.offset(Date.UTC(year, 6, 1))]),
  );
  const starts = changes.flatMap((year) => year.filter((change) => change.savedMinutes > 0));
  const ends = changes.flatMap((year) => year.filter((change) => change.savedMinutes < 0));
  const start = commonRule(starts);
  const end = commonRule(ends);
  const savedMinutes = starts[0]?.savedMinutes;
  if (start === null || end === null || savedMinutes === undefined) return { offsetMinutes, summer: null };
  return { offsetMinutes, summer: { savedMinutes, start, end } };
}

/** The rule of more than half of the changes; null where there is none. */
function commonRule(changes: readonly ObservedChange[]): ClockChange | null {
  const votes = new Map<string, { rule: ClockChange; count: number }>();
  for (const rule of changes.flatMap(rulesOf)) {
    const key = JSON.stringify(rule);
    const vote = votes.get(key) ?? { rule, count: 0 };
    votes.set(key, { rule, count: vote.count + 1 });
  }
  const best = [...votes.values()].toSorted((a, b) => b.count - a.count)[0];
  return best !== undefined && best.count > YEARS.length / 2 ? best.rule : null;
}

/** The rules of two consecutive changes; null where the second does not undo the first. */
function rulesOfPair(first: ObservedChange, second: ObservedChange): Rules | null {
  if (first.savedMinutes + second.savedMinutes !== 0) return null;
  const [start, end] = first.savedMinutes > 0 ? [first, second] : [second, first];
  const [startRule] = rulesOf(start);
  const [endRule] = rulesOf(end);
  if (startRule === undefined || endRule === undefined) return null;
  const { savedMinutes, beforeMinutes: offsetMinutes } = start;
  return { offsetMinutes, summer: { savedMinutes, start: startRule, end: endRule } };
}

/** A day late in a month can be the fourth and the last of its weekday. */
function rulesOf(change: ObservedChange): ClockChange[] {
  const wall = new Date(change.instant + change.beforeMinutes * MINUTE);
  const rule = {
    month: wall.getUTCMonth() + 1,
    weekday: wall.getUTCDay() === 0 ? 7 : wall.getUTCDay(),
    hour: wall.getUTCHours(),
    minute: wall.getUTCMinutes(),
  };
  const week = Math.ceil(wall.getUTCDate() / 7);
  const isLast = new Date(wall.getTime() + 7 * DAY).getUTCMonth() !== wall.getUTCMonth();
  return [...(week < 5 ? [{ ...rule, week }] : []), ...(isLast ? [{ ...rule, week: 5 }] : [])];
}

type Clock = Pick<CommonView, 'timezone' | 'at'>;
export type SummerTime = NonNullable<ZoneRules['summer']>;

/** The rules of the zone of a view; null where it has none, or one that is not known. */
export function clockOf({ timezone, at }: Clock): ZoneRules | null {
  return timezone === null ? null : zoneRules(timezone, at);
}

/** The value of a row that is made of the rules of the zone. */
export function ofZone(value: (rules: ZoneRules) => string): (view: Clock) => string | null {
  return (view) => {
    const rules = clockOf(view);
    return rules === null ? null : value(rules);
  };
}

/** The value of a row that is only set for a zone with summer time. */
export function ofSummer(value: (summer: SummerTime) => string): (view: Clock) => string | null {
  return (view) => {
    const summer = clockOf(view)?.summer ?? null;
    return summer === null ? null : value(summer);
  };
}

/**
 * Hours and minutes of an offset from UTC, without its sign: `5:30`, `5:00`.
 *
 * @param format.sparesMinutes `5` instead of `5:00`
 */
export function offsetText(offsetMinutes: number, { hourDigits = 1, sparesMinutes = false } = {}): string {
  const minutes = Math.abs(offsetMinutes) % 60;
  const hours = String(Math.floor(Math.abs(offsetMinutes) / 60)).padStart(hourDigits, '0');
  return sparesMinutes && minutes === 0 ? hours : `${hours}:${twoDigits(minutes)}`;
}

export function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
