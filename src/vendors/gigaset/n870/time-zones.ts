import { clockOf, offsetBy, type ZoneRules, zoneRules } from '../../time-zone.js';
import type { CommonView } from '../../vendor.js';

/**
 * Zones of the base's list by their offset from UTC in minutes. The list has more zones in Europe,
 * with the same clocks.
 */
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

export const LISTED_ZONES: readonly string[] = [...BY_OFFSET.values()].flat();

/**
 * A cache of substitutes, for a quarter of an hour: finding one takes milliseconds.
 */
const substitutes = new WeakMap<ZoneRules, { period: number; zone: string | null }>();

/**
 * A zone of the base's list with the same clock all year, else the one with the same clock for the
 * longest time; null where there is none, and the base keeps its zone.
 */
export function listedZone(view: Pick<CommonView, 'timezone' | 'at'>): string | null {
  const { at } = view;
  const rules = clockOf(view);
  if (rules === null) return null;
  const clock = JSON.stringify(rules);
  const same = (BY_OFFSET.get(rules.offsetMinutes) ?? []).find(
    (zone) => JSON.stringify(zoneRules(zone, at)) === clock,
  );
  return same ?? substituteOf(rules, at);
}

function substituteOf(rules: ZoneRules, at: Date): string | null {
  const period = Math.floor(at.getTime() / PERIOD);
  const known = substitutes.get(rules);
  if (known?.period === period) return known.zone;
  const [longest] = LISTED_ZONES.filter(
    (zone) => zoneRules(zone, at)?.presentMinutes === rules.presentMinutes,
  )
    .map((zone) => ({ zone, days: daysAlike(rules, zone, at) }))
    .toSorted((a, b) => b.days - a.days);
  const zone = longest?.zone ?? null;
  substitutes.set(rules, { period, zone });
  return zone;
}

const PERIOD = 15 * 60_000;
const DAY = 96 * PERIOD;
/** Long enough: the base fetches again before. */
const LONGEST_DAYS = 60;

/** For how many days a zone has the same time as these rules. */
function daysAlike(rules: ZoneRules, zone: string, at: Date): number {
  const others = zoneRules(zone, at);
  if (others === null) return 0;
  for (let day = 0; day < LONGEST_DAYS; day++) {
    const instant = at.getTime() + day * DAY;
    if (offsetBy(rules, instant) !== offsetBy(others, instant)) return day;
  }
  return LONGEST_DAYS;
}
