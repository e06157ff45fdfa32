import { primaryLanguage } from '../../domain/language.js';
import { lookUp } from '../parameter-table.js';
import type { ClockChange } from '../time-zone.js';

interface Language {
  name: string;
  /** The handsets of a base know it by a number. */
  handsetCode: string;
}

const ENGLISH: Language = { name: 'English', handsetCode: '0' };

const LANGUAGES: Record<string, Language> = {
  de: { name: 'German', handsetCode: '2' },
  en: ENGLISH,
  es: { name: 'Spanish', handsetCode: '6' },
  fr: { name: 'French', handsetCode: '1' },
  it: { name: 'Italian', handsetCode: '3' },
  pl: { name: 'Polish', handsetCode: '4' },
  pt: { name: 'Portuguese', handsetCode: '5' },
  tr: { name: 'Turkish', handsetCode: '7' },
};

export function languageOf(tag: string): Language {
  return lookUp(LANGUAGES, primaryLanguage(tag)) ?? ENGLISH;
}

/** The permitted values of `voice.tone.country` (T58 administrator's guide), less `Czech ETSI`. */
const TONE_COUNTRIES: Record<string, string> = {
  AT: 'Austria',
  AU: 'Australia',
  BE: 'Belgium',
  BR: 'Brazil',
  CH: 'Switzerland',
  CL: 'Chile',
  CN: 'China',
  CZ: 'Czech',
  DE: 'Germany',
  DK: 'Denmark',
  ES: 'Spain',
  FI: 'Finland',
  FR: 'France',
  GB: 'Great Britain',
  GR: 'Greece',
  HU: 'Hungary',
  IN: 'India',
  IT: 'Italy',
  JP: 'Japan',
  LT: 'Lithuania',
  MX: 'Mexico',
  NL: 'Netherlands',
  NO: 'Norway',
  NZ: 'New Zealand',
  PT: 'Portugal',
  RU: 'Russia',
  SE: 'Sweden',
  US: 'United States',
};

/** null for a country whose tones the phones do not know. */
export function toneCountryName(country: string | null): string | null {
  return lookUp(TONE_COUNTRIES, (country ?? '').toUpperCase());
}

/** Month/week of the month/day of the week/hour. */
export function changeText(change: ClockChange): string {
  return [change.month, change.week, change.weekday, change.hour].join('/');
}
