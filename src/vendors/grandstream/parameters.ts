import { primaryLanguage } from '../../domain/language.js';
import { ofTone, type Tone } from '../call-progress-tones.js';
import { NO_NAME, OWNED } from '../free-parameters.js';
import { listPerModel, oncePerModel } from '../parameter-list.js';
import {
  certificateCheck,
  inFull,
  inMinimal,
  LEFT,
  minutesOf,
  numbered,
  owned,
  type Table,
} from '../parameter-table.js';
import { WARM_LINE_SECONDS } from '../service-line.js';
import { type ClockChange, offsetText, ofZone, twoDigits, type ZoneRules } from '../time-zone.js';
import type { ConfigurationView } from '../vendor.js';
import { escapeXml } from '../xml.js';
import { accountTable, type AccountValues } from './account-parameters.js';
import { ADAPTER_ACCOUNTS, adapterPort, phoneAccount } from './account-values.js';
import { keysOf, keyTable } from './key-values.js';
import { type AdapterModel, EVERY_MODEL, type GrandstreamModel, modelOf, type PhoneModel } from './models.js';

/** Below it the phone takes an hour all the same. */
const SHORTEST_CHECK_MINUTES = 60;
/** The longest interval of the phone book's download. */
const PHONE_BOOK_MINUTES = 720;

type Device<Model = GrandstreamModel> = [view: ConfigurationView, model: Model];

const password = (view: ConfigurationView): string => view.phonePassword;

/** Where the phone asks: over HTTP or HTTPS, and host and path, to which it adds the file. */
export const SERVER: Table<[url: string]> = { 212: ['2', protocolOf], 237: ['', hostAndPath] };

/** Of every device, by the numbers of the P-values. */
export const DEVICE: Table<Device> = {
  // The passwords of the administrator and of the user.
  2: ['', password],
  196: ['', password],
  // Configuration: over HTTPS, from where, without prefix and postfix, neither encrypted nor with
  // HTTP credentials.
  212: ['2', (view) => protocolOf(view.provisioningUrl)],
  237: ['', (view) => hostAndPath(view.provisioningUrl)],
  234: '',
  235: '',
  1359: '',
  1360: '',
  1361: '',
  240: '0',
  // Another server from DHCP, from a 3CX (found by multicast) or from TR-069 would win over the URL
  // that carries the token.
  145: '0',
  1411: '0',
  1414: '0',
  1409: '0',
  // Every so many minutes: the same wish has another number on either kind.
  194: ['0', (_, model) => (model.kind === 'phone' ? '1' : '3')],
  193: ['10080', (view) => String(Math.max(SHORTEST_CHECK_MINUTES, minutesOf(view.refreshSeconds)))],
  8458: '0',
  // Firmware; 2 asks for none. The value is a folder; the phone knows the name of its file.
  192: ['', inFull(({ firmwareUrl: url }) => (url === null ? '' : hostAndPath(url.replace(/[^/]*$/, ''))))],
  232: '',
  233: '',
  238: ['2', inFull(({ firmwareUrl }) => (firmwareUrl === null ? null : '0'))],
  // A NOTIFY is not challenged; `fromProxyOnly` of the account limits where it may come from.
  4428: '1',
  // The chain and the name of servers that files come from. A phone that falls back could not find
  // us again if the check were stricter, and any host could impersonate us if it were laxer.
  8463: [LEFT, certificateCheck('1', '0')],
  22030: [LEFT, certificateCheck('1', '0')],
  // No SSH.
  276: '1',
  1650: ['0', (view, model) => (model.kind === 'phone' ? webPage(view) : '0')],
  // The clock; DHCP does not set the zone. `customize` makes P246 count, which can say every zone.
  30: [LEFT, (view) => view.ntpServer],
  144: '0',
  64: [LEFT, ofZone(() => 'customize')],
  246: [LEFT, ofZone(zoneText)],
  143: '0',
};

export const PHONE: Table<Device<PhoneModel>> = {
  8337: '0',
  8467: '0',
  6767: ['2', inFull(({ firmwareUrl: url }) => (url === null ? null : protocolOf(url)))],
  // Firmware is taken without asking the user.
  8375: '0',
  8469: '0',
  // The menu asks for the administrator's password; the keypad is not locked, and these can be
  // dialled when a user locks it.
  1357: '2',
  1382: '0',
  8385: ['', (view) => view.emergencyNumbers.join(',')],
  // The phone adds the name of the phone book's file itself.
  330: ['0', inFull(({ phoneBook }) => phoneBook && (protocolOf(phoneBook.url) === '2' ? '3' : '1'))],
  331: [
    '',
    inFull(({ phoneBook }) => phoneBook && hostAndPath(phoneBook.url.replace(/\/phonebook\.xml$/i, ''))),
  ],
  332: ['0', inFull(({ phoneBook }) => phoneBook && String(PHONE_BOOK_MINUTES))],
  6713: '',
  6714: '',
  71: ['', inMinimal((view, model: PhoneModel) => (model.hasWarmLine ? view.serviceNumber : null))],
  8388: ['0', inMinimal((_, model: PhoneModel) => (model.hasWarmLine ? String(WARM_LINE_SECONDS) : null))],
  1362: [LEFT, ({ language }) => languageName(language)],
  343: [LEFT, ofTone('dial', phoneTone)],
  346: [LEFT, ofTone('ringback', phoneTone)],
  348: [LEFT, ofTone('busy', phoneTone)],
  349: [LEFT, ofTone('congestion', phoneTone)],
};

/** They show nothing, and their voice speaks what their firmware has. */
export const ADAPTER: Table<Device<AdapterModel>> = {
  // The password of a third web account, and no web page on the side of the network.
  28113: ['', password],
  190: ['0', inFull((view) => (view.webInterface ? '1' : '0'))],
  4000: [LEFT, ofTone('dial', adapterTone)],
  4001: [LEFT, ofTone('ringback', adapterTone)],
  4002: [LEFT, ofTone('busy', adapterTone)],
  4003: [LEFT, ofTone('congestion', adapterTone)],
};

/** The name of a P-value. */
export const pValue = (number: string): string => `P${number}`;

/** The parameters owned on a model. */
export const ownedParameters = listPerModel((model: GrandstreamModel) => [
  owned(DEVICE, writeParameter, pValue),
  owned(model.kind === 'phone' ? PHONE : ADAPTER, writeParameter, pValue),
  ...accountTables(model).map((table) => owned(table, writeParameter)),
  ...(model.kind === 'phone' ? keysOf(model) : []).map((key) => owned(keyTable(key), writeParameter)),
]);

/** The tables of accounts, or of ports, or of profiles and then their ports. */
export const accountTables = oncePerModel((model: GrandstreamModel) => accountsOf(model).map(accountTable));

function accountsOf(model: GrandstreamModel): readonly AccountValues[] {
  if (model.kind === 'phone') {
    return numbered(model.accounts, (number) => phoneAccount(number, model.fifthAccount));
  }
  const own = ADAPTER_ACCOUNTS.slice(0, model.ports);
  return model.hasProfiles ? [...own, ...numbered(model.ports, adapterPort)] : own;
}

export function writeParameter(name: string, value: string): string {
  return `<${name}>${escapeXml(value)}</${name}>\n`;
}

function protocolOf(url: string): '1' | '2' {
  return /^https:/i.test(url) ? '2' : '1';
}

/** Without a slash at the end. */
function hostAndPath(url: string): string {
  return url.replace(/^[a-z]+:\/\//i, '').replace(/\/+$/, '');
}

function webPage(view: ConfigurationView): string {
  return 'lines' in view && view.webInterface ? '0' : '2';
}

const LANGUAGES = new Set([
  'de',
  'en',
  'es',
  'fr',
  'he',
  'hr',
  'hu',
  'it',
  'ja',
  'ko',
  'nl',
  'pl',
  'pt',
  'ru',
  'tr',
]);

function languageName(tag: string): string {
  const language = primaryLanguage(tag);
  return LANGUAGES.has(language) ? language : 'en';
}

/** The rules of a zone in the form of the TZ variable (POSIX.1, 8.3). */
function zoneText({ offsetMinutes, summer }: ZoneRules): string {
  const standard = `MTZ${westward(offsetMinutes)}`;
  if (summer === null) return standard;
  const saving = `MDT${westward(offsetMinutes + summer.savedMinutes)}`;
  return `${standard}${saving},${changeText(summer.start)},${changeText(summer.end)}`;
}

/** What is to be added to get UTC: Berlin is `-1`. */
function westward(offsetMinutes: number): string {
  return `${offsetMinutes > 0 ? '-' : '+'}${offsetText(offsetMinutes, { sparesMinutes: true })}`;
}

/** Month, week, weekday (0 is Sunday) and time: `M3.5.0/02:00:00`. */
function changeText({ month, week, weekday, hour, minute }: ClockChange): string {
  return `M${month}.${week}.${weekday % 7}/${twoDigits(hour)}:${twoDigits(minute)}:00`;
}

/** `f1=425,f2=425,c=100/400;`: times in 10 ms, and always two frequencies. */
function phoneTone({ frequencies: [first, second = first], cadence }: Tone): string {
  const times = cadence.map(({ on, off }) => `${Math.round(on / 10)}/${Math.round(off / 10)}`);
  return `f1=${first},f2=${second}${times.length === 0 ? '' : `,c=${times.join('-')}`};`;
}

/** dBm, as the adapters' manuals have it for the dial tone. */
const LEVEL = -13;

/** `f1=425@-13,c=1000/4000;`: times in milliseconds, 0/0 does not end. */
function adapterTone({ frequencies, cadence }: Tone): string {
  const sounds = frequencies.map((hertz, at) => `f${at + 1}=${hertz}@${LEVEL}`);
  const times = cadence.map(({ on, off }) => `${on}/${off}`);
  return `${sounds.join(',')},c=${times.join('-') || '0/0'};`;
}

/**
 * Beyond what we set: at which hour and on which day a phone asks, by the older and the newer
 * number of the kind of its schedule; a server of TR-069 with its credentials and certificates; and
 * the credentials of the server of firmware.
 */
const OURS = /^P(?:285|286|8459|22296|450[3-9]|451[01]|6768|6769|8220|8221)$/;

/**
 * Why a free parameter cannot be set, in words; null when it can. The same for all phones, and for
 * all adapters; without a model it has to be free on both, for a tenant's devices are of many
 * kinds.
 */
export function rawFault(name: string, model: string | null): string | null {
  if (!/^P[1-9]\d{0,5}$/.test(name)) return NO_NAME;
  const kind = model === null ? null : modelOf(model).kind;
  const models = EVERY_MODEL.filter((one) => kind === null || one.kind === kind);
  return OURS.test(name) || models.some((one) => ownedParameters(one).owns(name)) ? OWNED : null;
}
