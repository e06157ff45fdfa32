import { type OwnedParameter, ParameterList } from '../parameter-list.js';
import { KEEP_ALIVE_SECONDS } from '../registration-expiry.js';
import { EVERY_MODEL, type YealinkModel } from './models.js';

/** Clears a parameter (an empty value would only do so under overwrite_mode). */
export const CLEARED = '%NULL%';

/** Left as the phone has it, unless a document sets it. */
const LEFT = null;

/** How many entries we own of what a phone has several of. */
export const EMERGENCY_NUMBERS = 8;
export const SERVER_TEMPLATES = 5;
const PHONE_BOOKS = 5;

type Entries = Record<string, string | null>;

/** How the phone comes to its configuration, and who else may change it. */
const ACCESS: Entries = {
  'static.auto_provision.server.url': CLEARED,
  // A URL learnt from DHCP, PnP at the next boot would win over the one that carries the token.
  'static.auto_provision.dhcp_option.enable': '0',
  'static.auto_provision.pnp_enable': '0',
  // Nor is another one to be keyed in at the phone while it boots.
  'static.zero_touch.enable': '0',
  'static.auto_provision.power_on': '1',
  'static.auto_provision.repeat.enable': '1',
  'static.auto_provision.repeat.minutes': '1440',
  // What a user changed on the phone must not win over what we set.
  'static.auto_provision.custom.protect': '0',
  'static.auto_provision.user_agent_mac.enable': '1',
  'static.wui.http_enable': '0',
  'static.wui.https_enable': '0',
  'static.security.user_name.admin': 'admin',
};

/**
 * The phone's users, of whom two have well-known passwords at first. One parameter, once for each.
 */
const PASSWORDS: readonly OwnedParameter[] = ['user', 'var', 'admin'].map((user) => ({
  name: passwordOf(user),
  cleared: LEFT,
  write: (value) => `static.security.user_password = ${user}:${singleLine(value)}\n`,
}));

/** The name under which a document sets the password of a user of the phone. */
export function passwordOf(user: string): string {
  return `static.security.user_password(${user})`;
}

/** Of the phone as a whole. */
const PHONE: Entries = {
  // Cleared, it is as it was when the phone found us: made stricter it might not find us again,
  // made laxer anybody could play us. What it downloaded of an authority stays.
  'static.security.trust_certificates': CLEARED,
  'static.security.cn_validation': CLEARED,
  'static.security.ca_cert': '2',
  'static.trusted_certificates.url': CLEARED,
  'static.firmware.url': CLEARED,
  // check-sync fetches, and reboots only with `;reboot=true`; SIP is accepted from the SIP server
  // alone.
  'sip.notify_reboot_enable': '0',
  'sip.trust_ctrl': '1',
  'features.action_uri.enable': '0',
  'features.hotline_number': CLEARED,
  'features.hotline_delay': CLEARED,
  'features.remote_phonebook.enable': '0',
  // Emergency numbers go to the account's SIP server, registered or not, and from a locked keypad
  // too.
  'dialplan.emergency.enable': '1',
  'phone_setting.emergency.number': CLEARED,
  'gui_lang.url': CLEARED,
  'lang.gui': LEFT,
  'lang.wui': LEFT,
  'voice.tone.country': CLEARED,
  'local_time.ntp_server1': LEFT,
  'local_time.time_zone': LEFT,
  'local_time.summer_time': LEFT,
  'local_time.dst_time_type': LEFT,
  'local_time.start_time': LEFT,
  'local_time.end_time': LEFT,
  'local_time.offset_time': LEFT,
};

/** Of a DECT base as a whole: it hands on to its handsets what it is told of them. */
const BASE: Entries = {
  'static.auto_provision.handset_configured.enable': '1',
  'auto_provision.handset_configured.enable': '1',
  'custom.handset.language': LEFT,
};

/** Of each account, after `account.<n>.`. */
const ACCOUNT: Entries = {
  enable: '0',
  label: CLEARED,
  display_name: CLEARED,
  user_name: CLEARED,
  auth_name: CLEARED,
  password: CLEARED,
  'sip_server.1.address': CLEARED,
  'sip_server.1.port': CLEARED,
  'sip_server.1.transport_type': '0',
  'sip_server.1.expires': CLEARED,
  outbound_proxy_enable: '0',
  'outbound_proxy.1.address': CLEARED,
  'outbound_proxy.1.port': CLEARED,
  // It would swallow every number dialled, emergency numbers included.
  auto_dial_enable: '0',
  auto_dial_num: CLEARED,
  // RFC 4733 (the manual says RFC 2833).
  'dtmf.type': '1',
  srtp_encryption: '0',
  subscribe_mwi: '0',
  // Answers to the port that a NAT gives the phone (RFC 3581), and something now and then that
  // keeps it.
  'nat.rport': '1',
  'nat.udp_update_enable': '1',
  'nat.udp_update_time': String(KEEP_ALIVE_SECONDS),
  ...Object.fromEntries(
    ['pcma', 'pcmu', 'g722', 'g729', 'opus'].flatMap((codec) => [
      [`codec.${codec}.enable`, '0'],
      [`codec.${codec}.priority`, '0'],
    ]),
  ),
};

/** Accounts of a base have their SIP server from a template since V85, from themselves before. */
const BASE_ACCOUNT: Entries = { ...ACCOUNT, 'sip_server.template': CLEARED };

const TEMPLATE: Entries = {
  name: CLEARED,
  'sip_server.1.address': CLEARED,
  'sip_server.1.port': CLEARED,
  'sip_server.1.transport_type': '0',
  'sip_server.1.expires': CLEARED,
  'outbound.enable': '0',
  'outbound.1.address': CLEARED,
  'outbound.1.port': CLEARED,
};

const MODULE_KEY: Entries = { type: '0', line: CLEARED, value: CLEARED, label: CLEARED };
const LINE_KEY: Entries = { ...MODULE_KEY, extension: CLEARED };

const HANDSET: Entries = {
  name: CLEARED,
  incoming_lines: CLEARED,
  dial_out_lines: CLEARED,
  dial_out_default_line: CLEARED,
};

const lists = new Map<YealinkModel, ParameterList>();

/** The parameters owned on a model. */
export function ownedParameters(model: YealinkModel): ParameterList {
  const known = lists.get(model);
  if (known !== undefined) return known;
  const list = new ParameterList(ownedGroups(model));
  lists.set(model, list);
  return list;
}

function ownedGroups(model: YealinkModel): OwnedParameter[][] {
  const isBase = model.kind === 'dect';
  return [
    [...group('', ACCESS), ...PASSWORDS, ...group('', PHONE)],
    isBase ? group('', BASE) : [],
    ...groups('dialplan.emergency', EMERGENCY_NUMBERS, { value: CLEARED }),
    ...groups('remote_phonebook.data', PHONE_BOOKS, { url: CLEARED, name: CLEARED }),
    ...groups('template', isBase ? SERVER_TEMPLATES : 0, TEMPLATE),
    ...groups('account', model.accounts, isBase ? BASE_ACCOUNT : ACCOUNT),
    ...groups('voice_mail.number', model.accounts, { '': CLEARED }),
    ...groups('linekey', model.lineKeys, LINE_KEY),
    ...Array.from({ length: model.modules }, (_, at) =>
      groups(`expansion_module.${at + 1}.key`, model.moduleKeys, MODULE_KEY),
    ).flat(),
    ...groups('handset', model.handsets, HANDSET),
  ];
}

/** The same entries for each number from 1 on: `<prefix>.<number>.<entry>`. */
function groups(prefix: string, count: number, entries: Entries): OwnedParameter[][] {
  return Array.from({ length: count }, (_, at) => group(`${prefix}.${at + 1}`, entries));
}

function group(prefix: string, entries: Entries): OwnedParameter[] {
  return Object.entries(entries).map(([entry, cleared]) => {
    const name = [prefix, entry].filter((part) => part !== '').join('.');
    return { name, cleared, write: (value) => writeParameter(name, value) };
  });
}

export function writeParameter(name: string, value: string): string {
  return `${name} = ${singleLine(value)}\n`;
}

/**
 * There is no quoting: a value ends with its line. So nothing that ends a line, no other control
 * character and no half character gets into one; and one of which nothing is left clears.
 */
function singleLine(value: string): string {
  const line = value.replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line === '' ? CLEARED : line;
}

/**
 * Beyond what we set: what would take the phone away from us, at once (another server that manages
 * it) or after a reset to the factory's values, and names that old firmware has for the same
 * things.
 */
const OURS =
  /^(?:auto_?provision|zero_touch|managementserver|tr069|dm\.|overwrite_mode|custom_mac_cfg|configuration\.url|access_url|redirect|pnp|aes_key|hotdesking|(?:features\.)?(?:custom_factory|action_uri|push_xml)|push_xml|wui|security\.(?:user_|var_|dev_cert|default)|firmware|(?:trusted|server)_certificates|dialplan\.emergency|phone_setting\.emergency|account\.#\.(?:auto_dial|transport$|expires$|sip_server|outbound|user(?:_name)?$|auth_name|password|register_name|fallback\.))/;

let everyName: ReadonlySet<string> | undefined;

/**
 * Why a free parameter cannot be set, in words; null when it can. The same for all models: a
 * tenant's phones are of many.
 */
export function rawFault(name: string): string | null {
  if (!/^[A-Za-z_][\w.]{0,99}$/.test(name)) return 'is no parameter name of this family';
  everyName ??= new Set(
    EVERY_MODEL.flatMap((model) => ownedGroups(model).flat()).map((parameter) => kindOf(parameter.name)),
  );
  const kind = kindOf(name);
  return everyName.has(kind) || OURS.test(kind) ? 'is a parameter that Dialgate sets itself' : null;
}

/** A name for all of its kind: any number where it has one, with or without `static.`. */
function kindOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/^static\./, '')
    .replaceAll(/(?<=\.|^)\d+(?=\.|$)/g, '#');
}
