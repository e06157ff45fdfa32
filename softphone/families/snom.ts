import { XMLParser } from 'fast-xml-parser';
import {
  readPlace,
  type PhoneAccount,
  type PhoneFamily,
  type ProvisionedPhone,
  type Settings,
} from '../phone-setup.js';

const XML = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
});

/** How many identities a desk phone has, and extensions a base. */
const IDENTITIES = 250;
/** A list may name another list, but not without end. */
const LIST_DEPTH = 3;

/**
 * snom (wiki, "Setting Files"). Below a directory it asks for the file of the model, that of the
 * model and MAC, and that of the firmware, in this order; a URL with `{mac}` it asks for as it
 * stands. Any of them may be a list of further files. Models of the M series are DECT bases.
 */
export const snom: PhoneFamily = {
  defaultModel: 'D785',
  userAgent: (model, macHex) =>
    isBase(model)
      ? `Mozilla/4.0 (compatible; Snom ${model} 05.20.0001 ${macHex})`
      : `Mozilla/4.0 (compatible; snom${model}-SIP 10.1.33.33 2010.12-00004-g9ba52f5 ${macHex.toUpperCase()} SXM:0 UXM:0)`,

  async provision(phone) {
    const files: string[] = [];
    for (const name of namesOf(phone)) files.push(...(await load(phone, name, LIST_DEPTH)));
    for (const file of files) merge(phone.settings, file);
    return files.length > 0;
  },

  setup(settings) {
    return {
      display: settings.get('user_idle_text/1') ?? settings.get('user_realname/1') ?? '',
      accounts: readAccounts(settings),
      provisioningUrl: directoryOf(settings.get('setting_server')),
      refreshSeconds: refreshSeconds(settings),
      warmLine: null,
    };
  },
};

function isBase(model: string): boolean {
  return /^M\d/.test(model);
}

function namesOf(phone: ProvisionedPhone): string[] {
  const { model } = phone;
  const [, page] = /([^/]*\{mac\}[^/]*)$/.exec(phone.settings.get('setting_server') ?? '') ?? [];
  const firmware = `snom${model}-firmware.htm`;
  if (page !== undefined) return [withMac(page, phone), firmware];
  return [`snom${model}.htm`, withMac(`snom${model}-{mac}.htm`, phone), firmware];
}

function withMac(text: string, phone: ProvisionedPhone): string {
  return text.replaceAll('{mac}', phone.macHex.toUpperCase());
}

/** Fetches a file, or all those that it lists. */
async function load(phone: ProvisionedPhone, name: string, depth: number): Promise<string[]> {
  const file = await phone.fetch(name);
  if (file === null) return [];
  const list = child(XML.parse(file) as unknown, 'setting-files');
  if (list === undefined) return [file];
  if (depth === 0) return [];
  const files: string[] = [];
  for (const entry of [child(list, 'file')].flat()) {
    const url = child(entry, '@url');
    if (typeof url === 'string') files.push(...(await load(phone, withMac(url, phone), depth - 1)));
  }
  return files;
}

/**
 * snom may be given a URL with `{mac}` or a file name at its end; what counts here is the
 * directory.
 */
function directoryOf(url: string | undefined): string | null {
  return url === undefined ? null : url.replace(/[^/]*$/, '');
}

/** Desk phones count seconds, bases minutes. */
function refreshSeconds(settings: Settings): number | null {
  const isPolling = settings.get('auto_resync_polling') === 'enabled';
  const seconds = isPolling
    ? Number(settings.get('auto_resync_period') ?? 0) * 60
    : Number(settings.get('settings_refresh_timer') ?? 0);
  return seconds > 0 ? seconds : null;
}

/** Not mentioned is unchanged; indexed settings are kept as `name/index`. */
function merge(settings: Settings, file: string): void {
  const document: unknown = XML.parse(file);
  const phoneSettings = child(child(document, 'settings'), 'phone-settings');
  if (typeof phoneSettings !== 'object' || phoneSettings === null) return;
  for (const [name, value] of Object.entries(phoneSettings)) {
    if (name.startsWith('@')) continue;
    for (const element of [value].flat()) {
      const index = child(element, '@idx');
      const text = typeof element === 'string' ? element : child(element, '#text');
      settings.set(
        typeof index === 'string' ? `${name}/${index}` : name,
        typeof text === 'string' ? text : '',
      );
    }
  }
}

function child(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null ? Reflect.get(node, name) : undefined;
}

function readAccounts(settings: Settings): PhoneAccount[] {
  const accounts: PhoneAccount[] = [];
  for (let index = 1; index <= IDENTITIES; index++) {
    const get = (name: string, at = index): string => settings.get(`${name}/${at}`) ?? '';
    if (get('user_active') !== 'on') continue;
    // An extension of a base names its server, an identity of a desk phone has one.
    const server = Number(get('subscr_sip_ua_data_server_id') || index);
    const { host, port } = readPlace(get('user_host', server));
    const transport =
      get('srv_sip_transport', server) || /transport=(udp|tcp|tls)/.exec(get('user_outbound', server))?.[1];
    accounts.push({
      label: get('user_idle_text') || get('subscr_sip_line_name') || get('user_realname'),
      user: get('user_name'),
      authUser: get('user_pname') || get('user_name'),
      password: get('user_pass'),
      host,
      port: port ?? 5060,
      transport: transport === 'tcp' || transport === 'tls' ? transport : 'udp',
    });
  }
  return accounts;
}
