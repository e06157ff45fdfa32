import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { PhoneAccount, PhoneFamily, Settings } from '../phone-setup.js';

const XML = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseAttributeValue: false,
  parseTagValue: false,
});

const TRANSPORTS: Record<string, PhoneAccount['transport']> = { UDPOnly: 'udp', TCPOnly: 'tcp', TLS: 'tls' };

/**
 * Poly VVX (UC Software administrator's guide, "Master Configuration File"): a master file, of the
 * phone or of all, names the files to load; then come the overrides, the licence and the directory.
 */
export const poly: PhoneFamily = {
  defaultModel: 'VVX450',
  userAgent: (model, macHex) =>
    `FileTransport PolycomVVX-${model.replace(/^([A-Z]+)(\d)/, '$1_$2')}-UA/6.4.3.5059 (SN:${macHex}) Type/Application`,

  async provision(phone) {
    const master = (await phone.fetch(`${phone.macHex}.cfg`)) ?? (await phone.fetch('000000000000.cfg'));
    if (master === null) return false;
    const named = attributesOf(master).get('CONFIG_FILES') ?? '';
    const files: string[] = [];
    for (const name of named.split(',').map((part) => part.trim())) {
      if (name === '') continue;
      const file = await phone.fetch(name.replaceAll('[PHONE_MAC_ADDRESS]', phone.macHex));
      if (file !== null) files.push(file);
    }
    for (const suffix of ['-phone.cfg', '-web.cfg', '-license.cfg', '-directory.xml']) {
      const file = await phone.fetch(`${phone.macHex}${suffix}`);
      if (file !== null) files.push(file);
    }
    for (const file of files) merge(phone.settings, attributesOf(file));
    return files.length > 0;
  },

  setup(settings) {
    const accounts = readAccounts(settings);
    const isPolling =
      settings.get('prov.polling.enabled') === '1' && settings.get('prov.polling.mode') === 'rel';
    return {
      display: accounts[0]?.label ?? '',
      accounts,
      provisioningUrl: settings.get('device.prov.serverName') || null,
      refreshSeconds: isPolling ? Number(settings.get('prov.polling.period')) : null,
      warmLine:
        settings.get('call.autoOffHook.1.enabled') === '1'
          ? (settings.get('call.autoOffHook.1.contact') ?? null)
          : null,
    };
  },
};

/** Of all elements: their names and how they are nested mean nothing. */
function attributesOf(file: string): Map<string, string> {
  const validity = XMLValidator.validate(file);
  if (validity !== true) throw new Error(`The file is no XML: ${validity.err.msg}`);
  const attributes = new Map<string, string>();
  collect(XML.parse(file), attributes);
  attributes.delete('version');
  return attributes;
}

function collect(node: unknown, attributes: Map<string, string>): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [name, value] of Object.entries(node)) {
    if (name.startsWith('@')) attributes.set(name.slice(1), String(value));
    else if (!name.startsWith('?')) collect(value, attributes);
  }
}

/**
 * What is not mentioned is unchanged; parameters of the device want its leave, one by one and all
 * together.
 */
function merge(settings: Settings, attributes: ReadonlyMap<string, string>): void {
  for (const [name, value] of attributes) {
    if (name.startsWith('device.')) {
      if (name.endsWith('.set')) continue;
      if (attributes.get('device.set') !== '1' || attributes.get(`${name}.set`) !== '1') continue;
    }
    settings.set(name, value);
  }
}

function readAccounts(settings: Settings): PhoneAccount[] {
  const accounts: PhoneAccount[] = [];
  for (let index = 1; index <= 16; index++) {
    const get = (name: string): string => settings.get(`reg.${index}.${name}`) ?? '';
    if (get('address') === '') continue;
    accounts.push({
      label: get('label') || get('address'),
      user: get('address'),
      authUser: get('auth.userId') || get('address'),
      password: get('auth.password'),
      host: get('server.1.address'),
      port: Number(get('server.1.port')) || 5060,
      transport: TRANSPORTS[get('server.1.transport')] ?? 'udp',
    });
  }
  return accounts;
}
