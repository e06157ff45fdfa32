import { XMLParser } from 'fast-xml-parser';
import type { PhoneAccount, PhoneFamily, Settings } from '../phone-setup.js';

const XML = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
});

const TRANSPORTS: Record<string, PhoneAccount['transport']> = { '0': 'udp', '1': 'tcp', '3': 'tls' };

/**
 * Fanvil (auto provision standard): the file of the model and its hardware, then that of the MAC
 * under the name it was told.
 */
export const fanvil: PhoneFamily = {
  defaultModel: 'X4U',
  userAgent: (model, macHex) => `Fanvil ${model} 2.12.20 ${macHex}`,

  async provision(phone) {
    const common = await phone.fetch('F0V0X4U00000.cfg');
    const named = phone.settings.get('ap/FlashFileName') || '$mac.cfg';
    const own = await phone.fetch(named.replace('$mac', phone.macHex));
    for (const file of [common, own]) if (file !== null) merge(phone.settings, file);
    return own !== null;
  },

  setup(settings) {
    const accounts = readAccounts(settings);
    const isHotline = settings.get('sip/line[1]/EnableHotline') === '1';
    return {
      display: settings.get('phone/display/LCDTitle') ?? '',
      accounts,
      provisioningUrl: settings.get('ap/FlashServerIP') || null,
      refreshSeconds:
        settings.get('ap/FlashMode') === '2' ? Number(settings.get('ap/FlashInterval')) * 3600 : null,
      warmLine: (isHotline && settings.get('sip/line[1]/HotlineNum')) || null,
    };
  },
};

/**
 * Not mentioned is unchanged. Elements are kept by their path, those with an index as `line[1]`.
 */
function merge(settings: Settings, file: string): void {
  const root = child(XML.parse(file), 'sysConf');
  if (typeof root !== 'object' || root === null) throw new Error('The file has no sysConf.');
  mergeElement(settings, '', root);
}

function mergeElement(settings: Settings, path: string, element: object): void {
  for (const [name, value] of Object.entries(element)) {
    if (name.startsWith('@') || name === '#text') continue;
    for (const below of [value].flat() as unknown[]) {
      const index = child(below, '@index');
      const place = `${path}${name}${typeof index === 'string' ? `[${index}]` : ''}`;
      if (typeof below === 'object' && below !== null) mergeElement(settings, `${place}/`, below);
      else settings.set(place, typeof below === 'string' ? below : '');
    }
  }
}

function child(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null ? Reflect.get(node, name) : undefined;
}

function readAccounts(settings: Settings): PhoneAccount[] {
  const accounts: PhoneAccount[] = [];
  for (let number = 1; number <= 20; number++) {
    const get = (name: string): string => settings.get(`sip/line[${number}]/${name}`) ?? '';
    if (get('EnableReg') !== '1') continue;
    accounts.push({
      label: get('DisplayName'),
      user: get('PhoneNumber'),
      authUser: get('RegisterUser') || get('PhoneNumber'),
      password: get('RegisterPswd'),
      host: get('RegisterAddr'),
      port: Number(get('RegisterPort') || 5060),
      transport: TRANSPORTS[get('Transport')] ?? 'udp',
    });
  }
  return accounts;
}
