import { type ClockChange, type ZoneRules, zoneRules } from '../time-zone.js';
import type { CommonView } from '../vendor.js';
import type { CiscoModel } from './models.js';
import { routerParameter } from './parameters.js';

/** The clock in rules; nothing for a zone that has none, or of which we know none. */
export function clockSettings({ timezone, at }: CommonView, model: CiscoModel): [string, string][] {
  const rules = timezone === null ? null : zoneRules(timezone, at);
  if (rules === null) return [];
  const changes = rules.summer === null ? '' : changesText(rules.summer);
  const summer: [string, string][] = [
    ['Daylight_Saving_Time_Enable', changes === '' ? 'No' : 'Yes'],
    ['Daylight_Saving_Time_Rule', changes],
  ];
  return [
    ['Time_Zone', `GMT${rules.offsetMinutes === 0 ? '' : offsetText(rules.offsetMinutes)}`],
    ...summer,
    ...(model.router ? routerClock(rules, changes) : []),
  ];
}

/**
 * The clock of the router section: a code for the zone, and the rule, which comes before the one
 * that the code stands for (ATA 191/192 provisioning guide, "Time_Setup"). For some offsets
 * (Nepal's, Tonga's) there is none: they have the next lower one's, for left alone the clock could
 * be wrong by half a day.
 */
function routerClock(rules: ZoneRules, changes: string): [string, string][] {
  const code = codeOf(rules.offsetMinutes, changes === '' ? STANDARD_CODES : SUMMER_CODES);
  const clock: [string, string][] = [
    ['Time_Zone', code],
    ['Auto_Adjust_Clock', changes === '' ? '0' : '1'],
    ['Daylight_Saving_Time_Rule', changes],
  ];
  return clock.map(([name, value]) => [routerParameter(name), value]);
}

function codeOf(offsetMinutes: number, first: Readonly<Record<number, string>>): string {
  const nearest = Object.keys({ ...STANDARD_CODES, ...SUMMER_CODES })
    .map(Number)
    .filter((minutes) => minutes <= offsetMinutes)
    .reduce((best, minutes) => Math.max(best, minutes), -720);
  return first[nearest] ?? STANDARD_CODES[nearest] ?? SUMMER_CODES[nearest] ?? '+00 1 0';
}

/**
 * Offset, one of the places that have it, and its rule for the summer: by the offset in minutes, of
 * zones with a summer time.
 */
const SUMMER_CODES: Record<number, string> = {
  [-540]: '-09 1 1',
  [-480]: '-08 1 1',
  [-420]: '-07 2 1',
  [-360]: '-06 2 1',
  [-300]: '-05 2 1',
  [-240]: '-04 2 1',
  [-210]: '-03.5 1 1',
  [-180]: '-03 2 1',
  [-60]: '-01 1 2',
  0: '+00 2 2',
  60: '+01 2 2',
  120: '+02 2 2',
  570: '+09.5 1 10',
  600: '+10 2 4',
  720: '+12 2 4',
};

/**
 * The same, of zones without one. They are those of Linksys's routers, as its firmware lists them,
 * and those that the ATA's guide adds.
 */
const STANDARD_CODES: Record<number, string> = {
  [-720]: '-12 1 0',
  [-660]: '-11 1 0',
  [-600]: '-10 1 0',
  [-420]: '-07 1 0',
  [-360]: '-06 1 0',
  [-300]: '-05 1 0',
  [-240]: '-04 1 0',
  [-180]: '-03 1 0',
  [-120]: '-02 1 0',
  0: '+00 1 0',
  60: '+01 1 0',
  120: '+02 1 0',
  180: '+03 1 0',
  240: '+04 1 0',
  300: '+05 1 0',
  330: '+05.5 1 0',
  360: '+06 1 0',
  420: '+07 1 0',
  480: '+08 3 0',
  540: '+09 1 0',
  600: '+10 1 0',
  660: '+11 1 0',
  720: '+12 1 0',
};

/** `+01:00`, `-03:30`. */
function offsetText(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map(twoDigits);
  return `${minutes < 0 ? '-' : '+'}${hours}:${rest}`;
}

/** `start=3/-1/7/2;end=10/-1/7/3;save=1`. */
function changesText({ start, end, savedMinutes }: NonNullable<ZoneRules['summer']>): string {
  const saved = savedMinutes % 60 === 0 ? String(savedMinutes / 60) : `0:${twoDigits(savedMinutes)}`;
  return `start=${changeText(start)};end=${changeText(end)};save=${saved}`;
}

/**
 * Month, day, weekday, time: day -1 is the last such weekday of the month, any other the first on
 * or after that day.
 */
function changeText(change: ClockChange): string {
  const day = change.week === 5 ? -1 : (change.week - 1) * 7 + 1;
  const time = change.minute === 0 ? String(change.hour) : `${change.hour}:${twoDigits(change.minute)}`;
  return [change.month, day, change.weekday, time].join('/');
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
