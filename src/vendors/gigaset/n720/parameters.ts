import { DEFAULT_VOCODERS } from '../base-settings.js';
import { numbers, ownedOnce } from '../owned.js';
import { EMPTY, hex, OFF, ON, parameters } from '../provider-frame.js';

/** Left as the base has it, unless a document sets it. */
const LEFT = null;

/** Of the base. A string is named by its beginning. */
const BASE: Record<string, string | null> = {
  'BS_IP_Data.aucS_DATA_SERVER[0]': EMPTY,
  'BS_IP_Data.ucB_DO_CHECK_FOR_PROFILE_UPDATES': ON,
  // The web page cannot be switched off, but it can be kept from other networks.
  'BS_IP_Data.ucB_ACCEPT_FOREIGN_SUBNET': OFF,
  'BS_CUSTOM.WebUIPassword': EMPTY,
  'BS_CUSTOM.aucKdsPin[0]': '0x00,0x00',
  'BS_IP_Data.ucI_HTTPLANGUAGE': ON,
  'BS_IP_Data.aucS_TIME_NTP_SERVER[0]': LEFT,
  'BS_IP_Data.uiI_TIME_TIMEZONE': LEFT,
  'BS_IP_Data.ucB_TIME_USE_AUTOMATIC_DST': LEFT,
  'BS_AE_SwConfig.ucCountryCodeTone': OFF,
  // RFC 4733 alone (of the bits 1 is in the audio, 2 this, 4 SIP INFO).
  'BS_VOIP_Data.ucB_DTMF_TX_MODE_AUTO': OFF,
  'BS_VOIP_Data.ucI_DTMF_TX_MODE_BITS': hex(2),
  // Handsets show the names of their accounts.
  'BS_VOIP_Data.NameOnIdleDisplay': ON,
};

const PHONE_BOOK: Record<string, string> = {
  'BS_XML_Netdirs.aucAvailableNetdirs[0]': OFF,
  'BS_XML_Netdirs.aucActivatedNetdirs[0]': OFF,
  'BS_XML_Netdirs.aucNetdirSelForDirectAccess[0]': OFF,
  'BS_XML_Netdirs.aucNetdirSelForIntKey[0]': OFF,
  'BS_XML_Netdirs.aucNetdirSelForAutoLookup[0]': OFF,
  'BS_XML_Netdirs.astNetdirProvider[0].aucProviderName[0]': EMPTY,
  'BS_XML_Netdirs.astNetdirProvider[0].aucPrivatePagesDirName[0]': EMPTY,
  'BS_XML_Netdirs.astNetdirProvider[0].aucServerURL[0]': EMPTY,
  'BS_XML_Netdirs.astNetdirProvider[0].aucUsername[0]': EMPTY,
  'BS_XML_Netdirs.astNetdirProvider[0].aucPassword[0]': EMPTY,
};

const PROVIDER: Record<string, string> = {
  'aucSIP_PROVIDER_NAME[0]': EMPTY,
  'aucSIP_DOMAIN[0]': EMPTY,
  'aucSIP_SERVER[0]': EMPTY,
  uiSIP_SERVER_PORT: hex(5060),
  'aucSIP_REGISTRAR[0]': EMPTY,
  uiSIP_REGISTRAR_PORT: hex(5060),
  uiRE_REGISTRATION_TIMER: hex(180),
  ucSIP_USE_STUN: OFF,
  // 0 always, 1 as the base finds, 2 never.
  ucOUTBOUND_PROXY_MODE: hex(2),
  'aucOUTBOUND_PROXY[0]': EMPTY,
  uiOUTBOUND_PROXY_PORT: hex(5060),
  // The protocol's number in IP: 17 is UDP, 6 TCP.
  ucSIP_PREFERRED_TRANSPORT_LAYER: hex(17),
};

/**
 * Of each account, which is that of the handset in the same place. Switched off where a line is
 * gone; otherwise the handset keeps its place.
 */
const ACCOUNT: Record<string, string | null> = {
  ucB_SIP_ACCOUNT_IS_ACTIVE_1: LEFT,
  'aucS_SIP_DISPLAYNAME[0]': EMPTY,
  'aucS_SIP_LOGIN_ID[0]': EMPTY,
  'aucS_SIP_PASSWORD[0]': EMPTY,
  'aucS_SIP_USER_ID[0]': EMPTY,
  ucVoipProviderIndex: OFF,
  'aucI_SIP_PREFERRED_VOCODER[0]': DEFAULT_VOCODERS,
  'aucS_VOIP_NET_AM_NUMBER_1[0]': EMPTY,
  ucB_VOIP_NET_AM_ENABLED_1: OFF,
};

/** The first provider, and the first account, is 0. */
export const ofProvider = (provider: number, field: string): string =>
  `BS_VOIP_Data.astVoipProviders[${provider}].${field}`;
export const ofAccount = (account: number, field: string): string =>
  `BS_VOIP_Data.astVoipAccounts[${account}].${field}`;

export const ownedParameters = ownedOnce((model) => [
  parameters(BASE),
  parameters(PHONE_BOOK),
  ...numbers(0, model.providers).map((at) => parameters(renamed(PROVIDER, (field) => ofProvider(at, field)))),
  ...numbers(0, model.handsets).map((at) => parameters(renamed(ACCOUNT, (field) => ofAccount(at, field)))),
]);

function renamed(
  entries: Record<string, string | null>,
  rename: (name: string) => string,
): Record<string, string | null> {
  return Object.fromEntries(Object.entries(entries).map(([name, cleared]) => [rename(name), cleared]));
}
