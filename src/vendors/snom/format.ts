import type { CodecName } from '../../domain/phone-settings.js';
import { primaryLanguage } from '../../domain/language.js';
import { type NameOf, lookUp } from '../parameter-table.js';
import type { ConfigurationView, RenderedDocument } from '../vendor.js';
import { escapeXml } from '../xml.js';

/**
 * Who may change a setting at the phone: no user (`R`), or its administrator until the next fetch.
 * DECT bases have no permissions.
 */
export type Permission = 'R' | 'RW' | null;

/** Names of the settings of an identity, a server and the like: `user_name[2]` is the second's. */
export function ofIndex(index: number): NameOf {
  return (entry) => `${entry}[${index}]`;
}

/** @param name with its index, where it has one */
export function writeSetting(name: string, value: string, permission: Permission): string {
  const [, element = name, index] = /^(\w+)\[(\d+)\]$/.exec(name) ?? [];
  const attributes = `${index === undefined ? '' : ` idx="${index}"`}${permission === null ? '' : ` perm="${permission}"`}`;
  return `<${element}${attributes}>${escapeXml(value)}</${element}>\n`;
}

export function settingsFile(content: string): RenderedDocument {
  return {
    contentType: 'application/xml; charset=utf-8',
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<settings>\n${content}</settings>\n`,
  };
}

/** With the events of RFC 4733. */
export function codecList({ codecs }: { codecs: readonly CodecName[] }): string {
  return [...codecs, 'telephone-event'].join(',');
}

const LANGUAGES: Record<string, string> = {
  de: 'Deutsch',
  en: 'English',
  es: 'Espanol',
  fr: 'Francais',
  it: 'Italiano',
  nl: 'Dutch',
};

export function languageName({ language }: ConfigurationView): string {
  return lookUp(LANGUAGES, primaryLanguage(language)) ?? 'English';
}

const TONE_SCHEMES: Record<string, string> = {
  AT: 'AUT',
  AU: 'AUS',
  CH: 'SWI',
  CN: 'CHN',
  DE: 'GER',
  DK: 'DNK',
  ES: 'ESP',
  FR: 'FRA',
  GB: 'GBR',
  IN: 'IND',
  IT: 'ITA',
  JP: 'JPN',
  MX: 'MEX',
  NL: 'NLD',
  NO: 'NOR',
  NZ: 'NZL',
  SE: 'SWE',
  US: 'USA',
};

/** null for a country whose tones the phones do not know. */
export function toneScheme({ toneCountry }: { toneCountry: string | null }): string | null {
  return lookUp(TONE_SCHEMES, (toneCountry ?? '').toUpperCase());
}
