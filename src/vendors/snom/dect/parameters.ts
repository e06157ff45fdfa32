import { ParameterList } from '../../parameter-list.js';
import type { DectModel } from '../models.js';
import { type Entries, ownedSettings } from '../setting.js';

/** Left as the base has it, unless a document sets it. */
const LEFT = null;

/** How many SIP servers a base knows; the extensions share them. */
export const SERVERS = 10;

/** Of the base. */
export const BASE: Entries = {
  setting_server: '',
  auto_resync_polling: 'disabled',
  auto_resync_period: '0',
  auto_resync_max_delay: '0',
  // Of either another URL could be learnt at the next boot than the one that carries the token.
  dhcp_option_pnp: 'off',
  pnp_config: 'off',
  tls_server_authentication: LEFT,
  sip_check_sync_always_reboot: 'off',
  disable_http_server: 'enabled',
  secure_web: 'on',
  http_user: 'admin',
  http_pass: '',
  http_engineer_user: 'Engineer',
  http_engineer_pass: '',
  http_basic_user: 'User',
  http_basic_pass: '',
  admin_mode_password: '',
  phonebook_server_location: '0',
  phonebook_location: '',
  language: LEFT,
  web_language: LEFT,
  tone_scheme: LEFT,
  ntp_server: LEFT,
};

/** Of each SIP server. */
export const SERVER: Entries = {
  srv_sip_server_alias: '',
  user_host: '',
  user_outbound: '',
  srv_sip_transport: 'udp',
  user_expiry: '3600',
  user_srtp: 'off',
  // RFC 4733.
  user_dtmf_info: 'off',
  // Keeps a NAT's port for the base.
  keepalive_interval: 'on',
  codec_priority_list: 'pcma,pcmu,telephone-event',
};

/**
 * Of each extension. Which handset is registered for it (IPUI, access code) is the base's own
 * affair.
 */
export const EXTENSION: Entries = {
  user_active: 'off',
  user_realname: '',
  user_name: '',
  user_pname: '',
  user_pass: '',
  user_mailbox: '',
  user_mailnumber: '',
  subscr_sip_line_name: '',
  subscr_sip_ua_data_server_id: '1',
  // The number of the handset that it is of.
  subscr_sip_hs_idx: '',
};

const lists = new Map<DectModel, ParameterList>();

/** The settings owned on a base. */
export function baseSettings(model: DectModel): ParameterList {
  const known = lists.get(model);
  if (known !== undefined) return known;
  const list = new ParameterList([
    ownedSettings(BASE, null, () => null),
    ...Array.from({ length: SERVERS }, (_, at) => ownedSettings(SERVER, at + 1, () => null)),
    ...Array.from({ length: model.extensions }, (_, at) => extension(at + 1)),
  ]);
  lists.set(model, list);
  return list;
}

/** The extension of a number is that of the handset of the same number. */
function extension(index: number): ReturnType<typeof ownedSettings> {
  return ownedSettings({ ...EXTENSION, subscr_sip_hs_idx: String(index) }, index, () => null);
}
