/** Numbers that N510 and N720 have in common. */
import { primaryLanguage } from '../../domain/language.js';
import type { CodecName } from '../../domain/phone-settings.js';
import { lookUp } from '../parameter-table.js';
import { clockOf, zoneRules } from '../time-zone.js';
import type { ConfigurationView } from '../vendor.js';
import { hex, OFF, ON } from './provider-frame.js';

/** A byte for each codec. */
const VOCODERS: Partial<Record<CodecName, string>> = {
  pcmu: '0x00',
  pcma: '0x01',
  g729: '0x03',
  g722: '0x05',
};
const NO_VOCODER = '0xff';
const VOCODER_PLACES = 5;
export const DEFAULT_VOCODERS = vocoders(['pcma', 'pcmu']);

/** Codecs in the order of preference, filled up to five places. */
export function vocoders(codecs: readonly CodecName[]): string {
  const known = codecs.flatMap((codec) => VOCODERS[codec] ?? []);
  const wanted = known.length === 0 ? ['0x01', '0x00'] : known;
  return [...wanted, ...Array<string>(VOCODER_PLACES).fill(NO_VOCODER)].slice(0, VOCODER_PLACES).join(',');
}

/**
 * The system PIN, four digits in two bytes: of each of the first four characters of the password,
 * its code modulo ten.
 */
export function systemPin(password: string): string {
  const digits = Array.from({ length: 4 }, (_, at) => String((password.charCodeAt(at) || 0) % 10));
  return `0x${digits.slice(0, 2).join('')},0x${digits.slice(2).join('')}`;
}

/** The language of the web page. */
const LANGUAGES: Record<string, number> = {
  en: 1,
  de: 2,
  es: 4,
  it: 7,
  fr: 9,
  nl: 10,
  tr: 16,
  pl: 17,
  pt: 20,
};

export function languageNumber(tag: string): string {
  return hex(lookUp(LANGUAGES, primaryLanguage(tag)) ?? 1);
}

/** Tone schemes by country; 0 is international. */
const TONES: Record<string, number> = {
  US: 1,
  CH: 2,
  ZA: 3,
  AT: 4,
  CZ: 5,
  ES: 6,
  FR: 7,
  GB: 8,
  NL: 9,
  PL: 10,
  RU: 11,
  DE: 12,
  IT: 13,
};

export function toneNumber(country: string | null): string {
  return hex(lookUp(TONES, (country ?? '').toUpperCase()) ?? 0);
}

/**
 * Numbers of time zones by their offset from UTC in minutes; of several, one where the clock is
 * changed.
 */
const ZONES = new Map([
  [-720, 0x00],
  [-660, 0x01],
  [-600, 0x02],
  [-540, 0x03],
  [-480, 0x04],
  [-420, 0x07],
  [-360, 0x09],
  [-300, 0x0d],
  [-240, 0x0f],
  [-210, 0x12],
  [-180, 0x13],
  [-120, 0x16],
  [-60, 0x17],
  [0, 0x1a],
  [60, 0x1b],
  [120, 0x20],
  [180, 0x28],
  [210, 0x2a],
  [240, 0x2b],
  [270, 0x2d],
  [300, 0x2f],
  [330, 0x30],
  [345, 0x31],
  [360, 0x33],
  [390, 0x35],
  [420, 0x36],
  [480, 0x38],
  [540, 0x3d],
  [570, 0x40],
  [600, 0x43],
  [660, 0x47],
  [720, 0x48],
  [780, 0x50],
]);

/** The place whose rule the base applies to the clock of a zone. */
const SUMMER_PLACES = new Map([
  [-540, 'America/Anchorage'],
  [-480, 'America/Los_Angeles'],
  [-420, 'America/Denver'],
  [-360, 'America/Chicago'],
  [-300, 'America/New_York'],
  [-240, 'America/Halifax'],
  [-210, 'America/St_Johns'],
  [-60, 'Atlantic/Azores'],
  [0, 'Europe/London'],
  [60, 'Europe/Berlin'],
  [120, 'Europe/Athens'],
  [570, 'Australia/Adelaide'],
  [600, 'Australia/Sydney'],
  [720, 'Pacific/Auckland'],
]);

/**
 * The zone, and whether the base changes its clock in summer; null where it has no zone of that
 * offset. Where the base would apply a wrong rule, the zone is that of the present offset, without
 * summer time.
 */
export function zoneNumbers(view: ConfigurationView): { zone: string; summer: string } | null {
  const rules = clockOf(view);
  if (rules === null) return null;
  const place = SUMMER_PLACES.get(rules.offsetMinutes);
  const isLike =
    place !== undefined && JSON.stringify(zoneRules(place, view.at)?.summer) === JSON.stringify(rules.summer);
  const zone = ZONES.get(isLike ? rules.offsetMinutes : rules.presentMinutes);
  return zone === undefined ? null : { zone: hex(zone), summer: isLike ? ON : OFF };
}
