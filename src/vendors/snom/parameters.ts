import { hostPort } from '../../domain/host.js';
import { type Account, KEEP_ALIVE_SECONDS } from '../accounts.js';
import { listPerModel, type OwnedParameter } from '../parameter-list.js';
import {
  certificateCheck,
  inFull,
  LEFT,
  type NameOf,
  numbered,
  owned,
  type Table,
} from '../parameter-table.js';
import { type ClockChange, ofZone, twoDigits } from '../time-zone.js';
import type { ConfigurationView } from '../vendor.js';
import { BASE, EXTENSION, SERVER } from './dect.js';
import { codecList, languageName, ofIndex, toneScheme, writeSetting } from './format.js';
import type { DeskModel } from './models.js';

const password = (view: ConfigurationView): string => view.phonePassword;

/** Of the phone. The first is only effective where it stands. */
export const PHONE: Table<[ConfigurationView]> = {
  auto_reboot_on_setting_change: 'off',
  // The phone puts its MAC in place of {mac}: one request a fetch instead of three.
  setting_server: ['', (view) => `${view.provisioningUrl}{mac}.xml`],
  settings_refresh_timer: ['86400', (view) => String(view.refreshSeconds)],
  update_policy: 'auto_update',
  firmware: ['', inFull((view) => view.firmwareUrl)],
  // Without dhcp and pnp, of which either would win over the URL that carries the token at the next
  // boot.
  provisioning_order: 'redirection:stop',
  pnp_config: 'off',
  // A phone that falls back could not find us again if the check were stricter, and any host could
  // impersonate us if it were laxer.
  tls_server_authentication: [LEFT, certificateCheck('on', 'off')],
  check_fqdn_against_server_cert: [LEFT, certificateCheck('on', 'off')],
  webserver_type: ['off', inFull((view) => (view.webInterface ? 'https' : 'off'))],
  http_user: 'admin',
  http_pass: ['', password],
  webserver_admin_name: 'admin',
  webserver_admin_password: ['', password],
  webserver_user_name: 'user',
  webserver_user_password: ['', password],
  admin_mode: 'off',
  admin_mode_password: ['', password],
  admin_mode_password_confirm: ['', password],
  // SIP, and with it check-sync, from the registrar alone, and from there without a challenge.
  filter_registrar: 'on',
  challenge_checksync: 'off',
  challenge_reboot: 'off',
  keyboard_lock_emergency: ['', (view) => view.emergencyNumbers.join(' ')],
  dkey_directory: ['', inFull(({ phoneBook }) => (phoneBook === null ? '' : `url ${phoneBook.url}`))],
  language: [LEFT, languageName],
  web_language: [LEFT, languageName],
  tone_scheme: [LEFT, inFull(toneScheme)],
  ntp_server: [LEFT, (view) => view.ntpServer],
  // An empty `timezone` makes `utc_offset` and `dst` (both in seconds) count, which can say every
  // zone.
  timezone: [LEFT, ofZone(() => '')],
  utc_offset: [LEFT, ofZone(({ offsetMinutes: at }) => `${at < 0 ? '' : '+'}${at * 60}`)],
  dst: [
    LEFT,
    ofZone(({ summer }) =>
      summer === null
        ? ''
        : `${summer.savedMinutes * 60} ${changeText(summer.start)} ${changeText(summer.end)}`,
    ),
  ],
};

/** Month.week.weekday and the time: `03.05.07 02:00:00` is the last Sunday of March at two. */
function changeText({ month, week, weekday, hour, minute }: ClockChange): string {
  const day = [month, week, weekday].map(twoDigits).join('.');
  return `${day} ${twoDigits(hour)}:${twoDigits(minute)}:00`;
}

const SAVP = { off: 'off', optional: 'optional', required: 'mandatory' } as const;

/** Of each identity; `idleNumber` stands beside its label on the idle screen. */
export const IDENTITY: Table<[account: Account, idleNumber: string]> = {
  user_active: ['off', () => 'on'],
  user_realname: ['', (account) => account.displayName],
  user_idle_text: ['', (account) => account.label],
  user_idle_number: ['', (_, idleNumber) => idleNumber],
  user_name: ['', (account) => account.sipUser],
  user_pname: ['', (account) => account.authUser],
  user_pass: ['', (account) => account.password],
  user_hash: '',
  user_host: ['', hostPort],
  user_outbound: [
    '',
    (account) => `${hostPort(account.outboundProxy ?? account)};transport=${account.transport}`,
  ],
  user_expiry: ['3600', (account) => String(account.expiresSeconds)],
  user_srtp: ['off', (account) => (account.srtp === 'off' ? 'off' : 'on')],
  user_savp: ['off', (account) => SAVP[account.srtp]],
  // RFC 4733, together with telephone-event among the codecs.
  user_dtmf_info: 'off',
  codec_priority_list: ['pcma,pcmu,telephone-event', codecList],
  user_mailbox: ['', (account) => account.voicemailNumber],
  user_dp_str: '',
  // Keeps a NAT's port for the phone, which asks for answers to that (RFC 3581) in any case.
  keepalive_interval: String(KEEP_ALIVE_SECONDS),
};

/** With `R` an administrator at the phone could not enter the mode, or set the server, at all. */
export function writeDeskSetting(name: string, value: string): string {
  return writeSetting(name, value, name === 'setting_server' || name === 'admin_mode' ? 'RW' : 'R');
}

/** The settings owned on a desk phone. */
export const deskSettings = listPerModel((model: DeskModel) => [
  ownedBy(PHONE),
  ...numbered(model.identities, (index) => ownedBy(IDENTITY, ofIndex(index))),
]);

function ownedBy(table: Table<never[]>, nameOf?: NameOf): OwnedParameter[] {
  return owned(table, writeDeskSetting, nameOf);
}

const OWNED_NAMES = new Set(
  [PHONE, IDENTITY, BASE, SERVER, EXTENSION].flatMap((table) =>
    Object.keys(table).map((name) => name.toLowerCase()),
  ),
);

/**
 * Beyond what we set: what would give the phone to another server, at once or at the next boot, or
 * open it to others.
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
  const withoutNumber = plain.replace(/_?\d+$/, '');
  const isOwned = OWNED_NAMES.has(plain) || OWNED_NAMES.has(withoutNumber);
  return isOwned || OURS.test(withoutNumber) ? 'is a setting that Dialgate makes itself' : null;
}
