import { plainHost } from '../../domain/host.js';
import { type Account, KEEP_ALIVE_SECONDS } from '../accounts.js';
import { NO_NAME, OWNED, ownedKinds } from '../free-parameters.js';
import { listPerModel, type OwnedParameter } from '../parameter-list.js';
import {
  certificateCheck,
  inFull,
  inMinimal,
  LEFT,
  minutesOf,
  type NameOf,
  numbered,
  owned,
  type Table,
} from '../parameter-table.js';
import { WARM_LINE_SECONDS } from '../service-line.js';
import { offsetText, ofSummer, ofZone } from '../time-zone.js';
import type { ConfigurationView, FullView, KeyView } from '../vendor.js';
import { EVERY_MODEL, type YealinkModel } from './models.js';
import { changeText, languageOf, toneCountryName } from './values.js';

/** Clears a parameter (an empty value would only do so under overwrite_mode). */
export const CLEARED = '%NULL%';

/** How many entries we own of what a phone has several of. */
export const EMERGENCY_NUMBERS = 8;
export const SERVER_TEMPLATES = 5;
const PHONE_BOOKS = 5;

type Phone = [view: ConfigurationView, model: YealinkModel];

/** How the phone comes to its configuration, and who else may change it. */
export const ACCESS: Table<Phone> = {
  'static.auto_provision.server.url': [CLEARED, (view) => view.provisioningUrl],
  // A URL learnt from DHCP or PnP at the next boot would win over the one that carries the token.
  'static.auto_provision.dhcp_option.enable': '0',
  'static.auto_provision.pnp_enable': '0',
  // Nor can another URL be keyed in at the phone while it boots.
  'static.zero_touch.enable': '0',
  'static.auto_provision.power_on': '1',
  'static.auto_provision.repeat.enable': '1',
  'static.auto_provision.repeat.minutes': ['1440', (view) => String(minutesOf(view.refreshSeconds))],
  // What a user changed on the phone must not win over what we set.
  'static.auto_provision.custom.protect': '0',
  'static.auto_provision.user_agent_mac.enable': '1',
  'static.wui.http_enable': '0',
  'static.wui.https_enable': ['0', inFull((view) => (view.webInterface ? '1' : '0'))],
  'static.security.user_name.admin': 'admin',
};

/**
 * One parameter, once for each of the phone's users, who stand before its value. Two of them have
 * well-known passwords at first.
 */
export const PASSWORDS: Table<Phone> = Object.fromEntries(
  ['user', 'var', 'admin'].map((user) => [
    `static.security.user_password = ${user}:`,
    [LEFT, ({ phonePassword }: ConfigurationView) => phonePassword],
  ]),
);

/** Bases have none. */
const hasHotline = ({ kind }: YealinkModel): boolean => kind === 'desk';
const languageName = (view: ConfigurationView): string => languageOf(view.language).name;

/** Of the phone as a whole. */
export const PHONE: Table<Phone> = {
  // A phone that falls back could not find us again if the check were stricter, and any host could
  // impersonate us if it were laxer. An authority that it downloaded stays.
  'static.security.trust_certificates': [CLEARED, certificateCheck('1', '0')],
  'static.security.cn_validation': [CLEARED, certificateCheck('1', '0')],
  'static.security.ca_cert': '2',
  'static.trusted_certificates.url': [CLEARED, inFull((view) => view.serverTrust.caUrl)],
  'static.firmware.url': [CLEARED, inFull((view) => view.firmwareUrl)],
  // check-sync fetches, and reboots only with `;reboot=true`; SIP is accepted from the SIP server
  // alone.
  'sip.notify_reboot_enable': '0',
  'sip.trust_ctrl': '1',
  'features.action_uri.enable': '0',
  'features.hotline_number': [
    CLEARED,
    inMinimal((view, model: YealinkModel) => (hasHotline(model) ? view.serviceNumber : null)),
  ],
  'features.hotline_delay': [
    CLEARED,
    inMinimal((_, model: YealinkModel) => (hasHotline(model) ? String(WARM_LINE_SECONDS) : null)),
  ],
  'features.remote_phonebook.enable': ['0', inFull((view) => (view.phoneBook === null ? '0' : '1'))],
  // Emergency numbers go to the account's SIP server, registered or not, and from a locked keypad
  // too.
  'dialplan.emergency.enable': '1',
  'phone_setting.emergency.number': [
    CLEARED,
    (view) => view.emergencyNumbers.slice(0, EMERGENCY_NUMBERS).join(','),
  ],
  'gui_lang.url': [CLEARED, inFull((view) => view.languageUrl)],
  'lang.gui': [LEFT, languageName],
  'lang.wui': [LEFT, languageName],
  'voice.tone.country': [CLEARED, inFull((view) => toneCountryName(view.toneCountry))],
  'local_time.ntp_server1': [LEFT, (view) => view.ntpServer],
  // The clock is set by rules (summer_time 1, by week) and not by the phone's own zone names, which
  // differ from firmware to firmware.
  'local_time.time_zone': [LEFT, ofZone(({ offsetMinutes }) => zoneText(offsetMinutes))],
  'local_time.summer_time': [LEFT, ofZone(({ summer }) => (summer === null ? '0' : '1'))],
  'local_time.dst_time_type': [LEFT, ofSummer(() => '1')],
  'local_time.start_time': [LEFT, ofSummer(({ start }) => changeText(start))],
  'local_time.end_time': [LEFT, ofSummer(({ end }) => changeText(end))],
  'local_time.offset_time': [LEFT, ofSummer(({ savedMinutes }) => String(savedMinutes))],
};

/** `+1`, `-3:30`, `0`. */
function zoneText(offsetMinutes: number): string {
  const sign = offsetMinutes === 0 ? '' : offsetMinutes < 0 ? '-' : '+';
  return sign + offsetText(offsetMinutes, { sparesMinutes: true });
}

/** Of a DECT base as a whole, which passes the settings of handsets on to them. */
export const BASE: Table<Phone> = {
  'static.auto_provision.handset_configured.enable': '1',
  'auto_provision.handset_configured.enable': '1',
  'custom.handset.language': [LEFT, (view) => languageOf(view.language).handsetCode],
};

export const EMERGENCY: Table<[number: string]> = { value: [CLEARED, (number) => number] };

export const PHONE_BOOK: Table<[book: NonNullable<FullView['phoneBook']>]> = {
  url: [CLEARED, (book) => book.url],
  name: [CLEARED, (book) => book.name],
};

const TRANSPORT_TYPES = { udp: '0', tcp: '1', tls: '2' } as const;
const SRTP_MODES = { off: '0', optional: '1', required: '2' } as const;

/** A port of 0 makes the phone ask the DNS (SRV). */
const portText = (server: { port: number | null } | null): string => String(server?.port ?? 0);

const SERVER: Table<[Account]> = {
  'sip_server.1.address': [CLEARED, (account) => plainHost(account.host)],
  'sip_server.1.port': [CLEARED, portText],
  'sip_server.1.transport_type': ['0', (account) => TRANSPORT_TYPES[account.transport]],
  'sip_server.1.expires': [CLEARED, (account) => String(account.expiresSeconds)],
};

const isProxied = ({ outboundProxy }: Account): string => (outboundProxy === null ? '0' : '1');
const proxyHost = ({ outboundProxy: proxy }: Account): string | null =>
  proxy === null ? null : plainHost(proxy.host);
const proxyPort = ({ outboundProxy }: Account): string => portText(outboundProxy);

export const ACCOUNT: Table<[Account]> = {
  enable: ['0', () => '1'],
  label: [CLEARED, (account) => account.label],
  display_name: [CLEARED, (account) => account.displayName],
  user_name: [CLEARED, (account) => account.sipUser],
  auth_name: [CLEARED, (account) => account.authUser],
  password: [CLEARED, (account) => account.password],
  ...SERVER,
  outbound_proxy_enable: ['0', isProxied],
  'outbound_proxy.1.address': [CLEARED, proxyHost],
  'outbound_proxy.1.port': [CLEARED, proxyPort],
  // It would replace every number dialled, emergency numbers included.
  auto_dial_enable: '0',
  auto_dial_num: CLEARED,
  // RFC 4733 (the manual says RFC 2833).
  'dtmf.type': '1',
  srtp_encryption: ['0', (account) => SRTP_MODES[account.srtp]],
  subscribe_mwi: ['0', (account) => (account.voicemailNumber === null ? '0' : '1')],
  // Answers to the port that a NAT gives the phone (RFC 3581), and packets that keep it open.
  'nat.rport': '1',
  'nat.udp_update_enable': '1',
  'nat.udp_update_time': String(KEEP_ALIVE_SECONDS),
  ...Object.fromEntries(
    (['pcma', 'pcmu', 'g722', 'g729', 'opus'] as const).flatMap((codec) => [
      [`codec.${codec}.enable`, ['0', ({ codecs }: Account) => (codecs.includes(codec) ? '1' : '0')]],
      [`codec.${codec}.priority`, ['0', ({ codecs }: Account) => String(codecs.indexOf(codec) + 1)]],
    ]),
  ),
};

/** Accounts of a base have their SIP server from a template since V85, from themselves before. */
const BASE_ACCOUNT: Table<[Account]> = { ...ACCOUNT, 'sip_server.template': CLEARED };

export const TEMPLATE: Table<[account: Account, number: number]> = {
  name: [CLEARED, (_, number) => `Server ${number}`],
  ...SERVER,
  'outbound.enable': ['0', isProxied],
  'outbound.1.address': [CLEARED, proxyHost],
  'outbound.1.port': [CLEARED, proxyPort],
};

export const VOICEMAIL: Table<[Account]> = { '': [CLEARED, (account) => account.voicemailNumber] };

/** A key: of a line by its number, or another one. */
export type Key = KeyView | { kind: 'line'; line: number; label: string; value: null };

const KEY_TYPES = { line: '15', blf: '16', 'speed-dial': '13' } as const;

export const MODULE_KEY: Table<[Key]> = {
  type: ['0', (key) => KEY_TYPES[key.kind]],
  line: [CLEARED, (key) => String(key.line)],
  value: [CLEARED, (key) => key.value],
  label: [CLEARED, (key) => key.label],
};
const LINE_KEY: Table<[Key]> = { ...MODULE_KEY, extension: CLEARED };

const accountText = (_name: string, account: number): string => String(account);

/** What a handset is called, and the one account that it receives and makes calls with. */
export const HANDSET: Table<[name: string, account: number]> = {
  name: [CLEARED, (name) => name],
  incoming_lines: [CLEARED, accountText],
  dial_out_lines: [CLEARED, accountText],
  dial_out_default_line: [CLEARED, accountText],
};

/** The parameters owned on a model. */
export const ownedParameters = listPerModel(ownedGroups);

function ownedGroups(model: YealinkModel): OwnedParameter[][] {
  const isBase = model.kind === 'dect';
  return [
    owned(ACCESS, writeParameter),
    owned(PASSWORDS, (name, value) => `${name}${singleLine(value)}\n`),
    owned(PHONE, writeParameter),
    isBase ? owned(BASE, writeParameter) : [],
    ...groups('dialplan.emergency', EMERGENCY_NUMBERS, EMERGENCY),
    ...groups('remote_phonebook.data', PHONE_BOOKS, PHONE_BOOK),
    ...groups('template', isBase ? SERVER_TEMPLATES : 0, TEMPLATE),
    ...groups('account', model.accounts, isBase ? BASE_ACCOUNT : ACCOUNT),
    ...groups('voice_mail.number', model.accounts, VOICEMAIL),
    ...groups('linekey', model.lineKeys, LINE_KEY),
    ...numbered(model.modules, (module) =>
      groups(`expansion_module.${module}.key`, model.moduleKeys, MODULE_KEY),
    ).flat(),
    ...groups('handset', model.handsets, HANDSET),
  ];
}

/** The same entries for each number from 1 on: `<prefix>.<number>.<entry>`. */
function groups(prefix: string, count: number, table: Table<never[]>): OwnedParameter[][] {
  return numbered(count, (number) => owned(table, writeParameter, below(`${prefix}.${number}`)));
}

/** Names of entries below a prefix; that of the entry '' is the prefix. */
export function below(prefix: string): NameOf {
  return (entry) => (entry === '' ? prefix : `${prefix}.${entry}`);
}

export function writeParameter(name: string, value: string): string {
  return `${name} = ${singleLine(value)}\n`;
}

/**
 * There is no quoting: a value ends with its line. So nothing that ends a line, no other control
 * character and no half of a surrogate pair gets into one. A value of which nothing is left clears.
 */
function singleLine(value: string): string {
  const line = value.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line === '' ? CLEARED : line;
}

/**
 * Beyond what we set: what would give the phone to another server, at once or after a factory
 * reset, and names that old firmware has for the same things.
 */
const OURS =
  /^(?:auto_?provision|zero_touch|managementserver|tr069|dm\.|overwrite_mode|custom_mac_cfg|configuration\.url|access_url|redirect|pnp|aes_key|hotdesking|(?:features\.)?(?:custom_factory|action_uri|push_xml)|push_xml|wui|security\.(?:user_|var_|dev_cert|default)|firmware|(?:trusted|server)_certificates|dialplan\.emergency|phone_setting\.emergency|account\.#\.(?:auto_dial|transport$|expires$|sip_server|outbound|user(?:_name)?$|auth_name|password|register_name|fallback\.))/;

const everyKind = ownedKinds(EVERY_MODEL, ownedGroups, kindOf);

/**
 * Why a free parameter cannot be set, in words; null when it can. The same for all models: a
 * tenant's phones are of many.
 */
export function rawFault(name: string): string | null {
  if (!/^[A-Za-z_][\w.]{0,99}$/.test(name)) return NO_NAME;
  const kind = kindOf(name);
  return everyKind().has(kind) || OURS.test(kind) ? OWNED : null;
}

/** A name for all of its kind: any number where it has one, with or without `static.`. */
function kindOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/^static\./, '')
    .replaceAll(/(?<=\.|^)\d+(?=\.|$)/g, '#');
}
