import { DEFAULT_VOCODERS } from '../base-settings.js';
import { numbers, ownedOnce } from '../owned.js';
import { EMPTY, hex, OFF, ON, parameters } from '../provider-frame.js';

/** Left as the base has it, unless a document sets it. */
const LEFT = null;

/**
 * Of the base. `S_CONFIGFILE_URL` is the file that it fetches, the data server where it looks for
 * everything else.
 */
const BASE: Record<string, string | null> = {
  S_CONFIGFILE_URL: EMPTY,
  'BS_IP_Data1.aucS_DATA_SERVER[0]': EMPTY,
  'BS_IP_Data1.aucS_USER_FIRMWARE_URL': EMPTY,
  'BS_IP_Data.ucB_AUTO_UPDATE_PROFILE': ON,
  'BS_IP_Data3.ucI_ONESHOT_PROVISIONING_MODE_1': ON,
  // In minutes; a day is what the maker has set.
  'BS_IP_Data1.uiI_CHECK_FOR_UPDATES_TIMER_INIT': hex(1440),
  // The web page cannot be switched off, but it can be kept from other networks.
  'BS_IP_Data1.ucB_ACCEPT_FOREIGN_SUBNET': OFF,
  'BS_CUSTOM.aucKdsPin[0]': '0x00,0x00',
  'BS_IP_Data1.ucI_HTTPLANGUAGE': ON,
  'BS_IP_Data1.aucS_TIME_NTP_SERVER': LEFT,
  'BS_IP_Data1.uiI_TIME_TIMEZONE': LEFT,
  'BS_IP_Data1.ucB_TIME_USE_AUTOMATIC_DST': LEFT,
  'BS_AE_SwConfig.ucCountryCodeTone': OFF,
  // RFC 4733 alone (of the bits 1 is in the audio, 2 this, 4 SIP INFO).
  'BS_IP_Data1.ucB_DTMF_TX_MODE_AUTO': OFF,
  'BS_IP_Data1.ucI_DTMF_TX_MODE_BITS': hex(2),
  // The codecs of each account count.
  'BS_IP_Data1.ucI_CODEC_PREFERENCES': OFF,
  // Handsets show their names.
  'BS_LM_AppCfg.bit.bHasIdleTextInternalName': ON,
};

const PHONE_BOOK: Record<string, string> = {
  'BS_XML_Netdirs.aucAvailableNetdirs': OFF,
  'BS_XML_Netdirs.aucActivatedNetdirs': OFF,
  'BS_XML_Netdirs.aucNetdirSelForDirectAccess': OFF,
  'BS_XML_Netdirs.aucNetdirSelForIntKey': OFF,
  'BS_XML_Netdirs.aucNetdirSelForAutoLookup': OFF,
  'BS_XML_Netdirs.astNetdirProvider[0].aucProviderName': EMPTY,
  'BS_XML_Netdirs.astNetdirProvider[0].aucPrivatePagesDirName': EMPTY,
  'BS_XML_Netdirs.astNetdirProvider[0].aucServerURL': EMPTY,
  'BS_XML_Netdirs.astNetdirProvider[0].aucUsername': EMPTY,
  'BS_XML_Netdirs.astNetdirProvider[0].aucPassword': EMPTY,
};

/** Of each account, by what is set; its name in the format depends on the number. */
const ACCOUNT = {
  active: { name: 'BS_IP_Data1.ucB_SIP_ACCOUNT_IS_ACTIVE', number: 'always', cleared: OFF },
  label: { name: 'BS_IP_Data1.aucS_SIP_ACCOUNT_NAME', number: 'always', cleared: EMPTY },
  displayName: { name: 'BS_IP_Data1.aucS_SIP_DISPLAYNAME', number: 'from2', cleared: EMPTY },
  authUser: { name: 'BS_IP_Data3.aucS_SIP_LOGIN_ID', number: 'from2', cleared: EMPTY },
  password: { name: 'BS_IP_Data1.aucS_SIP_PASSWORD', number: 'from2', cleared: EMPTY },
  sipUser: { name: 'BS_IP_Data1.aucS_SIP_USER_ID', number: 'from2', cleared: EMPTY },
  domain: { name: 'BS_IP_Data1.aucS_SIP_DOMAIN', number: 'from2', cleared: EMPTY },
  server: { name: 'BS_IP_Data1.aucS_SIP_SERVER', number: 'from2', cleared: EMPTY },
  serverPort: { name: 'BS_IP_Data1.uiI_SIP_SERVER_PORT', number: 'from2', cleared: hex(5060) },
  registrar: { name: 'BS_IP_Data1.aucS_SIP_REGISTRAR', number: 'from2', cleared: EMPTY },
  registrarPort: { name: 'BS_IP_Data1.uiI_SIP_REGISTRAR_PORT', number: 'from2', cleared: hex(5060) },
  expires: { name: 'BS_IP_Data1.uiI_RE_REGISTRATION_TIMER', number: 'from2', cleared: hex(180) },
  // 0 always, 1 as the base finds, 2 never.
  proxyMode: { name: 'BS_IP_Data1.ucI_OUTBOUND_PROXY_MODE', number: 'from2', cleared: hex(2) },
  proxy: { name: 'BS_IP_Data1.aucS_OUTBOUND_PROXY', number: 'from2', cleared: EMPTY },
  proxyPort: { name: 'BS_IP_Data1.uiI_OUTBOUND_PROXY_PORT', number: 'from2', cleared: hex(5060) },
  useStun: { name: 'BS_IP_Data1.ucB_SIP_USE_STUN', number: 'from2', cleared: OFF },
  codecs: { name: 'BS_IP_Data1.ucI_SIP_PREFERRED_VOCODER', number: 'from2', cleared: DEFAULT_VOCODERS },
  voicemailNumber: { name: 'BS_IP_Data1.aucS_VOIP_NET_AM_NUMBER', number: 'always', cleared: EMPTY },
  voicemail: { name: 'BS_IP_Data1.ucB_VOIP_NET_AM_ENABLED', number: 'always', cleared: OFF },
} as const;
export type AccountField = keyof typeof ACCOUNT;

/**
 * Of each account: its name on the web page, and the handsets (bits, the first is 1) that receive
 * and make calls with it.
 */
export const LINK = (account: number) => {
  const prefix = `BS_Accounts.astAccounts[${account - 1}]`;
  return {
    name: `${prefix}.aucAccountName[0]`,
    state: `${prefix}.ucState`,
    sends: `${prefix}.uiSendMask`,
    receives: `${prefix}.uiReceiveMask`,
  };
};

export const handsetName = (handset: number): string => `BS_AE_Subscriber.stMtDat[${handset - 1}].aucTlnName`;

/** `…_2` from the second account on; the first has no number, in some names the number 1. */
export function accountField(field: AccountField, account: number): string {
  const { name, number } = ACCOUNT[field];
  return account === 1 && number === 'from2' ? name : `${name}_${account}`;
}

const FIELDS = Object.keys(ACCOUNT) as AccountField[];

export const ownedParameters = ownedOnce(({ handsets }) => [
  parameters(BASE),
  parameters(PHONE_BOOK),
  ...numbers(1, handsets).map((account) => {
    const fields = FIELDS.map((field): [string, string] => [
      accountField(field, account),
      ACCOUNT[field].cleared,
    ]);
    const link = LINK(account);
    return parameters({
      ...Object.fromEntries(fields),
      [link.name]: EMPTY,
      [link.state]: OFF,
      [link.sends]: OFF,
      [link.receives]: OFF,
    });
  }),
  parameters(Object.fromEntries(numbers(1, handsets).map((handset) => [handsetName(handset), EMPTY]))),
]);
