import { XMLParser } from 'fast-xml-parser';
import { readPlace, type PhoneAccount, type PhoneFamily, type Settings } from '../phone-setup.js';

const XML = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
});

/**
 * Which P-values an account is set by: of the first, and of the others in their block of a hundred.
 */
const FIRST = { active: 271, label: 270, user: 35, authUser: 36, password: 34, server: 47, transport: 130 };
const LATER = { active: 1, label: 17, user: 4, authUser: 5, password: 6, server: 2, transport: 48 };
const BLOCKS = [400, 500, 600, 1700, 1800];
const TRANSPORTS = ['udp', 'tcp', 'tls'] as const;

/**
 * Grandstream (provisioning guide): the legacy binary file, that of the MAC, and when it has none
 * the one for all.
 */
export const grandstream: PhoneFamily = {
  defaultModel: 'GRP2614',
  userAgent: (model, macHex) => `Grandstream Model HW ${model} SW 1.0.5.15 DevId ${macHex}`,

  async provision(phone) {
    await phone.fetch(`cfg${phone.macHex}`);
    const file = (await phone.fetch(`cfg${phone.macHex}.xml`)) ?? (await phone.fetch('cfg.xml'));
    if (file === null) return false;
    merge(phone.settings, file, phone.macHex);
    return true;
  },

  setup(settings) {
    const accounts = readAccounts(settings);
    const path = settings.get('P237') ?? '';
    return {
      display: accounts[0]?.label ?? '',
      accounts,
      provisioningUrl: path === '' ? null : `${settings.get('P212') === '1' ? 'http' : 'https'}://${path}`,
      refreshSeconds: settings.get('P194') === '1' ? Math.max(60, Number(settings.get('P193'))) * 60 : null,
      warmLine: settings.get('P71') || null,
    };
  },
};

/**
 * Not mentioned is unchanged. A file for another MAC is refused; so is what is not P-values, for
 * those are passed over in version 2.
 */
function merge(settings: Settings, file: string, macHex: string): void {
  const root = child(XML.parse(file), 'gs_provision');
  const mac = child(root, 'mac');
  if (mac !== undefined && mac !== macHex) throw new Error('The file is for another phone.');
  const config = child(root, 'config');
  if (child(config, '@version') !== '1') throw new Error('The file has no P-values.');
  for (const [name, value] of Object.entries(config ?? {})) {
    if (/^P\d+$/.test(name)) settings.set(name, typeof value === 'string' ? value : '');
  }
}

function child(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null ? Reflect.get(node, name) : undefined;
}

function readAccounts(settings: Settings): PhoneAccount[] {
  const get = (number: number): string => settings.get(`P${number}`) ?? '';
  const numbers = [
    FIRST,
    ...BLOCKS.map((block) => {
      const { active, label, user, authUser, password, server, transport } = LATER;
      return {
        active: block + active,
        label: block + label,
        user: block + user,
        authUser: block + authUser,
        password: block + password,
        server: block + server,
        transport: block + transport,
      };
    }),
  ];
  return numbers.flatMap((account): PhoneAccount[] => {
    if (get(account.active) !== '1') return [];
    const { host, port } = readPlace(get(account.server));
    return [
      {
        label: get(account.label),
        user: get(account.user),
        authUser: get(account.authUser) || get(account.user),
        password: get(account.password),
        host,
        port: port ?? 5060,
        transport: TRANSPORTS[Number(get(account.transport) || 0)] ?? 'udp',
      },
    ];
  });
}
