import { XMLParser } from 'fast-xml-parser';
import type { PhoneAccount, PhoneFamily, Settings } from '../phone-setup.js';

const XML = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
});

/** snom (wiki, "Setting Files"): the file of the model, then that of the model and MAC, which may be a list of further files. */
export const snom: PhoneFamily = {
  defaultModel: 'D785',
  userAgent: (model, macHex) =>
    `Mozilla/4.0 (compatible; snom${model}-SIP 10.1.33.33 2010.12-00004-g9ba52f5 ${macHex.toUpperCase()} SXM:0 UXM:0)`,

  async provision(phone) {
    const mac = phone.macHex.toUpperCase();
    const found = [
      await phone.fetch(`snom${phone.model}.htm`),
      await phone.fetch(`snom${phone.model}-${mac}.htm`),
    ];
    const files = found.filter((file) => file !== null);
    for (const file of files) merge(phone.settings, file);
    return files.length > 0;
  },

  setup(settings) {
    const accounts = readAccounts(settings);
    const refresh = Number(settings.get('settings_refresh_timer') ?? 0);
    return {
      display: settings.get('user_idle_text/1') ?? settings.get('user_realname/1') ?? '',
      accounts,
      provisioningUrl: directoryOf(settings.get('setting_server')),
      refreshSeconds: refresh > 0 ? refresh : null,
      warmLine: null,
    };
  },
};

/** snom may be given a URL with `{mac}` or a file name at its end; what counts here is the directory. */
function directoryOf(url: string | undefined): string | null {
  return url === undefined ? null : url.replace(/[^/]*$/, '');
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
  for (let index = 1; index <= 12; index++) {
    const get = (name: string): string => settings.get(`${name}/${index}`) ?? '';
    if (get('user_active') !== 'on') continue;
    const [host = '', port] = get('user_host').split(':');
    const transport = /transport=(udp|tcp|tls)/.exec(get('user_outbound'))?.[1];
    accounts.push({
      label: get('user_idle_text') || get('user_realname'),
      user: get('user_name'),
      authUser: get('user_pname') || get('user_name'),
      password: get('user_pass'),
      host,
      port: Number(port ?? 5060),
      transport: transport === 'tcp' || transport === 'tls' ? transport : 'udp',
    });
  }
  return accounts;
}
