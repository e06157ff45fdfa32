import { primaryLanguage } from '../../domain/language.js';
import type { CodecName } from '../../domain/phone-settings.js';
import { plainHost } from '../../domain/host.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { serviceLine } from '../service-line.js';
import type { CommonView, KeyView, LineView, ServiceView } from '../vendor.js';
import { clockSettings } from './clock.js';
import { keyPaths } from './keys.js';
import type { FanvilModel } from './models.js';

/** The parameters that both configurations set alike. */
export function commonSettings(view: CommonView, model: FanvilModel): Settings {
  return new Map([
    ['ap/FlashServerIP', view.provisioningUrl.replace(/\/+$/, '')],
    ['ap/FlashProtocol', /^https:/i.test(view.provisioningUrl) ? '5' : '4'],
    ['ap/FlashInterval', String(Math.max(1, Math.round(view.refreshSeconds / 3600)))],
    ['phone/MenuPassword', view.phonePassword],
    ['phone/KeyLockPassword', view.phonePassword],
    ['web/account[1]/Password', view.phonePassword],
    ['web/account[2]/Password', view.phonePassword],
    ['phone/EmergencyCall', view.emergencyNumbers.join(',')],
    ['phone/display/DefaultLanguage', languageName(view.language, model)],
    ['phone/date/SNTPServer', view.ntpServer],
    ...clockSettings(view),
  ]);
}

export interface LineSettings extends Omit<LineView, 'label'> {
  expiresSeconds: number;
  codecs: readonly CodecName[];
}

const TRANSPORTS = { udp: '0', tcp: '1', tls: '3' } as const;

export function lineSettings(number: number, line: LineSettings): Settings {
  const proxy = line.outboundProxy;
  const settings: [string, string][] = [
    ['PhoneNumber', line.sipUser],
    ['DisplayName', line.displayName],
    ['RegisterAddr', plainHost(line.host)],
    ['RegisterPort', portText(line)],
    ['RegisterUser', line.authUser],
    ['RegisterPswd', line.password],
    ['RegisterTTL', String(line.expiresSeconds)],
    ['EnableReg', '1'],
    ['ProxyAddr', proxy === null ? '' : plainHost(proxy.host)],
    ['ProxyPort', portText({ port: proxy?.port ?? null, transport: line.transport })],
    ['ProxyUser', proxy === null ? '' : line.authUser],
    ['ProxyPswd', proxy === null ? '' : line.password],
    ['Transport', TRANSPORTS[line.transport]],
    ['DNSSRV', (proxy ?? line).port === null ? '1' : '0'],
    ['VoiceCodecMap', line.codecs.map((codec) => CODECS[codec]).join(',')],
  ];
  return new Map(settings.map(([name, value]) => [`sip/line[${number}]/${name}`, value]));
}

/** The one line of a phone without lines of its own, and its key. */
export function serviceSettings(service: ServiceView, model: FanvilModel): Settings {
  const [firstKey] = keyPaths(model);
  return joinSettings(
    new Map([['phone/display/LCDTitle', service.displayText]]),
    lineSettings(1, serviceLine(service)),
    firstKey === undefined ? new Map() : lineKeySettings(firstKey, 1, service.displayText),
  );
}

const CODECS: Record<CodecName, string> = {
  g722: 'G722',
  pcma: 'PCMA',
  pcmu: 'PCMU',
  g729: 'G729',
  opus: 'OPUS',
};

/** Without one, the transport's own, should the DNS have none either. */
function portText({ port, transport }: Pick<LineView, 'port' | 'transport'>): string {
  return String(port ?? (transport === 'tls' ? 5061 : 5060));
}

/** A key that is a line's own. */
export function lineKeySettings(path: string, line: number, label: string): Settings {
  return keySettings(path, '2', `SIP${line}`, label);
}

/**
 * Number, line and what is done with it: `ba` watches and picks up, `f` only calls. Those signs
 * cannot be part of the number.
 */
export function otherKeySettings(path: string, key: KeyView): Settings {
  const number = key.value.replaceAll(/[@/]/g, '');
  return keySettings(path, '1', `${number}@${key.line}/${key.kind === 'blf' ? 'ba' : 'f'}`, key.label);
}

function keySettings(path: string, type: string, value: string, title: string): Settings {
  return new Map([
    [`${path}/Type`, type],
    [`${path}/Value`, value],
    [`${path}/Title`, title],
  ]);
}

const LANGUAGE_TAGS = new Set(['en', 'it', 'fr', 'de', 'es', 'tr', 'nl', 'pl', 'pt']);
const LANGUAGE_NUMBERS: Record<string, string> = { en: '0', nl: '3', fr: '4', it: '7', es: '10', de: '16' };
const LANGUAGE_NUMBERS_V: Record<string, string> = { ...LANGUAGE_NUMBERS, fr: '5', es: '6' };

function languageName(tag: string, model: FanvilModel): string {
  const language = primaryLanguage(tag);
  if (model.languages === 'tags') return LANGUAGE_TAGS.has(language) ? language : 'en';
  const numbers = model.languages === 'numbers-v' ? LANGUAGE_NUMBERS_V : LANGUAGE_NUMBERS;
  return Object.hasOwn(numbers, language) ? (numbers[language] ?? '0') : '0';
}
