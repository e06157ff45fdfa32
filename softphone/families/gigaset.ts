import { XMLParser } from 'fast-xml-parser';
import type { PhoneAccount, PhoneFamily, PhoneSetup, ProvisionedPhone, Settings } from '../phone-setup.js';

const XML = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  htmlEntities: true,
});

/** A base with one handset registered in each place that its configuration knows. */
export const gigaset: PhoneFamily = {
  defaultModel: 'N870',

  userAgent(model, macHex) {
    const mac = macHex.toUpperCase();
    if (model === 'N510') return `N510 IP PRO/42.258.00.000.000;${mac}`;
    if (model === 'N720') return `Gigaset N720 DM PRO/70.108.00.000.000;${mac}`;
    return `Gigaset ${model} IP PRO/83.V2.65.0+build.8504c90;${mac}`;
  },

  async provision(phone) {
    const isFrame = phone.model === 'N510' || phone.model === 'N720';
    const mac = isFrame ? phone.macHex.toUpperCase() : phone.macHex;
    const name = phone.model === 'N720' ? await followPointers(phone, mac) : `${mac}.xml`;
    const file = name === null ? null : await phone.fetch(name);
    if (file === null) return false;
    const document: unknown = XML.parse(file);
    if (isFrame) mergeProfile(phone, document);
    else mergeNvm(phone.settings, document);
    return true;
  },

  setup(settings) {
    if (settings.has('S_CONFIGFILE_URL')) return setupOfN510(settings);
    if (settings.has('BS_IP_Data.aucS_DATA_SERVER')) return setupOfN720(settings);
    return setupOfN870(settings);
  },
};

/**
 * From the master file to the one that names the configuration, at most ten; null when it does not
 * come to that.
 */
async function followPointers(phone: ProvisionedPhone, mac: string): Promise<string | null> {
  let name = 'master.bin';
  for (let links = 0; links < 10; links++) {
    const next = targetOf(await phone.fetch(`70/1/${name}`));
    if (next === null) return null;
    const path = /^https?:\/\/%DURL\/(.+)$/.exec(next)?.[1];
    if (path !== undefined) return path.replace('%MACD', mac);
    name = next;
  }
  return null;
}

/**
 * What the one block of a file names: two bytes, then a string: its type (3), its length, and a
 * zero at its end.
 */
function targetOf(file: string | null): string | null {
  const text = file?.slice(4, -1) ?? '';
  return file?.charCodeAt(2) === 3 && file.charCodeAt(3) === text.length + 1 ? text : null;
}

function child(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null ? Reflect.get(node, name) : undefined;
}

function children(node: unknown, name: string): unknown[] {
  const found = child(node, name);
  return found === undefined ? [] : [found].flat();
}

function attribute(node: unknown, name: string): string {
  const value = child(node, `@${name}`);
  return typeof value === 'string' ? value : '';
}

/** Not mentioned is unchanged. A place that is given up takes its account with it. */
function mergeNvm(settings: Settings, document: unknown): void {
  const nvm = child(child(document, 'provisioning'), 'nvm');
  const operations = children(nvm, 'oper');
  const added = operations.filter((oper) => attribute(oper, 'name') === 'add_hs');
  const places = new Set(added.map((oper) => attribute(oper, 'value')));
  if (operations.some((oper) => attribute(oper, 'name') === 'DeleteNotProvisionedHS')) {
    for (const name of settings.keys()) {
      const place = /^(?:place|hs|SipAccount)[./](\d{5})/.exec(name)?.[1];
      if (place !== undefined && !places.has(place)) settings.delete(name);
    }
  }
  for (const place of places) settings.set(`place/${place}`, '1');
  for (const parameter of children(nvm, 'param')) {
    const name = attribute(parameter, 'name');
    const place = /^(?:hs|SipAccount)\.(\d{5})\./.exec(name)?.[1];
    if (place === undefined || settings.has(`place/${place}`))
      settings.set(name, attribute(parameter, 'value'));
  }
}

/**
 * Not mentioned is unchanged; a profile for another MAC sets nothing. Values are kept without
 * quotes, strings without `[0]`.
 */
function mergeProfile(phone: ProvisionedPhone, document: unknown): void {
  const provider = child(child(document, 'ProviderFrame'), 'Provider');
  if (attribute(child(provider, 'MAC_ADDRESS'), 'value').toLowerCase() !== phone.macHex) return;
  const url = child(provider, 'S_CONFIGFILE_URL');
  if (url !== undefined) phone.settings.set('S_CONFIGFILE_URL', unquoted(attribute(url, 'value')));
  for (const item of children(provider, 'SYMB_ITEM')) {
    const name = attribute(item, 'ID').replace(/\[0\]$/, '');
    phone.settings.set(name, unquoted(attribute(item, 'value')));
  }
}

const unquoted = (value: string): string => /^"(.*)"$/s.exec(value)?.[1] ?? value;

const folder = (url: string | undefined): string | null => {
  if (url === undefined || url === '') return null;
  return `${/^https?:/.test(url) ? '' : 'http://'}${url.replace(/\/+$/, '')}/`;
};

const TRANSPORTS = ['udp', 'tcp', 'tls'] as const;

function setupOfN870(settings: Settings): PhoneSetup {
  const places = [...settings.keys()].flatMap((name) => /^place\/(\d{5})$/.exec(name)?.[1] ?? []);
  const accounts = places.toSorted().flatMap((place): PhoneAccount[] => {
    const account = (name: string): string => settings.get(`SipAccount.${place}.${name}`) ?? '';
    const provider = (name: string): string =>
      settings.get(`SipProvider.${account('ProviderId')}.${name}`) ?? '';
    if (account('UserName') === '') return [];
    return [
      {
        label: account('DisplayName'),
        user: account('UserName'),
        authUser: account('AuthName') || account('UserName'),
        password: account('AuthPassword'),
        host: provider('ProxyServerAddress'),
        port: Number(provider('ProxyServerPort') || 5060),
        transport: TRANSPORTS[Number(provider('TransportProtocol')) - 1] ?? 'udp',
      },
    ];
  });
  return {
    display: settings.get('DmGlobal.0.HSIdleDisplay') === '1' ? (accounts[0]?.label ?? '') : '',
    accounts,
    provisioningUrl: folder(settings.get('Provisioning.global.ProvisioningServer')),
    refreshSeconds: null,
    warmLine: null,
  };
}

function setupOfN510(settings: Settings): PhoneSetup {
  const accounts: PhoneAccount[] = [];
  for (let number = 1; number <= 6; number++) {
    const get = (name: string): string =>
      settings.get(number === 1 ? name : `${name}_${number}`) ?? settings.get(`${name}_${number}`) ?? '';
    if (get('BS_IP_Data1.ucB_SIP_ACCOUNT_IS_ACTIVE') !== '0x1') continue;
    accounts.push({
      label: get('BS_IP_Data1.aucS_SIP_ACCOUNT_NAME'),
      user: get('BS_IP_Data1.aucS_SIP_USER_ID'),
      authUser: get('BS_IP_Data3.aucS_SIP_LOGIN_ID') || get('BS_IP_Data1.aucS_SIP_USER_ID'),
      password: get('BS_IP_Data1.aucS_SIP_PASSWORD'),
      host: get('BS_IP_Data1.aucS_SIP_SERVER'),
      port: Number(get('BS_IP_Data1.uiI_SIP_SERVER_PORT')),
      transport: 'udp',
    });
  }
  const file = settings.get('S_CONFIGFILE_URL');
  const minutes = Number(settings.get('BS_IP_Data1.uiI_CHECK_FOR_UPDATES_TIMER_INIT') ?? 0);
  return {
    display: settings.get('BS_AE_Subscriber.stMtDat[0].aucTlnName') ?? '',
    accounts,
    provisioningUrl: folder(file?.replace(/[^/]*$/, '')),
    refreshSeconds: minutes > 0 ? minutes * 60 : null,
    warmLine: null,
  };
}

function setupOfN720(settings: Settings): PhoneSetup {
  const accounts: PhoneAccount[] = [];
  for (let number = 0; number < 100; number++) {
    const account = (name: string): string =>
      settings.get(`BS_VOIP_Data.astVoipAccounts[${number}].${name}`) ?? '';
    if (account('ucB_SIP_ACCOUNT_IS_ACTIVE_1') !== '0x1') continue;
    const index = Number(account('ucVoipProviderIndex'));
    const provider = (name: string): string =>
      settings.get(`BS_VOIP_Data.astVoipProviders[${index}].${name}`) ?? '';
    accounts.push({
      label: account('aucS_SIP_DISPLAYNAME'),
      user: account('aucS_SIP_USER_ID'),
      authUser: account('aucS_SIP_LOGIN_ID') || account('aucS_SIP_USER_ID'),
      password: account('aucS_SIP_PASSWORD'),
      host: provider('aucSIP_SERVER'),
      port: Number(provider('uiSIP_SERVER_PORT')),
      transport: provider('ucSIP_PREFERRED_TRANSPORT_LAYER') === '0x6' ? 'tcp' : 'udp',
    });
  }
  return {
    display: accounts[0]?.label ?? '',
    accounts,
    provisioningUrl: folder(settings.get('BS_IP_Data.aucS_DATA_SERVER')),
    refreshSeconds: null,
    warmLine: null,
  };
}
