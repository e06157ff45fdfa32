import type { Settings } from '../parameter-list.js';
import { type ClockChange, zoneRules } from '../time-zone.js';
import type { CommonView, LineView } from '../vendor.js';
import { identitySetting } from './parameters.js';

/** The settings that both configurations make alike. */
export function commonSettings(view: CommonView): Settings {
  const language = languageName(view.language);
  return new Map([
    // The phone puts its MAC in place of {mac}: one request a fetch instead of three.
    ['setting_server', `${view.provisioningUrl}{mac}.xml`],
    ['settings_refresh_timer', String(view.refreshSeconds)],
    ['http_pass', view.phonePassword],
    ['webserver_admin_password', view.phonePassword],
    ['admin_mode_password', view.phonePassword],
    ['admin_mode_password_confirm', view.phonePassword],
    ['keyboard_lock_emergency', view.emergencyNumbers.join(' ')],
    ['language', language],
    ['web_language', language],
    ['ntp_server', view.ntpServer],
    ...clockSettings(view.timezone),
  ]);
}

export interface IdentitySettings extends Omit<LineView, 'label'> {
  idleText: string;
  idleNumber: string;
  expiresSeconds: number;
  codecs: string;
}

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
    // SRTP where the signalling that carries its keys is encrypted, and only if the other side takes it.
    ['user_srtp', identity.transport === 'tls' ? 'on' : 'off'],
    ['user_savp', identity.transport === 'tls' ? 'optional' : 'off'],
    ['codec_priority_list', identity.codecs],
  ];
  return new Map(settings.map(([name, value]) => [identitySetting(name, index), value]));
}

/** An IPv6 address stands in brackets (RFC 3261, section 25.1), or its port could not be told from it. */
function hostPort(place: { host: string; port: number | null }): string {
  const host = /^[^[].*:/.test(place.host) ? `[${place.host}]` : place.host;
  return place.port === null ? host : `${host}:${place.port}`;
}

const LANGUAGES: Record<string, string> = {
  de: 'Deutsch',
  en: 'English',
  es: 'Espanol',
  fr: 'Francais',
  it: 'Italiano',
  nl: 'Dutch',
};

function languageName(tag: string): string {
  return LANGUAGES[tag.toLowerCase().split(/[-_]/)[0] ?? ''] ?? 'English';
}

/** Said in rules: an empty `timezone` makes `utc_offset` and `dst` (both in seconds) count, and they can say every zone. */
function clockSettings(timezone: string | null): [string, string][] {
  const rules = timezone === null ? null : zoneRules(timezone);
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
