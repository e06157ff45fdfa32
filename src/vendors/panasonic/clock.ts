import { type ClockChange, zoneRules } from '../time-zone.js';
import type { CommonView } from '../vendor.js';

/** Said in rules; minutes all of them. */
export function clockSettings({ timezone, at }: CommonView): [string, string][] {
  const rules = timezone === null ? null : zoneRules(timezone, at);
  if (rules === null) return [];
  const zone: [string, string] = ['TIME_ZONE', String(rules.offsetMinutes)];
  if (rules.summer === null) return [zone, ['DST_ENABLE', 'N']];
  return [
    zone,
    ['DST_ENABLE', 'Y'],
    ['DST_OFFSET', String(rules.summer.savedMinutes)],
    ...changeSettings('START', rules.summer.start),
    ...changeSettings('STOP', rules.summer.end),
  ];
}

/** The fifth of a weekday is taken as the last; 0 is Sunday. */
function changeSettings(name: string, change: ClockChange): [string, string][] {
  return [
    [`DST_${name}_MONTH`, String(change.month)],
    [`DST_${name}_ORDINAL_DAY`, String(change.week)],
    [`DST_${name}_DAY_OF_WEEK`, String(change.weekday % 7)],
    [`DST_${name}_TIME`, String(change.hour * 60 + change.minute)],
  ];
}
