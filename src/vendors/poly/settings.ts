import { primaryLanguage } from '../../domain/language.js';
import type { CodecName } from '../../domain/phone-settings.js';
import { plainHost } from '../../domain/host.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { type ClockChange, zoneRules } from '../time-zone.js';
import { serviceLine } from '../service-line.js';
import type { CommonView, FullView, LineView, ServiceView } from '../vendor.js';
import { CLEARED, EMERGENCY_NUMBERS } from './parameters.js';

/** Administrator's guide, `prov.polling.period`: "greater than 3600". */
const SHORTEST_POLLING_SECONDS = 3601;

/** The parameters that both configurations set alike. */
export function commonSettings(view: CommonView): Settings {
  return new Map([
    ['device.prov.serverName', view.provisioningUrl],
    ['device.prov.serverType', view.provisioningUrl.startsWith('https:') ? 'HTTPS' : 'HTTP'],
    ['device.auth.localAdminPassword', view.phonePassword],
    ['device.auth.localUserPassword', view.phonePassword],
    ['prov.polling.period', String(Math.max(SHORTEST_POLLING_SECONDS, view.refreshSeconds))],
    ...dialable(view.emergencyNumbers)
      .slice(0, EMERGENCY_NUMBERS)
      .map((number, at): [string, string] => [`dialplan.routing.emergency.${at + 1}.value`, number]),
    ['lcl.ml.lang', languageName(view.language)],
    ['tcpIpApp.sntp.address', view.ntpServer],
    ['tcpIpApp.sntp.address.overrideDHCP', '1'],
    ...clockSettings(view),
  ]);
}

/** Numbers of which nothing can mean a pattern in a digit map. */
export function dialable(numbers: readonly string[]): string[] {
  return numbers.filter((number) => /^[\d*#]+$/.test(number));
}

export interface RegistrationSettings extends LineView {
  expiresSeconds: number;
  srtp: FullView['srtp'];
}

const TRANSPORTS = { udp: 'UDPOnly', tcp: 'TCPOnly', tls: 'TLS' } as const;

export function registrationSettings(number: number, line: RegistrationSettings): Settings {
  const proxy = line.outboundProxy;
  // Where the signalling that carries its keys is encrypted, and only if the other side takes it.
  const srtp = line.srtp ?? (line.transport === 'tls' ? 'optional' : 'off');
  const settings: [string, string][] = [
    ['address', line.sipUser],
    ['auth.userId', line.authUser],
    ['auth.password', line.password],
    ['label', line.label],
    ['displayName', line.displayName],
    ['server.1.address', plainHost(line.host)],
    ['server.1.port', portText(line.port)],
    ['server.1.transport', TRANSPORTS[line.transport]],
    ['server.1.expires', String(line.expiresSeconds)],
    ['server.1.register', '1'],
    ['outboundProxy.address', proxy === null ? CLEARED : plainHost(proxy.host)],
    ['outboundProxy.port', proxy === null ? CLEARED : portText(proxy.port)],
    ['outboundProxy.transport', proxy === null ? CLEARED : TRANSPORTS[line.transport]],
    ['srtp.enable', srtp === 'off' ? '0' : '1'],
    ['srtp.offer', srtp === 'off' ? '0' : '1'],
    ['srtp.require', srtp === 'required' ? '1' : '0'],
  ];
  return new Map(settings.map(([name, value]) => [`reg.${number}.${name}`, value]));
}

/**
 * The one line of a phone without lines of its own. Requests to fetch again count from its
 * registrar's address alone.
 */
export function serviceSettings(service: ServiceView): Settings {
  const line = serviceLine(service);
  return joinSettings(
    registrationSettings(1, line),
    codecSettings(line.codecs),
    new Map([
      ['voIpProt.SIP.requestValidation.1.request', 'NOTIFY'],
      ['voIpProt.SIP.requestValidation.1.method', 'source'],
    ]),
  );
}

/** A port of 0 makes the phone ask the DNS (SRV). */
function portText(port: number | null): string {
  return port === null ? '0' : String(port);
}

const CODECS: Record<CodecName, string> = {
  g722: 'G722',
  pcma: 'G711_A',
  pcmu: 'G711_Mu',
  g729: 'G729_AB',
  opus: 'Opus',
};

/** In the order of preference; any other that is owned is switched off. */
export function codecSettings(codecs: readonly CodecName[]): Settings {
  return new Map(codecs.map((codec, at) => [`voice.codecPref.${CODECS[codec]}`, String(at + 1)]));
}

export function softKeySettings(number: number, label: string, action: string): Settings {
  return new Map([
    [`softkey.${number}.enable`, '1'],
    [`softkey.${number}.label`, label],
    [`softkey.${number}.action`, action],
    [`softkey.${number}.use.idle`, '1'],
  ]);
}

/**
 * The macro that calls a number ("Enhanced Feature Keys"); a `$` in it would begin another macro.
 */
export function callAction(number: string): string {
  return `${number.replaceAll('$', '')}$Tinvite$`;
}

const LANGUAGES: Record<string, string> = {
  da: 'Danish_Denmark',
  de: 'German_Germany',
  en: 'English_United_States',
  es: 'Spanish_Spain',
  fr: 'French_France',
  it: 'Italian_Italy',
  nb: 'Norwegian_Norway',
  nl: 'Dutch_Netherlands',
  no: 'Norwegian_Norway',
  pl: 'Polish_Poland',
  pt: 'Portuguese_Portugal',
  sv: 'Swedish_Sweden',
};

function languageName(tag: string): string {
  return LANGUAGES[primaryLanguage(tag)] ?? 'English_United_States';
}

/**
 * Said in rules, of which summer time is always an hour; any other is said as the present offset.
 */
function clockSettings({ timezone, at }: CommonView): [string, string][] {
  const rules = timezone === null ? null : zoneRules(timezone, at);
  if (rules === null) return [];
  const summer = rules.summer?.savedMinutes === 60 ? rules.summer : null;
  const offsetMinutes = summer === null ? rules.presentMinutes : rules.offsetMinutes;
  const settings: [string, string][] = [
    ['gmtOffset', String(offsetMinutes * 60)],
    ['gmtOffset.overrideDHCP', '1'],
    ['daylightSavings.enable', summer === null ? '0' : '1'],
  ];
  if (summer !== null) {
    settings.push(
      ['daylightSavings.fixedDayEnable', '0'],
      ...changeSettings('start', summer.start),
      ...changeSettings('stop', summer.end),
    );
  }
  return settings.map(([name, value]) => [`tcpIpApp.sntp.${name}`, value]);
}

/** `date` 1, 8, 15 or 22 means the first to the fourth of the weekday, of which 1 is Sunday. */
function changeSettings(name: string, change: ClockChange): [string, string][] {
  const isLast = change.week === 5;
  const settings: [string, string][] = [
    ['month', String(change.month)],
    ['date', String(isLast ? 22 : (change.week - 1) * 7 + 1)],
    ['time', String(change.hour)],
    ['dayOfWeek', String((change.weekday % 7) + 1)],
    ['dayOfWeek.lastInMonth', isLast ? '1' : '0'],
  ];
  return settings.map(([entry, value]) => [`daylightSavings.${name}.${entry}`, value]);
}
