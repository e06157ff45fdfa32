import { type ClockChange, zoneRules } from '../time-zone.js';
import type { CommonView } from '../vendor.js';

/**
 * The phone's zone said in rules, in the form of the TZ variable (POSIX.1, 8.3): `customize` makes
 * P246 count, which can say every zone.
 */
export function clockSettings({ timezone, at }: CommonView): [string, string][] {
  const rules = timezone === null ? null : zoneRules(timezone, at);
  if (rules === null) return [];
  const { offsetMinutes, summer } = rules;
  const standard = `MTZ${westward(offsetMinutes)}`;
  const zone =
    summer === null
      ? standard
      : `${standard}MDT${westward(offsetMinutes + summer.savedMinutes)},${changeText(summer.start)},${changeText(summer.end)}`;
  return [
    ['P64', 'customize'],
    ['P246', zone],
  ];
}

/** What is to be added to get UTC: Berlin is `-1`. */
function westward(offsetMinutes: number): string {
  const hours = Math.floor(Math.abs(offsetMinutes) / 60);
  const rest = Math.abs(offsetMinutes) % 60;
  const sign = offsetMinutes > 0 ? '-' : '+';
  return `${sign}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}

/** Month, week, weekday (0 is Sunday) and time: `M3.5.0/02:00:00`. */
function changeText(change: ClockChange): string {
  const [hour, minute] = [change.hour, change.minute].map((number) => String(number).padStart(2, '0'));
  return `M${change.month}.${change.week}.${change.weekday % 7}/${hour}:${minute}:00`;
}
