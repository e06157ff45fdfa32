import { macHex } from '../../domain/mac.js';
import { plainHost, uriHost } from '../../domain/host.js';
import { type Account, lineAccounts, portOf, proxyPortOf, shortLabel } from '../accounts.js';
import { joinSettings } from '../parameter-list.js';
import {
  inFull,
  LEFT,
  minutesOf,
  type NameOf,
  numbered,
  owned,
  type Table,
  valuesOf,
} from '../parameter-table.js';
import { plainServiceLine, serviceOf, shortDisplayText } from '../service-line.js';
import type { ConfigurationView } from '../vendor.js';
import type { GigasetModel } from './models.js';
import {
  EMPTY,
  FREE_SYMBOLS,
  hex,
  OFF,
  ON,
  PHONE_BOOK,
  providerFrame,
  quoted,
  writeParameter,
} from './provider-frame.js';
import type { BaseSeries } from './series.js';
import { DEFAULT_VOCODERS, languageNumber, systemPin, toneNumber, vocoders, zoneNumbers } from './values.js';

/**
 * Of the base. `S_CONFIGFILE_URL` is the file that it fetches, the data server where it looks for
 * everything else.
 */
const BASE: Table<[ConfigurationView]> = {
  S_CONFIGFILE_URL: [EMPTY, (view) => quoted(`${folderUrl(view)}/${macHex(view.mac).toUpperCase()}.xml`)],
  'BS_IP_Data1.aucS_DATA_SERVER[0]': [EMPTY, (view) => quoted(folderUrl(view))],
  'BS_IP_Data1.aucS_USER_FIRMWARE_URL': [EMPTY, inFull((view) => quoted(view.firmwareUrl ?? ''))],
  'BS_IP_Data.ucB_AUTO_UPDATE_PROFILE': ON,
  'BS_IP_Data3.ucI_ONESHOT_PROVISIONING_MODE_1': ON,
  // In minutes; a day is what the maker has set.
  'BS_IP_Data1.uiI_CHECK_FOR_UPDATES_TIMER_INIT': [hex(1440), (view) => hex(minutesOf(view.refreshSeconds))],
  // The web page cannot be switched off, but it can be kept from other networks.
  'BS_IP_Data1.ucB_ACCEPT_FOREIGN_SUBNET': [OFF, inFull((view) => (view.webInterface ? ON : OFF))],
  'BS_CUSTOM.aucKdsPin[0]': ['0x00,0x00', (view) => systemPin(view.phonePassword)],
  'BS_IP_Data1.ucI_HTTPLANGUAGE': [ON, (view) => languageNumber(view.language)],
  'BS_IP_Data1.aucS_TIME_NTP_SERVER': [LEFT, (view) => quoted(view.ntpServer)],
  'BS_IP_Data1.uiI_TIME_TIMEZONE': [LEFT, (view) => zoneNumbers(view)?.zone ?? null],
  'BS_IP_Data1.ucB_TIME_USE_AUTOMATIC_DST': [LEFT, (view) => zoneNumbers(view)?.summer ?? null],
  'BS_AE_SwConfig.ucCountryCodeTone': [OFF, inFull((view) => toneNumber(view.toneCountry))],
  // RFC 4733 alone (of the bits 1 is in the audio, 2 this, 4 SIP INFO).
  'BS_IP_Data1.ucB_DTMF_TX_MODE_AUTO': OFF,
  'BS_IP_Data1.ucI_DTMF_TX_MODE_BITS': hex(2),
  // The codecs of each account count.
  'BS_IP_Data1.ucI_CODEC_PREFERENCES': OFF,
  // Handsets show their names.
  'BS_LM_AppCfg.bit.bHasIdleTextInternalName': ON,
};

/** Without a slash at its end; and without `http://`, as the base itself writes it. */
function folderUrl({ provisioningUrl }: ConfigurationView): string {
  return provisioningUrl.replace(/\/+$/, '').replace(/^http:\/\//, '');
}

const host = (account: Account): string => quoted(plainHost(account.host));
const port = (account: Account): string => hex(portOf(account));

/**
 * Of each account. `#` is its number; the other names end with it (`…_2`), but for the first
 * account. The base speaks UDP; a port that a line does not name is the one of its transport all
 * the same.
 */
const ACCOUNT: Table<[Account]> = {
  'BS_IP_Data1.ucB_SIP_ACCOUNT_IS_ACTIVE_#': [OFF, () => ON],
  'BS_IP_Data1.aucS_SIP_ACCOUNT_NAME_#': [EMPTY, ({ label }) => quoted(label)],
  'BS_IP_Data1.aucS_SIP_DISPLAYNAME': [EMPTY, ({ displayName }) => quoted(displayName)],
  'BS_IP_Data3.aucS_SIP_LOGIN_ID': [EMPTY, ({ authUser }) => quoted(authUser)],
  'BS_IP_Data1.aucS_SIP_PASSWORD': [EMPTY, ({ password }) => quoted(password)],
  'BS_IP_Data1.aucS_SIP_USER_ID': [EMPTY, ({ sipUser }) => quoted(sipUser)],
  'BS_IP_Data1.aucS_SIP_DOMAIN': [EMPTY, (account) => quoted(uriHost(account.host))],
  'BS_IP_Data1.aucS_SIP_SERVER': [EMPTY, host],
  'BS_IP_Data1.uiI_SIP_SERVER_PORT': [hex(5060), port],
  'BS_IP_Data1.aucS_SIP_REGISTRAR': [EMPTY, host],
  'BS_IP_Data1.uiI_SIP_REGISTRAR_PORT': [hex(5060), port],
  'BS_IP_Data1.uiI_RE_REGISTRATION_TIMER': [hex(180), ({ expiresSeconds }) => hex(expiresSeconds)],
  // 0 always, 1 as the base finds, 2 never.
  'BS_IP_Data1.ucI_OUTBOUND_PROXY_MODE': [hex(2), ({ outboundProxy }) => outboundProxy && hex(0)],
  'BS_IP_Data1.aucS_OUTBOUND_PROXY': [
    EMPTY,
    ({ outboundProxy: proxy }) => proxy && quoted(plainHost(proxy.host)),
  ],
  'BS_IP_Data1.uiI_OUTBOUND_PROXY_PORT': [
    hex(5060),
    (account) => account.outboundProxy && hex(proxyPortOf(account)),
  ],
  'BS_IP_Data1.ucB_SIP_USE_STUN': OFF,
  'BS_IP_Data1.ucI_SIP_PREFERRED_VOCODER': [DEFAULT_VOCODERS, ({ codecs }) => vocoders(codecs)],
  'BS_IP_Data1.aucS_VOIP_NET_AM_NUMBER_#': [
    EMPTY,
    ({ voicemailNumber: number }) => (number === null ? null : quoted(number)),
  ],
  'BS_IP_Data1.ucB_VOIP_NET_AM_ENABLED_#': [
    OFF,
    ({ voicemailNumber }) => (voicemailNumber === null ? OFF : ON),
  ],
};

function ofAccount(number: number): NameOf {
  return (entry) => {
    if (entry.endsWith('#')) return entry.replace('#', String(number));
    return number === 1 ? entry : `${entry}_${number}`;
  };
}

/**
 * Of each account besides: its name on the web page, and the handsets (bits, the first is 1) that
 * receive and make calls with it.
 */
const LINK: Table<[account: Account, handsets: number]> = {
  'aucAccountName[0]': [EMPTY, ({ label }) => quoted(label)],
  ucState: [OFF, () => ON],
  uiSendMask: [OFF, (_, handsets) => hex(handsets)],
  uiReceiveMask: [OFF, (_, handsets) => hex(handsets)],
};

const ofLink =
  (account: number): NameOf =>
  (entry) =>
    `BS_Accounts.astAccounts[${account - 1}].${entry}`;

const HANDSET: Table<[name: string]> = { aucTlnName: [EMPTY, quoted] };

const ofHandset =
  (handset: number): NameOf =>
  (entry) =>
    `BS_AE_Subscriber.stMtDat[${handset - 1}].${entry}`;

/** The first of the small bases: on it every account has its own server. */
export const N510: BaseSeries = {
  groupsOf: ({ handsets }) => [
    owned(BASE, writeParameter),
    owned(PHONE_BOOK, writeParameter),
    ...numbered(handsets, (number) => [
      ...owned(ACCOUNT, writeParameter, ofAccount(number)),
      ...owned(LINK, writeParameter, ofLink(number)),
    ]),
    ...numbered(handsets, (handset) => owned(HANDSET, writeParameter, ofHandset(handset))),
  ],
  settingsOf: (view, model) =>
    joinSettings(
      valuesOf(BASE, [view]),
      valuesOf(PHONE_BOOK, [view]),
      ...accountsOf(view, model).flatMap(({ account, handsets }, at) => [
        valuesOf(ACCOUNT, [account], ofAccount(at + 1)),
        valuesOf(LINK, [account, handsets], ofLink(at + 1)),
      ]),
      ...handsetNames(view, model).map((name, at) => valuesOf(HANDSET, [name], ofHandset(at + 1))),
    ),
  frame: (view, _, parameters) => providerFrame(view, { name: 'N510', schema: 'N510.xsd' }, parameters),
  free: FREE_SYMBOLS,
};

/**
 * Each line with its own handset; or one account for all handsets of a base without lines, so that
 * help can be called from each.
 */
function accountsOf(view: ConfigurationView, model: GigasetModel): { account: Account; handsets: number }[] {
  const service = serviceOf(view);
  return service === null
    ? lineAccounts(view, model.handsets).map((account, at) => ({ account, handsets: 2 ** at }))
    : [{ account: plainServiceLine(service), handsets: 2 ** model.handsets - 1 }];
}

function handsetNames(view: ConfigurationView, model: GigasetModel): string[] {
  const service = serviceOf(view);
  return service === null
    ? lineAccounts(view, model.handsets).map(({ label }) => shortLabel(label))
    : numbered(model.handsets, () => shortDisplayText(service));
}
