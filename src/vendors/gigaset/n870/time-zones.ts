import { zoneRules } from '../../time-zone.js';

/** Zones out of the base's list by their offset from UTC in minutes; those of Europe that it has besides keep the clock of one of these. */
const BY_OFFSET = new Map<number, readonly string[]>([
  [-600, ['Pacific/Honolulu']],
  [-540, ['America/Anchorage']],
  [-480, ['America/Los_Angeles']],
  [-420, ['America/Denver']],
  [-360, ['America/Chicago']],
  [-300, ['America/New_York']],
  [-240, ['America/Caracas']],
  [-180, ['America/Sao_Paulo']],
  [0, ['Europe/London', 'Greenwich']],
  [60, ['Europe/Berlin']],
  [120, ['Europe/Helsinki', 'Europe/Kaliningrad', 'Africa/Cairo']],
  [180, ['Europe/Moscow']],
  [240, ['Asia/Dubai']],
  [300, ['Asia/Karachi']],
  [360, ['Asia/Dhaka']],
  [480, ['Asia/Hong_Kong']],
  [540, ['Asia/Tokyo']],
  [570, ['Australia/Adelaide', 'Australia/Darwin']],
  [600, ['Australia/Sydney', 'Australia/Brisbane']],
  [660, ['Pacific/Noumea']],
]);

/** A zone of the base's list with the same clock all year; null where there is none, and the base keeps its own. */
export function listedZone(timezone: string | null): string | null {
  const rules = timezone === null ? null : zoneRules(timezone);
  if (rules === null) return null;
  const clock = JSON.stringify(rules);
  const zones = BY_OFFSET.get(rules.offsetMinutes) ?? [];
  return zones.find((zone) => JSON.stringify(zoneRules(zone)) === clock) ?? null;
}
