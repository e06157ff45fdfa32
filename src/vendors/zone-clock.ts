/** One change of a zone's clock. */
export interface ObservedChange {
  instant: number;
  /** The offset from UTC until then, in minutes. */
  beforeMinutes: number;
  savedMinutes: number;
}

/** The clock of an IANA zone. */
export interface ZoneClock {
  /** Its offset from UTC at an instant, in minutes. */
  offset(instant: number): number;
  /** The changes from one instant until another. */
  changes(from: number, until: number): ObservedChange[];
}

const MINUTE = 60_000;
/**
 * No zone changes its clock twice within it: the shortest time between two changes is a Ramadan.
 */
const STEP = 14 * 24 * 60 * MINUTE;

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The clock of a zone as this runtime's zone data has it; null for a name that it does not know.
 */
export function openClock(zone: string): ZoneClock | null {
  const format = formats.get(zone) ?? openFormat(zone);
  if (format === null) return null;
  formats.set(zone, format);
  const offset = (instant: number): number => offsetOf(format, instant);
  return { offset, changes: (from, until) => findChanges(offset, from, until) };
}

function openFormat(zone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  } catch {
    return null; // RangeError: no such zone. There is no other way to ask.
  }
}

function offsetOf(format: Intl.DateTimeFormat, instant: number): number {
  const name = format.formatToParts(instant).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  if (hours === undefined || minutes === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function findChanges(offset: ZoneClock['offset'], from: number, until: number): ObservedChange[] {
  const changes: ObservedChange[] = [];
  for (let low = from; low < until; low += STEP) {
    const change = findChange(offset, low, Math.min(low + STEP, until));
    if (change !== null) changes.push(change);
  }
  return changes;
}

function findChange(offset: ZoneClock['offset'], from: number, until: number): ObservedChange | null {
  const beforeMinutes = offset(from);
  const savedMinutes = offset(until) - beforeMinutes;
  if (savedMinutes === 0) return null;
  // Changes are at whole minutes, the two instants need not be.
  let [low, high] = [Math.floor(from / MINUTE), Math.ceil(until / MINUTE)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offset(middle * MINUTE) === beforeMinutes) low = middle;
    else high = middle;
  }
  return { instant: high * MINUTE, beforeMinutes, savedMinutes };
}
