import { type ClockChange, zoneRules } from '../time-zone.js';
import type { CommonView } from '../vendor.js';

/** Said in rules: the zone in quarters of an hour, summer time (2: by rule) by week and weekday. */
export function clockSettings({ timezone, at }: CommonView): [string, string][] {
  const rules = timezone === null ? null : zoneRules(timezone, at);
  if (rules === null) return [];
  const settings: [string, string][] = [
    ['TimeZone', String(Math.round(rules.offsetMinutes / 15))],
    ['TimeZoneName', zoneName(rules.offsetMinutes)],
    ['EnableDST', rules.summer === null ? '0' : '2'],
  ];
  if (rules.summer !== null) {
    settings.push(
      ['DSTFixedType', '2'],
      ['DSTMinOffset', String(rules.summer.savedMinutes)],
      ...changeSettings('DSTStart', rules.summer.start),
      ...changeSettings('DSTEnd', rules.summer.end),
    );
  }
  return settings.map(([name, value]) => [`phone/date/${name}`, value]);
}

/** `UTC+1`, `UTC-05`, `UTC+5:30`: the phone's own names, with two digits behind a minus only. */
function zoneName(offsetMinutes: number): string {
  if (offsetMinutes === 0) return 'UTC';
  const hours = String(Math.floor(Math.abs(offsetMinutes) / 60));
  const rest = Math.abs(offsetMinutes) % 60;
  const minutes = rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`;
  return offsetMinutes < 0 ? `UTC-${hours.padStart(2, '0')}${minutes}` : `UTC+${hours}${minutes}`;
}

/** The last week is -1, Sunday is 0. */
function changeSettings(name: string, change: ClockChange): [string, string][] {
  return [
    [`${name}Mon`, String(change.month)],
    [`${name}Week`, change.week === 5 ? '-1' : String(change.week)],
    [`${name}Wday`, String(change.weekday % 7)],
    [`${name}Hour`, String(change.hour)],
  ];
}
