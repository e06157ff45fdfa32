import type { PhoneAccount, PhoneFamily, Settings } from '../phone-setup.js';

const TRANSPORTS = ['udp', 'tcp', 'tls'] as const;
/** 44 bytes, and for some phones 30, that the first line begins with. */
const HEADER = /^# (?:Panasonic SIP Phone|PCC) Standard Format File #/;
const LONGEST_LINE_BYTES = 537;

/**
 * Panasonic KX-HDV (administrator's guide, "Provisioning"): out of the box the file of the model,
 * which says where the phone's own file is; from then on that one.
 */
export const panasonic: PhoneFamily = {
  defaultModel: 'KX-HDV130',
  userAgent: (model, macHex) => `Panasonic_${model}/08.000 (${macHex})`,

  async provision(phone) {
    if ((phone.settings.get(STANDARD_FILE) ?? '') === '') {
      const first = await phone.fetch(`${phone.model}.cfg`);
      if (first !== null) merge(phone.settings, first);
    }
    const path = phone.settings.get(STANDARD_FILE) || 'Config{MAC}.cfg';
    const file = await phone.fetch(
      path
        .replaceAll('{MAC}', phone.macHex.toUpperCase())
        .replaceAll('{mac}', phone.macHex.toLowerCase())
        .replaceAll('{MODEL}', phone.model),
    );
    if (file === null) return false;
    merge(phone.settings, file);
    return true;
  },

  setup(settings) {
    const accounts = readAccounts(settings);
    const minutes = settings.get('CFG_CYCLIC') === 'Y' ? Number(settings.get('CFG_CYCLIC_INTVL')) : null;
    return {
      display: settings.get('DISPLAY_NAME_1') ?? '',
      accounts,
      provisioningUrl: settings.get(STANDARD_FILE)?.replace(/[^/]*$/, '') || null,
      refreshSeconds: minutes === null ? null : minutes * 60,
      warmLine: settings.get('HOTLINE_ENABLE') === 'Y' ? (settings.get('HOTLINE_NUMBER') ?? null) : null,
    };
  },
};

const STANDARD_FILE = 'CFG_STANDARD_FILE_PATH';

/**
 * What is absent is unchanged; comments, empty lines and those that are too long are passed over.
 */
function merge(settings: Settings, file: string): void {
  if (!HEADER.test(file)) throw new Error('The file does not begin as a file of this family does.');
  if (!file.endsWith('\r\n\r\n')) throw new Error('The file does not end with an empty line.');
  for (const line of file.split('\r\n')) {
    if (line.startsWith('#') || Buffer.byteLength(line) + 2 > LONGEST_LINE_BYTES) continue;
    const [, name, value] = /^([A-Z0-9_]{1,32})="([^"]{0,500})"$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) settings.set(name, value);
  }
}

function readAccounts(settings: Settings): PhoneAccount[] {
  const accounts: PhoneAccount[] = [];
  for (let line = 1; line <= 16; line++) {
    const get = (name: string): string => settings.get(`${name}_${line}`) ?? '';
    if (get('SIP_AUTHID') === '') continue;
    accounts.push({
      label: settings.get(`FLEX_BUTTON_LABEL${line}`) || get('DISPLAY_NAME'),
      user: /^(?:sip:)?([^@]*)/.exec(get('SIP_URI'))?.[1] || get('PHONE_NUMBER'),
      authUser: get('SIP_AUTHID'),
      password: get('SIP_PASS'),
      host: get('SIP_RGSTR_ADDR'),
      port: Number(get('SIP_RGSTR_PORT') || 5060),
      transport: TRANSPORTS[Number(get('SIP_TRANSPORT') || 0)] ?? 'udp',
    });
  }
  return accounts;
}
