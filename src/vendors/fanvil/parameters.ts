import { plainHost } from '../../domain/host.js';
import { primaryLanguage } from '../../domain/language.js';
import type { CodecName } from '../../domain/phone-settings.js';
import { type Account, KEEP_ALIVE_SECONDS, portOf, proxyPortOf } from '../accounts.js';
import { OWNED } from '../free-parameters.js';
import { oncePerModel, ParameterList } from '../parameter-list.js';
import { certificateCheck, inFull, LEFT, lookUp, numbered, type Table } from '../parameter-table.js';
import { accountsOf, WARM_LINE_SECONDS } from '../service-line.js';
import { offsetText, ofSummer, ofZone, type SummerTime } from '../time-zone.js';
import type { ConfigurationView, FullView, KeyView } from '../vendor.js';
import { type Element, freePlace, parametersOf } from './elements.js';
import { type FanvilModel, keyPages, modelOf } from './models.js';

const PHONE_BOOKS = 5;

type Phone = [view: ConfigurationView, model: FanvilModel];

const password = (view: ConfigurationView): string => view.phonePassword;

/** Of the phone as a whole, by the elements that the parameters stand in. */
export const PHONE: Readonly<Record<string, Table<Phone>>> = {
  // It is provisioned by what it keeps in its flash and not by what DHCP or PnP say, of which
  // either would win over the token at the next boot.
  ap: {
    DefaultUsername: '',
    DefaultPassword: '',
    InputCfgFileName: '',
    DeviceCfgFileKey: '',
    CommonCfgFileKey: '',
    DownloadCommonConf: '0',
    DownloadDeviceConf: '1',
    SaveProvisionInfo: '1',
    FlashServerIP: ['', (view) => view.provisioningUrl.replace(/\/+$/, '')],
    FlashFileName: '$mac.cfg',
    FlashProtocol: ['5', (view) => (/^https:/i.test(view.provisioningUrl) ? '5' : '4')],
    // At intervals (of hours) and not only at the next boot.
    FlashMode: '2',
    FlashInterval: ['1', (view) => String(Math.max(1, Math.round(view.refreshSeconds / 3600)))],
  },
  'ap/pnp': { PNPEnable: '0' },
  'ap/opt': { DHCPOption: '0', DHCPv6Option: '0', DhcpOption120: '0' },
  AUTOUPDATE_CONFIG_MODULE: { Auto_Image_URL: ['', inFull((view) => view.firmwareUrl)] },
  fwCheck: { EnableAutoUpgrade: '0', UpgradeServer1: '', UpgradeServer2: '' },
  phone: {
    MenuPassword: ['', password],
    KeyLockPassword: ['', password],
    EnableKeyLock: '0',
    EmergencyCall: ['', (view) => view.emergencyNumbers.join(',')],
    // No server may push contents to the display.
    PushXMLIP: '',
    SIPNotifyXML: '0',
  },
  'phone/display': {
    LCDTitle: ['', (view) => accountsOf(view, 1)[0]?.label ?? null],
    DefaultLanguage: [LEFT, ({ language }, model) => languageName(language, model)],
  },
  // The zone in quarters of an hour, summer time (2: by rule) by week and weekday.
  'phone/date': {
    EnableSNTP: '1',
    SNTPServer: [LEFT, (view) => view.ntpServer],
    TimeZone: [LEFT, ofZone(({ offsetMinutes }) => String(Math.round(offsetMinutes / 15)))],
    TimeZoneName: [LEFT, ofZone(({ offsetMinutes }) => zoneName(offsetMinutes))],
    EnableDST: [LEFT, ofZone(({ summer }) => (summer === null ? '0' : '2'))],
    DSTFixedType: [LEFT, ofSummer(() => '2')],
    DSTMinOffset: [LEFT, ofSummer(({ savedMinutes }) => String(savedMinutes))],
    ...changeRows('DSTStart', 'start'),
    ...changeRows('DSTEnd', 'end'),
  },
};

const OTHERS: Readonly<Record<string, Table<Phone>>> = {
  mm: { SelectYourTone: [LEFT, inFull((view) => lookUp(TONES, (view.toneCountry ?? '').toUpperCase()))] },
  // Its keys cannot be pressed over the network, and no other server configures it.
  cti: { EnabledActiveUri: '0', ActiveUriIP: '' },
  tr069: { EnableTR069: '0' },
  web: { RemoteControl: '0', EnableTelnet: '0' },
  'web/account[1]': { Name: 'admin', Password: ['', password], Level: '10' },
  // This one comes with a well-known password.
  'web/account[2]': { Name: 'guest', Password: ['', password], Level: '5' },
  dot1x: {},
  // Only certificates that can be verified, and with the name of the server in them.
  'dot1x/sslMode': {
    PermissionCTF: ['0', certificateCheck('1', '0')],
    CommonName: ['0', certificateCheck('1', '0')],
  },
};

/** All elements with parameters of the phone as a whole. */
export const PHONE_WIDE = Object.entries({ ...PHONE, ...OTHERS });

export const PHONE_BOOK: Table<[book: NonNullable<FullView['phoneBook']>]> = {
  Name: ['', (book) => book.name],
  Addr: ['', (book) => book.url],
  UserName: '',
  PassWd: '',
  Sipline: '-1',
  BindLine: '-1',
};

const TRANSPORTS = { udp: '0', tcp: '1', tls: '3' } as const;
const CODECS: Record<CodecName, string> = {
  g722: 'G722',
  pcma: 'PCMA',
  pcmu: 'PCMU',
  g729: 'G729',
  opus: 'OPUS',
};

/** Of each line; `warmLine` is what it dials when nothing is keyed. */
export const LINE: Table<[account: Account, warmLine: string | null]> = {
  PhoneNumber: ['', ({ sipUser }) => sipUser],
  DisplayName: ['', ({ displayName }) => displayName],
  SipName: '',
  RegisterAddr: ['', ({ host }) => plainHost(host)],
  RegisterPort: ['5060', (account) => String(portOf(account))],
  RegisterUser: ['', ({ authUser }) => authUser],
  RegisterPswd: ['', (account) => account.password],
  RegisterTTL: ['3600', ({ expiresSeconds }) => String(expiresSeconds)],
  BackupAddr: '',
  EnableReg: ['0', () => '1'],
  ProxyAddr: ['', ({ outboundProxy: proxy }) => proxy && plainHost(proxy.host)],
  ProxyPort: ['5060', (account) => String(proxyPortOf(account))],
  ProxyUser: ['', ({ outboundProxy, authUser }) => outboundProxy && authUser],
  ProxyPswd: ['', (account) => account.outboundProxy && account.password],
  BakProxyAddr: '',
  Transport: ['0', ({ transport }) => TRANSPORTS[transport]],
  // Answers to the port that a NAT gives the phone (RFC 3581), and packets that keep it open.
  EnableRport: '1',
  NATUDPUpdate: '2',
  UDPUpdateTTL: String(KEEP_ALIVE_SECONDS),
  DNSSRV: ['0', (account) => ((account.outboundProxy ?? account).port === null ? '1' : '0')],
  // RFC 4733 (the manuals say RFC 2833).
  DTMFMode: '1',
  EnableHotline: ['0', (_, warmLine) => warmLine && '1'],
  HotlineNum: ['', (_, warmLine) => warmLine],
  // A time of 0 would dial at once.
  WarmLineTime: ['0', (_, warmLine) => warmLine && String(WARM_LINE_SECONDS)],
  VoiceCodecMap: ['PCMA,PCMU', ({ codecs }) => codecs.map((codec) => CODECS[codec]).join(',')],
  Subscribe: ['0', ({ voicemailNumber }) => (voicemailNumber === null ? '0' : '1')],
  MWINum: ['', ({ voicemailNumber }) => voicemailNumber],
};

/** A key: of a line by its number, or another one. */
export type Key = KeyView | { kind: 'line'; line: number; label: string };

export const KEY: Table<[Key]> = {
  Type: ['0', ({ kind }) => (kind === 'line' ? '2' : '1')],
  Value: ['', keyValue],
  Title: ['', ({ label }) => label],
};

/**
 * Number, line and what is done with it: `ba` watches and picks up, `f` only calls. Those signs
 * cannot be part of the number.
 */
function keyValue(key: Key): string {
  if (key.kind === 'line') return `SIP${key.line}`;
  return `${key.value.replaceAll(/[@/]/g, '')}@${key.line}/${key.kind === 'blf' ? 'ba' : 'f'}`;
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

/** `UTC+1`, `UTC-05`, `UTC+5:30`: the phone's own names, with two digits behind a minus only. */
function zoneName(offsetMinutes: number): string {
  if (offsetMinutes === 0) return 'UTC';
  const hourDigits = offsetMinutes < 0 ? 2 : 1;
  return `UTC${offsetMinutes < 0 ? '-' : '+'}${offsetText(offsetMinutes, { hourDigits, sparesMinutes: true })}`;
}

/** The last week is -1, Sunday is 0. */
function changeRows(name: string, which: 'start' | 'end'): Table<[ConfigurationView]> {
  const row = (value: (change: SummerTime['start']) => number) =>
    [LEFT, ofSummer((summer) => String(value(summer[which])))] as const;
  return {
    [`${name}Mon`]: row(({ month }) => month),
    [`${name}Week`]: row(({ week }) => (week === 5 ? -1 : week)),
    [`${name}Wday`]: row(({ weekday }) => weekday % 7),
    [`${name}Hour`]: row(({ hour }) => hour),
  };
}

/** By numbers, of which these are known. */
const TONES: Record<string, string> = {
  CA: '18',
  DE: '2',
  ES: '33',
  FR: '25',
  GB: '13',
  IT: '21',
  NL: '5',
  US: '11',
};

/** What is owned on a model: the list, and its paths in lower case and without indexes. */
const owned = oncePerModel((model: FanvilModel) => {
  const elements: Element[] = [
    ...Object.entries(PHONE),
    ...numbered(PHONE_BOOKS, (at): Element => [`phone/xmlContact[${at}]`, PHONE_BOOK]),
    ['sip', { NotifyReboot: '1' }],
    ...numbered(model.lines, (at): Element => [`sip/line[${at}]`, LINE]),
    ['dsskey', {}],
    ...keyPages(model).flatMap(({ page, keys }): Element[] => [
      [page, {}],
      ...keys.map((path): Element => [path, KEY]),
    ]),
    ...Object.entries(OTHERS),
  ];
  const groups = [...parametersOf(elements), [freePlace('')]];
  return {
    list: new ParameterList(groups),
    paths: new Set(['version', ...groups.flat().map(({ name }) => plainPath(name))]),
  };
});

/** The parameters owned on a model. */
export function ownedParameters(model: FanvilModel): ParameterList {
  return owned(model).list;
}

function plainPath(name: string): string {
  return name.replaceAll(/\[\d+\]/g, '').toLowerCase();
}

/**
 * Beyond what we set: all else of how the phone is provisioned and managed, the root itself, and
 * the modules of older firmware, with other names for all of it.
 */
const OURS =
  /^(?:(?:sysconf|voip_config_file|ap|tr069|fwcheck|upgrade|autoprov|pnp|opt|cms|fdms|fdcms|telnet|ssh|\w+_config_module)(?:\/|$)|web\/(?:account|remotecontrol|enabletelnet|enablessh)|sip\/(?:line\/)?(?:register|proxy|bac?k|phonenumber|sipname|enablereg|server(?:addr|port|name)|realm|localdomain|auth|enablehotline|hotline|warmline|outbound|stunserveraddr$))/;

const PATH = /^(?:[A-Za-z_][\w-]{0,63}(?:\[\d{1,3}\])?\/){0,6}[A-Za-z_][\w-]{0,63}(?:\[\d{1,3}\])?$/;

/**
 * Why a free parameter cannot be set, in words; null when it can. It is a path below the root, such
 * as `phone/softkey/DesktopSoftkey`. One of ours it is in any spelling, and with any index.
 */
export function rawFault(name: string, model: string | null): string | null {
  if (!PATH.test(name) || name.length > 200) return 'is no path of elements of this family';
  const { paths } = owned(modelOf(model));
  const path = plainPath(name);
  const segments = path.split('/');
  if (paths.has(`${path}/*`)) return 'is an element that has others in it';
  const isOurs = OURS.test(path) || segments.some((_, at) => paths.has(segments.slice(0, at + 1).join('/')));
  return isOurs ? OWNED : null;
}
