/** A change of the clock as phones know it: a weekday of a month, at a wall-clock time in force until then. */
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

/** What a phone that knows no IANA names has to be told of a zone. */
export interface ZoneRules {
  /** Standard time minus UTC, in minutes. */
  offsetMinutes: number;
  /** null where the clock never changes, or changes by no rule that can be said in weeks and weekdays. */
  summer: { savedMinutes: number; start: ClockChange; end: ClockChange } | null;
}

/** Rules are read off these years, whatever the date: a phone's configuration must not change because time passes. */
const YEARS = Array.from({ length: 10 }, (_, index) => 2026 + index);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const known = new Map<string, ZoneRules>();

/** The rules of an IANA zone as this runtime's zone data has them; null for a name it does not know. */
export function zoneRules(zone: string): ZoneRules | null {
  const before = known.get(zone);
  if (before !== undefined) return before;
  const clock = openClock(zone);
  if (clock === null) return null;
  const rules = readRules(clock);
  known.set(zone, rules);
  return rules;
}

/** The offset from UTC in minutes at an instant. */
type ZoneClock = (instant: number) => number;

function openClock(zone: string): ZoneClock | null {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  } catch {
    return null; // RangeError: no such zone. There is no other way to ask.
  }
  return (instant) => {
    const name = format.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value ?? '';
    const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
    if (hours === undefined || minutes === undefined) return 0;
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  };
}

function readRules(clock: ZoneClock): ZoneRules {
  const changes = YEARS.map((year) => changesOf(clock, year));
  const offsetMinutes = Math.min(
    ...YEARS.flatMap((year) => [clock(Date.UTC(year, 0, 1)), clock(Date.UTC(year, 6, 1))]),
  );
  const starts = changes.flatMap((year) => year.filter((change) => change.savedMinutes > 0));
  const ends = changes.flatMap((year) => year.filter((change) => change.savedMinutes < 0));
  const start = commonRule(starts);
  const end = commonRule(ends);
  const savedMinutes = starts[0]?.savedMinutes;
  if (start === null || end === null || savedMinutes === undefined) return { offsetMinutes, summer: null };
  return { offsetMinutes, summer: { savedMinutes, start, end } };
}

interface ObservedChange {
  savedMinutes: number;
  /** The wall clock at which it happened, in the time that was in force until then; read with the UTC getters. */
  wall: Date;
}

function changesOf(clock: ZoneClock, year: number): ObservedChange[] {
  const changes: ObservedChange[] = [];
  for (let month = 0; month < 12; month++) {
    let from = Date.UTC(year, month, 1);
    let until = Date.UTC(year, month + 1, 1);
    const before = clock(from);
    const savedMinutes = clock(until) - before;
    if (savedMinutes === 0) continue;
    while (until - from > MINUTE) {
      const middle = from + Math.floor((until - from) / 2 / MINUTE) * MINUTE;
      if (clock(middle) === before) from = middle;
      else until = middle;
    }
    changes.push({ savedMinutes, wall: new Date(until + before * MINUTE) });
  }
  return changes;
}

/** The rule that most of the changes keep; null when it is not even most of them (Morocco's follow the moon). */
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

/** A day late in a month can be meant as the fourth or as the last of its weekday. */
function rulesOf(change: ObservedChange): ClockChange[] {
  const { wall } = change;
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
