import { primaryLanguage } from '../../domain/language.js';
import type { CodecName } from '../../domain/phone-settings.js';
import { hostPort } from '../../domain/host.js';
import type { Settings } from '../parameter-list.js';
import { type ClockChange, zoneRules } from '../time-zone.js';
import { serviceLine } from '../service-line.js';
import type { CommonView, LineView, ServiceView } from '../vendor.js';
import { settingOf } from './setting.js';

/** The settings that both configurations make alike. */
export function commonSettings(view: CommonView): Settings {
  const language = languageName(view.language);
  return new Map([
    // The phone puts its MAC in place of {mac}: one request a fetch instead of three.
    ['setting_server', `${view.provisioningUrl}{mac}.xml`],
    ['settings_refresh_timer', String(view.refreshSeconds)],
    ['http_pass', view.phonePassword],
    ['webserver_admin_password', view.phonePassword],
    ['webserver_user_password', view.phonePassword],
    ['admin_mode_password', view.phonePassword],
    ['admin_mode_password_confirm', view.phonePassword],
    ['keyboard_lock_emergency', view.emergencyNumbers.join(' ')],
    ['language', language],
    ['web_language', language],
    ['ntp_server', view.ntpServer],
    ...clockSettings(view),
  ]);
}

export interface IdentitySettings extends Omit<LineView, 'label'> {
  idleText: string;
  idleNumber: string;
  expiresSeconds: number;
  /** In the order of preference. */
  codecs: readonly CodecName[];
  srtp: 'off' | 'optional' | 'required';
  mailbox: string | null;
}

const SAVP = { off: 'off', optional: 'optional', required: 'mandatory' } as const;

export function identitySettings(index: number, identity: IdentitySettings): Settings {
  const settings: [string, string][] = [
    ['user_active', 'on'],
    ['user_realname', identity.displayName],
    ['user_idle_text', identity.idleText],
    ['user_idle_number', identity.idleNumber],
    ['user_name', identity.sipUser],
    ['user_pname', identity.authUser],
    ['user_pass', identity.password],
    ['user_host', hostPort(identity)],
    ['user_outbound', `${hostPort(identity.outboundProxy ?? identity)};transport=${identity.transport}`],
    ['user_expiry', String(identity.expiresSeconds)],
    ['user_srtp', identity.srtp === 'off' ? 'off' : 'on'],
    ['user_savp', SAVP[identity.srtp]],
    ['codec_priority_list', codecList(identity.codecs)],
    ['user_mailbox', identity.mailbox ?? ''],
  ];
  return new Map(settings.map(([name, value]) => [settingOf(name, index), value]));
}

/** The one identity of a phone without lines. */
export function serviceIdentity(service: ServiceView): Settings {
  return identitySettings(1, {
    ...serviceLine(service),
    idleText: service.displayText,
    idleNumber: service.serviceNumber,
    mailbox: null,
  });
}

/** With the events of RFC 4733. */
export function codecList(codecs: readonly CodecName[]): string {
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

export function languageName(tag: string): string {
  return LANGUAGES[primaryLanguage(tag)] ?? 'English';
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
export function toneScheme(country: string | null): string | null {
  return TONE_SCHEMES[country?.toUpperCase() ?? ''] ?? null;
}

/**
 * Checks of server certificates. Where nothing is wished they stay as they are: no phone becomes
 * more trusting for a setting that was not made.
 */
export function checkSettings(verify: boolean | null, names: readonly string[]): [string, string][] {
  return verify === null ? [] : names.map((name) => [name, verify ? 'on' : 'off']);
}

/**
 * Said in rules: an empty `timezone` makes `utc_offset` and `dst` (both in seconds) count, and they
 * can say every zone.
 */
function clockSettings({ timezone, at }: CommonView): [string, string][] {
  const rules = timezone === null ? null : zoneRules(timezone, at);
  if (rules === null) return [];
  const { summer, offsetMinutes } = rules;
  const dst =
    summer === null
      ? ''
      : `${summer.savedMinutes * 60} ${changeText(summer.start)} ${changeText(summer.end)}`;
  return [
    ['timezone', ''],
    ['utc_offset', `${offsetMinutes < 0 ? '' : '+'}${offsetMinutes * 60}`],
    ['dst', dst],
  ];
}

/** Month.week.weekday and the time: `03.05.07 02:00:00` is the last Sunday of March at two. */
function changeText(change: ClockChange): string {
  const [month, week, weekday, hour, minute] = [
    change.month,
    change.week,
    change.weekday,
    change.hour,
    change.minute,
  ].map((number) => String(number).padStart(2, '0'));
  return `${month}.${week}.${weekday} ${hour}:${minute}:00`;
}
