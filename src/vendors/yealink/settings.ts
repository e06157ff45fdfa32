import type { Settings } from '../parameter-list.js';
import { zoneRules, type ClockChange } from '../time-zone.js';
import type { CommonView, LineView } from '../vendor.js';
import { CLEARED, EMERGENCY_NUMBERS } from './parameters.js';

/** The parameters that both configurations set alike. */
export function commonSettings(view: CommonView): Settings {
  const language = languageName(view.language);
  const numbers = view.emergencyNumbers.slice(0, EMERGENCY_NUMBERS);
  return new Map([
    ['static.auto_provision.server.url', view.provisioningUrl],
    ['static.auto_provision.repeat.minutes', String(Math.max(1, Math.round(view.refreshSeconds / 60)))],
    ['static.security.user_password', `admin:${view.phonePassword}`],
    ['phone_setting.emergency.number', numbers.join(',')],
    ...numbers.map((number, at): [string, string] => [`dialplan.emergency.${at + 1}.value`, number]),
    ['lang.gui', language],
    ['lang.wui', language],
    ['local_time.ntp_server1', view.ntpServer],
    ...clockSettings(view.timezone),
  ]);
}

/** Codecs in the order of preference; any other that is owned is switched off. */
export type Codec = 'pcma' | 'pcmu' | 'g722';

export interface AccountSettings extends Omit<LineView, 'label' | 'displayName'> {
  label: string;
  displayName: string;
  expiresSeconds: number;
  codecs: readonly Codec[];
}

const TRANSPORT_TYPES = { udp: '0', tcp: '1', tls: '2' } as const;

export function accountSettings(number: number, account: AccountSettings): Settings {
  const proxy = account.outboundProxy;
  const settings: [string, string][] = [
    ['enable', '1'],
    ['label', account.label],
    ['display_name', account.displayName],
    ['user_name', account.sipUser],
    ['auth_name', account.authUser],
    ['password', account.password],
    ['sip_server.1.address', account.host],
    ['sip_server.1.port', portText(account.port)],
    ['sip_server.1.transport_type', TRANSPORT_TYPES[account.transport]],
    ['sip_server.1.expires', String(account.expiresSeconds)],
    ['outbound_proxy_enable', proxy === null ? '0' : '1'],
    ['outbound_proxy.1.address', proxy?.host ?? CLEARED],
    ['outbound_proxy.1.port', portText(proxy?.port ?? null)],
    // SRTP where the signalling that carries its keys is encrypted, and only if the other side takes it.
    ['srtp_encryption', account.transport === 'tls' ? '1' : '0'],
    ...account.codecs.flatMap((codec, at): [string, string][] => [
      [`codec.${codec}.enable`, '1'],
      [`codec.${codec}.priority`, String(at + 1)],
    ]),
  ];
  return new Map(settings.map(([name, value]) => [`account.${number}.${name}`, value]));
}

/** A port of 0 makes the phone ask the DNS (SRV). */
function portText(port: number | null): string {
  return port === null ? '0' : String(port);
}

/** A key that is an account's own; type 15 is a line. */
export function lineKeySettings(key: number, account: number, label: string): Settings {
  return new Map([
    [`linekey.${key}.type`, '15'],
    [`linekey.${key}.line`, String(account)],
    [`linekey.${key}.label`, label],
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

const LANGUAGES: Record<string, string> = {
  de: 'German',
  en: 'English',
  es: 'Spanish',
  fr: 'French',
  it: 'Italian',
  pl: 'Polish',
  pt: 'Portuguese',
  tr: 'Turkish',
};

function languageName(tag: string): string {
  return LANGUAGES[tag.toLowerCase().split(/[-_]/)[0] ?? ''] ?? 'English';
}

/** Said in rules (summer_time 1, by week) rather than by the phone's own zone names, of which each firmware has other ones. */
function clockSettings(timezone: string | null): [string, string][] {
  const rules = timezone === null ? null : zoneRules(timezone);
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
