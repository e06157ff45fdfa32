import type { CodecName } from '../../domain/phone-settings.js';
import type { Tone } from '../call-progress-tones.js';
import { type ClockChange, offsetText, type SummerTime, twoDigits, type ZoneRules } from '../time-zone.js';

/** The ATA puts its MAC, in lower case, in place of `$MA`. */
export function profileRule(folderUrl: string): string {
  return `${ruleUrl(folderUrl)}$MA.xml`;
}

/**
 * A URL in a rule: there `$` begins a macro (`$$` is one dollar), `|` an alternative, and a space
 * ends it.
 */
export function ruleUrl(url: string): string {
  return url.replaceAll('$', '$$$$').replaceAll('|', '%7C').replaceAll(/\s/g, '%20');
}

const CODECS: Partial<Record<CodecName, string>> = { pcma: 'G711a', pcmu: 'G711u', g729: 'G729a' };

/** The codecs that an ATA supports; the two of G.711 where it supports none of them. */
export function codecNames(codecs: readonly CodecName[]): string[] {
  const names = codecs.flatMap((codec) => CODECS[codec] ?? []);
  return names.length > 0 ? names : ['G711a', 'G711u'];
}

/** In dBm; each of two frequencies is softer, as in the factory's tones. */
const LEVEL = { 1: -16, 2: -19 } as const;

/**
 * `480@-19,620@-19;10(.5/.5/1+2)`: frequencies and levels, the duration in seconds, and
 * on/off/which frequencies.
 */
export function toneText({ frequencies, cadence }: Tone, seconds: string): string {
  const script = frequencies.map((hertz) => `${hertz}@${LEVEL[frequencies.length]}`).join(',');
  const which = frequencies.length === 1 ? '1' : '1+2';
  const sections = cadence.map(({ on, off }) => `${secondsText(on)}/${secondsText(off)}/${which}`);
  return `${script};${seconds}(${sections.length === 0 ? `*/0/${which}` : sections.join(',')})`;
}

/** `.375`, `1.5`, `4`. */
function secondsText(milliseconds: number): string {
  return String(milliseconds / 1000).replace(/^0\./, '.');
}

/** `GMT`, `GMT+01:00`, `GMT-03:30`. */
export function zoneText({ offsetMinutes }: ZoneRules): string {
  if (offsetMinutes === 0) return 'GMT';
  return `GMT${offsetMinutes < 0 ? '-' : '+'}${offsetText(offsetMinutes, { hourDigits: 2 })}`;
}

/** `start=3/-1/7/2;end=10/-1/7/3;save=1`. */
export function changesText({ start, end, savedMinutes }: SummerTime): string {
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

/**
 * A zone in the router section: a code, of which the rule for the summer has precedence (ATA
 * 191/192 provisioning guide, "Time_Setup"). Some offsets (Nepal's, Tonga's) have no code: they get
 * that of the next lower offset, since an old zone could be wrong by half a day.
 */
export function zoneCode({ offsetMinutes, summer }: ZoneRules): string {
  return codeOf(offsetMinutes, summer === null ? STANDARD_CODES : SUMMER_CODES);
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
