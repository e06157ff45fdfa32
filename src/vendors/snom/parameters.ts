import { type OwnedParameter, ParameterList } from '../parameter-list.js';
import type { SnomModel } from './models.js';
import { escapeXml } from './xml.js';

/** Left as the phone has it, unless a document sets it. */
const LEFT = null;

/** Of the phone. The first is only effective where it stands. */
const PHONE: Record<string, string | null> = {
  auto_reboot_on_setting_change: 'off',
  setting_server: '',
  settings_refresh_timer: '86400',
  update_policy: 'auto_update',
  // Without dhcp and pnp, of which either would win over the URL that carries the token at the next boot.
  provisioning_order: 'redirection:stop',
  pnp_config: 'off',
  webserver_type: 'off',
  http_user: 'admin',
  http_pass: '',
  webserver_admin_name: 'admin',
  webserver_admin_password: '',
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
  ntp_server: LEFT,
  timezone: LEFT,
  utc_offset: LEFT,
  dst: LEFT,
};

/** With `R` an administrator at the phone could not enter the mode, or set the server, at all. */
const READ_WRITE = new Set(['setting_server', 'admin_mode']);

/** Of each identity. */
const IDENTITY: Record<string, string> = {
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
};

const lists = new Map<SnomModel, ParameterList>();

/** The settings owned on a model. */
export function ownedSettings(model: SnomModel): ParameterList {
  const known = lists.get(model);
  if (known !== undefined) return known;
  const identities = Array.from({ length: model.identities }, (_, at) => group(IDENTITY, at + 1));
  const list = new ParameterList([group(PHONE, null), ...identities]);
  lists.set(model, list);
  return list;
}

function group(entries: Record<string, string | null>, identity: number | null): OwnedParameter[] {
  const index = identity === null ? '' : ` idx="${identity}"`;
  return Object.entries(entries).map(([name, cleared]) => {
    const open = `<${name}${index} perm="${READ_WRITE.has(name) ? 'RW' : 'R'}">`;
    return {
      name: identity === null ? name : identitySetting(name, identity),
      cleared,
      write: (value) => `${open}${escapeXml(value)}</${name}>\n`,
    };
  });
}

/** The name under which a document sets a setting of an identity. */
export function identitySetting(name: string, identity: number): string {
  return `${name}[${identity}]`;
}
