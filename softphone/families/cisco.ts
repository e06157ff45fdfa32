import { XMLParser } from 'fast-xml-parser';
import {
  readPlace,
  type PhoneAccount,
  type PhoneFamily,
  type ProvisionedPhone,
  type Settings,
} from '../phone-setup.js';

const XML = new XMLParser({ ignoreAttributes: true, parseTagValue: false });

const RULES = ['Profile_Rule', 'Profile_Rule_B', 'Profile_Rule_C', 'Profile_Rule_D'] as const;
/** Both are the factory's `/spa$PSN.cfg`: the short product name of an SPA is its number. */
const FACTORY_RULE = 'spa$PSN.cfg';
const PORTS = [1, 2];

/**
 * Cisco ATA (provisioning guide of the SPA100 series, "Profile Rule"): the four rules one after the
 * other, as they are when their turn has come. A new one has the factory's rule only, or the one
 * that its user has typed in.
 */
export const cisco: PhoneFamily = {
  defaultModel: 'SPA112',
  resyncEvents: /^(?:resync|check-sync)\b/i,
  userAgent: (model) => `Cisco/${model}-1.4.1(002) (CCQ16380A1B)`,

  async provision(phone) {
    let applied = 0;
    for (const rule of RULES) {
      const url = phone.settings.get(rule) ?? (rule === 'Profile_Rule' ? FACTORY_RULE : '');
      if (url === '') continue;
      const file = await phone.fetch(expand(url, phone));
      if (file === null) continue;
      merge(phone.settings, file);
      applied += 1;
    }
    if (applied > 0) return true;
    const file = await phone.fetch(expand('$MA.xml', phone));
    if (file !== null) merge(phone.settings, file);
    return file !== null;
  },

  setup(settings) {
    const accounts = readAccounts(settings);
    const refresh = Number(settings.get('Resync_Periodic') ?? 0);
    return {
      display: accounts[0]?.label ?? '',
      accounts,
      provisioningUrl: folderOf(settings.get('Profile_Rule')),
      refreshSeconds: refresh > 0 ? refresh : null,
      warmLine: warmLineOf(settings.get('Dial_Plan_1_') ?? ''),
    };
  },
};

/** The macros that a rule may have; `$$` is a dollar. */
function expand(rule: string, phone: ProvisionedPhone): string {
  const macros: Record<string, string> = {
    $$: '$',
    $MA: phone.macHex.toLowerCase(),
    $MAU: phone.macHex.toUpperCase(),
    $PN: phone.model,
    $PSN: phone.model.replace(/^[A-Z]+/, ''),
  };
  return rule.replaceAll(/\$(?:\$|MAU|MA|PSN|PN)/g, (macro) => macros[macro] ?? macro);
}

function folderOf(rule: string | undefined): string | null {
  return rule === undefined || rule === '' ? null : rule.replace(/[^/]*$/, '').replaceAll('$$', '$');
}

/**
 * Not mentioned is unchanged, the last of several counts; `<router-configuration>` is kept by the
 * path of its elements.
 */
function merge(settings: Settings, file: string): void {
  const document: unknown = XML.parse(file);
  const profile = membersOf(membersOf(document)['flat-profile']);
  if (Object.keys(profile).length === 0) throw new Error('The file has no <flat-profile>.');
  mergeElements(settings, profile, '');
}

function mergeElements(settings: Settings, elements: Record<string, unknown>, path: string): void {
  for (const [name, value] of Object.entries(elements)) {
    const last = [value].flat().at(-1);
    if (typeof last === 'string') settings.set(`${path}${name}`, last);
    else mergeElements(settings, membersOf(last), `${path}${name}/`);
  }
}

function membersOf(node: unknown): Record<string, unknown> {
  return typeof node === 'object' && node !== null ? { ...node } : {};
}

/** A port that does not register has the account of another one. */
function readAccounts(settings: Settings): PhoneAccount[] {
  return PORTS.flatMap((port) => {
    const get = (name: string): string => settings.get(`${name}_${port}_`) ?? '';
    if (get('Line_Enable') !== 'Yes' || get('Register') !== 'Yes') return [];
    const { host, port: number } = readPlace(get('Proxy'));
    const transport = get('SIP_Transport').toLowerCase();
    return [
      {
        label: get('Display_Name'),
        user: get('User_ID'),
        authUser: get('Use_Auth_ID') === 'Yes' ? get('Auth_ID') : get('User_ID'),
        password: get('Password'),
        host,
        port: number ?? 5060,
        transport: transport === 'tcp' || transport === 'tls' ? transport : 'udp',
      },
    ];
  });
}

/** `(P3<:*89>|…)`: what is dialled when nothing has been keyed for that many seconds. */
function warmLineOf(dialPlan: string): string | null {
  return /^\(\s*P\d*<:([^>]+)>/.exec(dialPlan)?.[1] ?? null;
}
