import { type OwnedParameter, ParameterList } from '../parameter-list.js';
import type { YealinkModel } from './models.js';

/** Clears a parameter (an empty value would only do so under overwrite_mode). */
export const CLEARED = '%NULL%';

/** Left as the phone has it, unless a document sets it. */
const LEFT = null;

/** How many entries we own of what a phone has several of. */
export const EMERGENCY_NUMBERS = 8;
const PHONE_BOOKS = 5;

/** Of the phone as a whole. */
const PHONE: Record<string, string | null> = {
  'static.auto_provision.server.url': CLEARED,
  // A URL learnt from DHCP, PnP at the next boot would win over the one that carries the token.
  'static.auto_provision.dhcp_option.enable': '0',
  'static.auto_provision.pnp_enable': '0',
  'static.auto_provision.power_on': '1',
  'static.auto_provision.repeat.enable': '1',
  'static.auto_provision.repeat.minutes': '1440',
  // What a user changed on the phone must not win over what we set.
  'static.auto_provision.custom.protect': '0',
  'static.auto_provision.user_agent_mac.enable': '1',
  'static.wui.http_enable': '0',
  'static.wui.https_enable': '0',
  'static.security.user_name.admin': 'admin',
  'static.security.user_password': CLEARED,
  // check-sync fetches, and reboots only with `;reboot=true`; SIP is accepted from the SIP server alone.
  'sip.notify_reboot_enable': '0',
  'sip.trust_ctrl': '1',
  'features.action_uri.enable': '0',
  'features.hotline_number': CLEARED,
  'features.hotline_delay': CLEARED,
  'features.remote_phonebook.enable': '0',
  // Emergency numbers go to the account's SIP server, registered or not, and from a locked keypad too.
  'dialplan.emergency.enable': '1',
  'phone_setting.emergency.number': CLEARED,
  'lang.gui': LEFT,
  'lang.wui': LEFT,
  'local_time.ntp_server1': LEFT,
  'local_time.time_zone': LEFT,
  'local_time.summer_time': LEFT,
  'local_time.dst_time_type': LEFT,
  'local_time.start_time': LEFT,
  'local_time.end_time': LEFT,
  'local_time.offset_time': LEFT,
};

/** Of each account, after `account.<n>.`. */
const ACCOUNT: Record<string, string> = {
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
  'codec.pcma.enable': '0',
  'codec.pcma.priority': '0',
  'codec.pcmu.enable': '0',
  'codec.pcmu.priority': '0',
  'codec.g722.enable': '0',
  'codec.g722.priority': '0',
};

const LINE_KEY: Record<string, string> = {
  type: '0',
  line: CLEARED,
  value: CLEARED,
  label: CLEARED,
  extension: CLEARED,
};

const HANDSET: Record<string, string> = {
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
  const list = new ParameterList([
    group('', PHONE),
    ...groups('dialplan.emergency', EMERGENCY_NUMBERS, { value: CLEARED }),
    ...groups('remote_phonebook.data', PHONE_BOOKS, { url: CLEARED, name: CLEARED }),
    ...groups('account', model.accounts, ACCOUNT),
    ...groups('voice_mail.number', model.accounts, { '': CLEARED }),
    ...groups('linekey', model.lineKeys, LINE_KEY),
    ...groups('handset', model.handsets, HANDSET),
  ]);
  lists.set(model, list);
  return list;
}

/** The same entries for each number from 1 on: `<prefix>.<number>.<entry>`. */
function groups(prefix: string, count: number, entries: Record<string, string>): OwnedParameter[][] {
  return Array.from({ length: count }, (_, at) => group(`${prefix}.${at + 1}`, entries));
}

function group(prefix: string, entries: Record<string, string | null>): OwnedParameter[] {
  return Object.entries(entries).map(([entry, cleared]) => {
    const name = [prefix, entry].filter((part) => part !== '').join('.');
    return { name, cleared, write: (value) => `${name} = ${singleLine(value)}\n` };
  });
}

/**
 * There is no quoting: a value ends with its line. So nothing that ends a line, and no other control character, gets into one; and one of
 * which nothing is left clears.
 */
function singleLine(value: string): string {
  const line = value.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line === '' ? CLEARED : line;
}
