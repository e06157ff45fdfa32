import { primaryLanguage } from '../../domain/language.js';
import type { CodecName } from '../../domain/phone-settings.js';
import { plainHost, uriHost } from '../../domain/host.js';
import type { Settings } from '../parameter-list.js';
import { plainServiceLine, serviceLine } from '../service-line.js';
import { shortDisplayText } from '../short-display.js';
import type { CommonView, FullView, LineView, ServiceView } from '../vendor.js';
import { clockSettings } from './clock.js';
import type { PanasonicModel } from './models.js';
import { CLEARED, CODEC_NUMBERS, EMERGENCY_CALLS, handsetNames } from './parameters.js';

const LONGEST_INTERVAL_MINUTES = 40_320;

/** Where a phone asks for its own file; it puts its MAC, in upper case, in place of {MAC}. */
export function standardFile(directory: string): string {
  return `${directory}Config{MAC}.cfg`;
}

/** The parameters that both configurations set alike. */
export function commonSettings(view: CommonView, { series }: PanasonicModel): Settings {
  const minutes = Math.max(1, Math.round(view.refreshSeconds / 60));
  const language = languageCode(view.language, series);
  return new Map([
    ['CFG_STANDARD_FILE_PATH', standardFile(view.provisioningUrl)],
    ['CFG_CYCLIC_INTVL', String(Math.min(LONGEST_INTERVAL_MINUTES, minutes))],
    ['ADMIN_PASS', view.phonePassword],
    ['USER_PASS', view.phonePassword],
    ...view.emergencyNumbers
      .slice(0, EMERGENCY_CALLS)
      .map((number, at): [string, string] => [`EMERGENCY_CALL${at + 1}`, number]),
    ['DEFAULT_LANGUAGE', language],
    ...(series === 'tgp5' ? [] : [['WEB_LANGUAGE', language] as const]),
    ['NTP_ADDR', view.ntpServer],
    ...clockSettings(view),
  ]);
}

export interface LineSettings extends Omit<LineView, 'label'> {
  /** What the idle screen shows beside the name. */
  phoneNumber: string;
  expiresSeconds: number;
  codecs: readonly CodecName[];
  srtp: FullView['srtp'];
  verifiesServer: boolean;
  /** Whether it takes requests from its own servers only. */
  filtersSources: boolean;
}

const TRANSPORTS = { udp: '0', tcp: '1', tls: '2' } as const;
const SRTP_MODES = { required: '0', optional: '1', off: '2' } as const;
/** What a name has room for. */
const LONGEST_NAME = 24;

export function lineSettings(number: number, line: LineSettings, model: PanasonicModel): Settings {
  const isNewer = model.series === 'hdv' || model.series === 'tgp6';
  const proxy = line.outboundProxy;
  const host = plainHost(line.host);
  const port = portText(line.port, line.transport);
  // Where the signalling that carries its keys is encrypted, and only if the other side takes it.
  const srtp = line.srtp ?? (line.transport === 'tls' ? 'optional' : 'off');
  const settings: [string, string][] = [
    ['PHONE_NUMBER', line.phoneNumber],
    ['DISPLAY_NAME', Array.from(line.displayName).slice(0, LONGEST_NAME).join('')],
    ['SIP_URI', `sip:${line.sipUser}@${uriHost(line.host)}`],
    ['SIP_AUTHID', line.authUser],
    ['SIP_PASS', line.password],
    ['SIP_RGSTR_ADDR', host],
    ['SIP_RGSTR_PORT', port],
    ['SIP_PRXY_ADDR', host],
    ['SIP_PRXY_PORT', port],
    ['SIP_PRSNC_ADDR', host],
    ['SIP_PRSNC_PORT', port],
    ['SIP_OUTPROXY_ADDR', proxy === null ? CLEARED : plainHost(proxy.host)],
    ['SIP_OUTPROXY_PORT', portText(proxy?.port ?? null, line.transport)],
    ['SIP_SVCDOMAIN', uriHost(line.host)],
    ['SIP_DNSSRV_ENA', line.port === null || proxy?.port === null ? 'Y' : 'N'],
    ['SIP_TRANSPORT', TRANSPORTS[line.transport]],
    ['SIP_DETECT_SSAF', line.filtersSources ? 'Y' : 'N'],
    ['REG_EXPIRE_TIME', String(line.expiresSeconds)],
    ...codecSettings(line.codecs, model),
  ];
  if (isNewer) {
    settings.push(
      ['SRTP_CONNECT_MODE', SRTP_MODES[srtp]],
      ['SIP_TLS_VERIFY', line.verifiesServer ? '1' : '0'],
    );
  }
  if (model.series === 'ut') settings.push(['LINE_ENABLE', 'Enabled']);
  if (model.series === 'tgp5') settings.push(['LINE_ID', line.phoneNumber]);
  return new Map(settings.map(([name, value]) => [`${name}_${number}`, value]));
}

/** The one line of a phone without lines of its own. */
export function serviceSettings(service: ServiceView, model: PanasonicModel): Settings {
  const { series } = model;
  // Of the older series no TLS is known.
  const line = series === 'ut' || series === 'tgp5' ? plainServiceLine(service) : serviceLine(service);
  const displayName = model.handsets > 0 ? shortDisplayText(service.displayText) : service.displayText;
  return lineSettings(
    1,
    {
      ...line,
      phoneNumber: service.serviceNumber,
      displayName,
      verifiesServer: false,
      filtersSources: true,
    },
    model,
  );
}

/** The port to ask where the DNS (SRV) names none. */
function portText(port: number | null, transport: LineView['transport']): string {
  return String(port ?? (transport === 'tls' ? 5061 : 5060));
}

/** How the phones count codecs, and their names and payload types (RFC 3551); none has Opus. */
const CODECS: Partial<Record<CodecName, { number: number; name: string; payloadType: string }>> = {
  g722: { number: 0, name: 'G722', payloadType: '9' },
  pcma: { number: 1, name: 'PCMA', payloadType: '8' },
  g729: { number: 3, name: 'G729A', payloadType: '18' },
  pcmu: { number: 4, name: 'PCMU', payloadType: '0' },
};

/** In the order of preference; the others are switched off. */
function codecSettings(codecs: readonly CodecName[], { series }: PanasonicModel): [string, string][] {
  const wanted = codecs.flatMap((name) => CODECS[name] ?? []).slice(0, CODEC_NUMBERS.length);
  return wanted.flatMap(({ number, name, payloadType }, at): [string, string][] =>
    series === 'tgp5'
      ? [
          [`SDP_CODEC${at}`, name],
          [`SDP_PTYPE${at}`, payloadType],
        ]
      : [
          [`CODEC_ENABLE${number}`, 'Y'],
          [`CODEC_PRIORITY${number}`, String(at + 1)],
        ],
  );
}

/**
 * Which handset has which line: the line of a handset (0 is the first, in the order of the names)
 * is the one that it rings for and dials with. Nothing on desk phones.
 */
export function handsetSettings(model: PanasonicModel, lineOf: (handset: number) => number): Settings {
  const handsets = handsetNames(model).map((name, at) => ({ name, line: lineOf(at) }));
  const settings = new Map<string, string>();
  if (handsets.length === 0) return settings;
  const lines = Array.from({ length: model.lines }, (_, at) => at + 1);
  for (const line of lines) {
    const ringing = handsets.map((handset) => (handset.line === line ? '1' : '0'));
    settings.set(`INCOMING_CALL_GROUP_${line}`, ringing.join(','));
  }
  for (const { name, line } of handsets) {
    const own = lines.map((number) => (number === line ? '1' : '0')).join(',');
    settings.set(`OUTGOING_CALL_LINE_${name}`, own);
    settings.set(`DEFAULT_LINE_SELECT_${name}`, own);
  }
  return settings;
}

const LANGUAGES = ['cs', 'da', 'de', 'en', 'es', 'fi', 'fr', 'it', 'nl', 'pl', 'pt', 'ru', 'sv'];

function languageCode(tag: string, series: PanasonicModel['series']): string {
  const language = primaryLanguage(tag);
  const known = LANGUAGES.includes(language) ? language : 'en';
  return known === 'en' && (series === 'ut' || series === 'tgp5') ? 'en-US' : known;
}
