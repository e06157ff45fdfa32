import { hostPort } from '../../domain/host.js';
import { type Account, lineAccounts, shareServers, shortLabel } from '../accounts.js';
import { joinSettings, listPerModel, type OwnedParameter } from '../parameter-list.js';
import {
  certificateCheck,
  inFull,
  LEFT,
  minutesOf,
  type NameOf,
  numbered,
  owned,
  type Table,
  valuesOf,
} from '../parameter-table.js';
import { serviceLine, serviceOf, shortDisplayText } from '../service-line.js';
import type { ConfigurationView, RenderedDocument } from '../vendor.js';
import { codecList, languageName, ofIndex, settingsFile, toneScheme, writeSetting } from './format.js';
import type { DectModel } from './models.js';

/** How many SIP servers a base knows; the extensions share them. */
const SERVERS = 10;

/** The phone book is an XML file on a server. */
const PHONE_BOOK_IS_XML = '3';

const password = (view: ConfigurationView): string => view.phonePassword;

/** Of the base. The clock's zone is left as the base has it. */
export const BASE: Table<[ConfigurationView]> = {
  // The base puts its MAC in place of {mac}.
  setting_server: ['', (view) => `${view.provisioningUrl}{mac}.xml`],
  auto_resync_polling: ['disabled', () => 'enabled'],
  auto_resync_period: ['0', (view) => String(minutesOf(view.refreshSeconds))],
  auto_resync_max_delay: '0',
  // From either the base could learn another URL at the next boot than the one with the token.
  dhcp_option_pnp: 'off',
  pnp_config: 'off',
  tls_server_authentication: [LEFT, certificateCheck('on', 'off')],
  sip_check_sync_always_reboot: 'off',
  disable_http_server: ['enabled', inFull((view) => (view.webInterface ? 'disabled' : 'enabled'))],
  secure_web: 'on',
  http_user: 'admin',
  http_pass: ['', password],
  http_engineer_user: 'Engineer',
  http_engineer_pass: ['', password],
  http_basic_user: 'User',
  http_basic_pass: ['', password],
  admin_mode_password: ['', password],
  phonebook_server_location: ['0', inFull((view) => (view.phoneBook === null ? '0' : PHONE_BOOK_IS_XML))],
  phonebook_location: ['', inFull((view) => view.phoneBook?.url ?? '')],
  language: [LEFT, languageName],
  web_language: [LEFT, languageName],
  tone_scheme: [LEFT, inFull(toneScheme)],
  ntp_server: [LEFT, (view) => view.ntpServer],
};

/** Of each SIP server. */
export const SERVER: Table<[account: Account, number: number]> = {
  srv_sip_server_alias: ['', (_, number) => `Server ${number}`],
  user_host: ['', hostPort],
  user_outbound: ['', (account) => hostPort(account.outboundProxy ?? account)],
  srv_sip_transport: ['udp', (account) => account.transport],
  user_expiry: ['3600', (account) => String(account.expiresSeconds)],
  user_srtp: ['off', (account) => (account.srtp === 'off' ? 'off' : 'on')],
  // RFC 4733.
  user_dtmf_info: 'off',
  // Keeps a NAT's port for the base.
  keepalive_interval: 'on',
  codec_priority_list: ['pcma,pcmu,telephone-event', codecList],
};

/**
 * Of each extension. The handset that is registered for it (IPUI, access code) is left as it is.
 */
export const EXTENSION: Table<[account: Account, server: number]> = {
  user_active: ['off', () => 'on'],
  user_realname: ['', (account) => account.displayName],
  user_name: ['', (account) => account.sipUser],
  user_pname: ['', (account) => account.authUser],
  user_pass: ['', (account) => account.password],
  user_mailbox: ['', (account) => account.voicemailNumber],
  user_mailnumber: ['', (account) => account.voicemailNumber],
  subscr_sip_line_name: ['', (account) => account.label],
  subscr_sip_ua_data_server_id: ['1', (_, server) => String(server)],
  // The number of the handset that it is of: its own number.
  subscr_sip_hs_idx: '',
};

const baseSettings = listPerModel((model: DectModel) => [
  ownedBy(BASE),
  ...numbered(SERVERS, (index) => ownedBy(SERVER, ofIndex(index))),
  ...numbered(model.extensions, (index) =>
    ownedBy({ ...EXTENSION, subscr_sip_hs_idx: String(index) }, ofIndex(index)),
  ),
]);

function ownedBy(table: Table<never[]>, nameOf?: NameOf): OwnedParameter[] {
  return owned(table, writeBaseSetting, nameOf);
}

/** A base has no permissions. */
export function writeBaseSetting(name: string, value: string): string {
  return writeSetting(name, value, null);
}

/**
 * Every setting owned on the base, which has no keys and no warm line, and takes firmware and
 * languages by versions only. An extension whose server there is no room for is left out.
 *
 * @param free the free settings, as they stand in the document
 */
export function renderBase(view: ConfigurationView, model: DectModel, free: string): RenderedDocument {
  const { servers, placed } = shareServers(extensionsOf(view, model), SERVERS, (account) => [
    ...valuesOf(SERVER, [account, 0]),
  ]);
  const settings = joinSettings(
    valuesOf(BASE, [view]),
    ...servers.map((account, at) => valuesOf(SERVER, [account, at + 1], ofIndex(at + 1))),
    ...placed.map(({ account, place, server }) =>
      valuesOf(EXTENSION, [account, server + 1], ofIndex(place + 1)),
    ),
  );
  const content = baseSettings(model).write(settings) + free;
  return settingsFile(`<phone-settings e="2">\n${content}</phone-settings>\n`);
}

/**
 * How many handsets may call the service and emergency numbers: all of a small base. Each registers
 * the one account once more.
 */
const SHARING_HANDSETS = 20;

/**
 * An extension for each line, or for the first handsets, which share the account of the service.
 */
function extensionsOf(view: ConfigurationView, model: DectModel): Account[] {
  const service = serviceOf(view);
  if (service === null) {
    return lineAccounts(view, model.extensions).map((account) => ({
      ...account,
      label: shortLabel(account.label),
    }));
  }
  const text = shortDisplayText(service);
  const extension = { ...serviceLine(service), label: text, displayName: text };
  return numbered(Math.min(SHARING_HANDSETS, model.extensions), () => extension);
}
