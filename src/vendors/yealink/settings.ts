import { primaryLanguage } from '../../domain/language.js';
import type { CodecName } from '../../domain/phone-settings.js';
import { plainHost } from '../../domain/host.js';
import type { Settings } from '../parameter-list.js';
import { zoneRules, type ClockChange } from '../time-zone.js';
import type { CommonView, KeyView, LineView } from '../vendor.js';
import type { YealinkModel } from './models.js';
import { CLEARED, EMERGENCY_NUMBERS, passwordOf, SERVER_TEMPLATES } from './parameters.js';

/** The parameters that both configurations set alike. */
export function commonSettings(view: CommonView, model: YealinkModel): Settings {
  const language = languageOf(view.language);
  const numbers = view.emergencyNumbers.slice(0, EMERGENCY_NUMBERS);
  return new Map([
    ['static.auto_provision.server.url', view.provisioningUrl],
    ['static.auto_provision.repeat.minutes', String(Math.max(1, Math.round(view.refreshSeconds / 60)))],
    ...['user', 'var', 'admin'].map((user): [string, string] => [passwordOf(user), view.phonePassword]),
    ['phone_setting.emergency.number', numbers.join(',')],
    ...numbers.map((number, at): [string, string] => [`dialplan.emergency.${at + 1}.value`, number]),
    ['lang.gui', language.name],
    ['lang.wui', language.name],
    ...handsetLanguage(language, model),
    ['local_time.ntp_server1', view.ntpServer],
    ...clockSettings(view),
  ]);
}

export interface AccountSettings extends LineView {
  expiresSeconds: number;
  /** In the order of preference; any other that is owned is switched off. */
  codecs: readonly CodecName[];
  srtp: 'off' | 'optional' | 'required';
  /** null: it does not ask for waiting messages either. */
  voicemailNumber: string | null;
}

const TRANSPORT_TYPES = { udp: '0', tcp: '1', tls: '2' } as const;
const SRTP_MODES = { off: '0', optional: '1', required: '2' } as const;

export function accountSettings(number: number, account: AccountSettings): Settings {
  const proxy = account.outboundProxy;
  const settings: [string, string][] = [
    ['enable', '1'],
    ['label', account.label],
    ['display_name', account.displayName],
    ['user_name', account.sipUser],
    ['auth_name', account.authUser],
    ['password', account.password],
    ...serverSettings(account),
    ['outbound_proxy_enable', proxy === null ? '0' : '1'],
    ['outbound_proxy.1.address', proxy === null ? CLEARED : plainHost(proxy.host)],
    ['outbound_proxy.1.port', portText(proxy?.port ?? null)],
    ['srtp_encryption', SRTP_MODES[account.srtp]],
    ['subscribe_mwi', account.voicemailNumber === null ? '0' : '1'],
    ...account.codecs.flatMap((codec, at): [string, string][] => [
      [`codec.${codec}.enable`, '1'],
      [`codec.${codec}.priority`, String(at + 1)],
    ]),
  ];
  return new Map([
    ...settings.map(([name, value]): [string, string] => [`account.${number}.${name}`, value]),
    [`voice_mail.number.${number}`, account.voicemailNumber ?? CLEARED],
  ]);
}

function serverSettings(account: AccountSettings): [string, string][] {
  return [
    ['sip_server.1.address', plainHost(account.host)],
    ['sip_server.1.port', portText(account.port)],
    ['sip_server.1.transport_type', TRANSPORT_TYPES[account.transport]],
    ['sip_server.1.expires', String(account.expiresSeconds)],
  ];
}

/** A port of 0 makes the phone ask the DNS (SRV). */
function portText(port: number | null): string {
  return port === null ? '0' : String(port);
}

/** The servers of the accounts of a base, each once, and which of them is whose. */
export function templateSettings(accounts: readonly AccountSettings[]): Settings {
  const templates = new Map<string, string>();
  const settings = new Map<string, string>();
  for (const [at, account] of accounts.entries()) {
    const template = templateOf(account);
    const key = JSON.stringify(template);
    const known = templates.get(key);
    if (known === undefined && templates.size === SERVER_TEMPLATES) continue;
    const number = known ?? String(templates.size + 1);
    templates.set(key, number);
    for (const [name, value] of template) settings.set(`template.${number}.${name}`, value);
    settings.set(`template.${number}.name`, `Server ${number}`);
    settings.set(`account.${at + 1}.sip_server.template`, number);
  }
  return settings;
}

function templateOf(account: AccountSettings): [string, string][] {
  const proxy = account.outboundProxy;
  return [
    ...serverSettings(account),
    ['outbound.enable', proxy === null ? '0' : '1'],
    ['outbound.1.address', proxy === null ? CLEARED : plainHost(proxy.host)],
    ['outbound.1.port', portText(proxy?.port ?? null)],
  ];
}

/** A key that is an account's own; type 15 is a line. */
export function lineKeySettings(key: number, account: number, label: string): Settings {
  return new Map([
    [`linekey.${key}.type`, '15'],
    [`linekey.${key}.line`, String(account)],
    [`linekey.${key}.label`, label],
  ]);
}

const KEY_TYPES = { blf: '16', 'speed-dial': '13' } as const;

/** @param place such as `linekey.3` or `expansion_module.1.key.7` */
export function keySettings(place: string, key: KeyView): Settings {
  return new Map([
    [`${place}.type`, KEY_TYPES[key.kind]],
    [`${place}.line`, String(key.line)],
    [`${place}.value`, key.value],
    [`${place}.label`, key.label],
  ]);
}

/** What a handset is called and the one account that it receives and makes calls with. */
export function handsetSettings(handset: number, name: string, account: number): Settings {
  return new Map([
    [`handset.${handset}.name`, name],
    [`handset.${handset}.incoming_lines`, String(account)],
    [`handset.${handset}.dial_out_lines`, String(account)],
    [`handset.${handset}.dial_out_default_line`, String(account)],
  ]);
}

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

function languageOf(tag: string): Language {
  return LANGUAGES[primaryLanguage(tag)] ?? ENGLISH;
}

function handsetLanguage(language: Language, model: YealinkModel): [string, string][] {
  return model.kind === 'dect' ? [['custom.handset.language', language.handsetCode]] : [];
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
  return TONE_COUNTRIES[country?.toUpperCase() ?? ''] ?? null;
}

/**
 * Said in rules (summer_time 1, by week) rather than by the phone's own zone names, of which each
 * firmware has other ones.
 */
function clockSettings({ timezone, at }: CommonView): [string, string][] {
  const rules = timezone === null ? null : zoneRules(timezone, at);
  if (rules === null) return [];
  const zone: [string, string] = ['local_time.time_zone', offsetText(rules.offsetMinutes)];
  if (rules.summer === null) return [zone, ['local_time.summer_time', '0']];
  return [
    zone,
    ['local_time.summer_time', '1'],
    ['local_time.dst_time_type', '1'],
    ['local_time.start_time', changeText(rules.summer.start)],
    ['local_time.end_time', changeText(rules.summer.end)],
    ['local_time.offset_time', String(rules.summer.savedMinutes)],
  ];
}

/** `+1`, `-3:30`, `0`. */
function offsetText(minutes: number): string {
  const hours = Math.floor(Math.abs(minutes) / 60);
  const rest = Math.abs(minutes) % 60;
  const sign = minutes === 0 ? '' : minutes < 0 ? '-' : '+';
  return `${sign}${hours}${rest === 0 ? '' : `:${String(rest).padStart(2, '0')}`}`;
}

/** Month/week of the month/day of the week/hour. */
function changeText(change: ClockChange): string {
  return [change.month, change.week, change.weekday, change.hour].join('/');
}
