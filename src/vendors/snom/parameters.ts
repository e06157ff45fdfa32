import { ParameterList } from '../parameter-list.js';
import { KEEP_ALIVE_SECONDS } from '../registration-expiry.js';
import { BASE, EXTENSION, SERVER } from './dect/parameters.js';
import type { DeskModel } from './models.js';
import { type Entries, ownedSettings, type Permission } from './setting.js';

/** Left as the phone has it, unless a document sets it. */
const LEFT = null;

/** Of the phone. The first is only effective where it stands. */
const PHONE: Entries = {
  auto_reboot_on_setting_change: 'off',
  setting_server: '',
  settings_refresh_timer: '86400',
  update_policy: 'auto_update',
  firmware: '',
  // Without dhcp and pnp, of which either would win over the URL that carries the token at the next
  // boot.
  provisioning_order: 'redirection:stop',
  pnp_config: 'off',
  // Made stricter, a phone that falls back might not find us again; made laxer, anybody could play
  // us.
  tls_server_authentication: LEFT,
  check_fqdn_against_server_cert: LEFT,
  webserver_type: 'off',
  http_user: 'admin',
  http_pass: '',
  webserver_admin_name: 'admin',
  webserver_admin_password: '',
  webserver_user_name: 'user',
  webserver_user_password: '',
  admin_mode: 'off',
  admin_mode_password: '',
  admin_mode_password_confirm: '',
  // SIP, and with it check-sync, from the registrar alone, and from there without a challenge.
  filter_registrar: 'on',
  challenge_checksync: 'off',
  challenge_reboot: 'off',
  keyboard_lock_emergency: '',
  dkey_directory: '',
  language: LEFT,
  web_language: LEFT,
  tone_scheme: LEFT,
  ntp_server: LEFT,
  timezone: LEFT,
  utc_offset: LEFT,
  dst: LEFT,
};

/** Of each identity. */
const IDENTITY: Entries = {
  user_active: 'off',
  user_realname: '',
  user_idle_text: '',
  user_idle_number: '',
  user_name: '',
  user_pname: '',
  user_pass: '',
  user_hash: '',
  user_host: '',
  user_outbound: '',
  user_expiry: '3600',
  user_srtp: 'off',
  user_savp: 'off',
  // RFC 4733, together with telephone-event among the codecs.
  user_dtmf_info: 'off',
  codec_priority_list: 'pcma,pcmu,telephone-event',
  user_mailbox: '',
  user_dp_str: '',
  // Keeps a NAT's port for the phone, which asks for answers to that (RFC 3581) in any case.
  keepalive_interval: String(KEEP_ALIVE_SECONDS),
};

/** With `R` an administrator at the phone could not enter the mode, or set the server, at all. */
function permissionOf(name: string): Permission {
  return name === 'setting_server' || name === 'admin_mode' ? 'RW' : 'R';
}

const lists = new Map<DeskModel, ParameterList>();

/** The settings owned on a desk phone. */
export function deskSettings(model: DeskModel): ParameterList {
  const known = lists.get(model);
  if (known !== undefined) return known;
  const identities = Array.from({ length: model.identities }, (_, at) =>
    ownedSettings(IDENTITY, at + 1, permissionOf),
  );
  const list = new ParameterList([ownedSettings(PHONE, null, permissionOf), ...identities]);
  lists.set(model, list);
  return list;
}

const OWNED = new Set(
  [PHONE, IDENTITY, BASE, SERVER, EXTENSION].flatMap((entries) =>
    Object.keys(entries).map((name) => name.toLowerCase()),
  ),
);

/**
 * Beyond what we set: what would take the phone away from us, at once or at the next boot, or open
 * it to others.
 */
const OURS =
  /^(?:prov_|pnp_|subscribe_config|ignore_dhcp_findings|dhcp_option|tr69|tr069|redirect|reset_settings|webserver_|http_(?:user|pass|client_|engineer_|basic_)|admin_mode|auto_resync_|management_|user_(?:uid|host|name$|pname|pass|hash|outbound|active|failover|sip_|proxy|auth(?!_tag))|emergency_proxy|challenge_|telnet|ssh|setting_server|settings?_|update_|firmware|srv_sip_(?:proxy|server|transport)|subscr_sip_|fkey|functionkeys|tbook|certificates|settings)/;

/**
 * Why a free setting cannot be set, in words; null when it can. The same for all models: a tenant's
 * phones are of many.
 */
export function rawFault(name: string): string | null {
  const [, setting] = /^([a-z_]\w{0,99})(?:\[\d{1,3}\])?$/i.exec(name) ?? [];
  if (setting === undefined) return 'is no setting name of this family';
  const plain = setting.toLowerCase();
  // Old firmware has the number of an identity at the end of the name: `user_host1`.
  const isOwned = OWNED.has(plain) || OWNED.has(plain.replace(/_?\d+$/, ''));
  return isOwned || OURS.test(plain.replace(/_?\d+$/, '')) ? 'is a setting that Dialgate makes itself' : null;
}
