import type { PhoneAccount, PhoneFamily, ProvisionedPhone, Settings } from '../phone-setup.js';

const TRANSPORTS = ['udp', 'tcp', 'tls'] as const;

/** How many accounts the largest base has. */
const ACCOUNTS = 250;

/** The number in the name of a model's common file (`y0000000000NN.cfg`). */
const COMMON_FILES: Readonly<Record<string, string>> = {
  T21P_E2: '052',
  T31G: '123',
  T33G: '124',
  T46S: '066',
  T46U: '108',
  T48U: '109',
  T54W: '096',
  CP925: '148',
  W60B: '077',
  W70B: '146',
  W80B: '103',
  W90DM: '130',
};

/**
 * Yealink, firmware V81 and later (administrator's guide, "Boot Files, Configuration Files and
 * Resource Files"): the boot file of the MAC, else the common one; a boot file names the files to
 * load, without one it is the model's file and that of the MAC. Models of the W series are DECT
 * bases.
 */
export const yealink: PhoneFamily = {
  defaultModel: 'T46U',
  userAgent: (model, macHex) => {
    const name = model.startsWith('W') ? model : `SIP-${model}`;
    return `Yealink ${name} 108.86.0.90 ${macHex.replaceAll(/(..)(?=.)/g, '$1:')}`;
  },

  async provision(phone) {
    const boot = (await phone.fetch(`${phone.macHex}.boot`)) ?? (await phone.fetch('y000000000000.boot'));
    const names = boot === null ? [commonFile(phone), `${phone.macHex}.cfg`] : includedFiles(boot);
    const files: string[] = [];
    for (const name of names) {
      const file = await phone.fetch(name);
      if (file !== null) files.push(file);
    }
    if (files.length === 0) return false;
    if (boot !== null && /^overwrite_mode\s*=\s*1\s*$/m.test(boot)) phone.settings.clear();
    for (const file of files) merge(phone, file);
    return true;
  },

  setup(settings) {
    const accounts = readAccounts(settings);
    return {
      // A handset of a base shows its own name.
      display: settings.get('handset.1.name') ?? accounts[0]?.label ?? '',
      accounts,
      provisioningUrl: settings.get('static.auto_provision.server.url') ?? null,
      refreshSeconds:
        settings.get('static.auto_provision.repeat.enable') === '1'
          ? Number(settings.get('static.auto_provision.repeat.minutes')) * 60
          : null,
      warmLine: settings.get('features.hotline_number') ?? null,
    };
  },
};

function commonFile(phone: ProvisionedPhone): string {
  return `y000000000${COMMON_FILES[phone.model] ?? '108'}.cfg`;
}

function includedFiles(boot: string): string[] {
  return [...boot.matchAll(/^\s*(?:\[[^\]]*\])?include:config\s+"?([^"\s]+)"?\s*$/gm)].map(
    (match) => match[1] ?? '',
  );
}

/** `%NULL%` clears; so does an empty value, as our boot file always says `overwrite_mode = 1`. */
function merge(phone: ProvisionedPhone, file: string): void {
  if (!file.startsWith('#!version:1.0.0.1'))
    throw new Error('The file does not begin with #!version:1.0.0.1.');
  for (const line of file.split('\n')) {
    if (line.startsWith('#')) continue;
    const [, name, value] = /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    if (value === '' || value === '%NULL%') phone.settings.delete(name);
    else phone.settings.set(name, value);
  }
}

function readAccounts(settings: Settings): PhoneAccount[] {
  const accounts: PhoneAccount[] = [];
  for (let index = 1; index <= ACCOUNTS; index++) {
    const get = (name: string): string => settings.get(`account.${index}.${name}`) ?? '';
    if (get('enable') !== '1') continue;
    // Accounts of a base have their server from a template.
    const template = get('sip_server.template');
    const server = (name: string): string =>
      settings.get(`${template === '' ? `account.${index}` : `template.${template}`}.sip_server.1.${name}`) ??
      '';
    accounts.push({
      label: get('label'),
      user: get('user_name'),
      authUser: get('auth_name') || get('user_name'),
      password: get('password'),
      host: server('address'),
      port: Number(server('port') || 5060),
      transport: TRANSPORTS[Number(server('transport_type') || 0)] ?? 'udp',
    });
  }
  return accounts;
}
