import { plainHost, uriHost } from '../../domain/host.js';
import { type Account, lineAccounts, portOf, proxyPortOf, shareServers } from '../accounts.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { inFull, LEFT, type NameOf, numbered, owned, type Table, valuesOf } from '../parameter-table.js';
import { plainServiceLine, serviceOf, shortDisplayText } from '../service-line.js';
import type { ConfigurationView, ServiceView } from '../vendor.js';
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

/** Of the base. A string is named by its beginning. */
const BASE: Table<[ConfigurationView]> = {
  'BS_IP_Data.aucS_DATA_SERVER[0]': [EMPTY, (view) => quoted(view.provisioningUrl.replace(/\/+$/, ''))],
  'BS_IP_Data.ucB_DO_CHECK_FOR_PROFILE_UPDATES': ON,
  // The web page cannot be switched off, but it can be kept from other networks.
  'BS_IP_Data.ucB_ACCEPT_FOREIGN_SUBNET': [OFF, inFull((view) => (view.webInterface ? ON : OFF))],
  'BS_CUSTOM.WebUIPassword': [EMPTY, (view) => quoted(view.phonePassword)],
  'BS_CUSTOM.aucKdsPin[0]': ['0x00,0x00', (view) => systemPin(view.phonePassword)],
  'BS_IP_Data.ucI_HTTPLANGUAGE': [ON, (view) => languageNumber(view.language)],
  'BS_IP_Data.aucS_TIME_NTP_SERVER[0]': [LEFT, (view) => quoted(view.ntpServer)],
  'BS_IP_Data.uiI_TIME_TIMEZONE': [LEFT, (view) => zoneNumbers(view)?.zone ?? null],
  'BS_IP_Data.ucB_TIME_USE_AUTOMATIC_DST': [LEFT, (view) => zoneNumbers(view)?.summer ?? null],
  'BS_AE_SwConfig.ucCountryCodeTone': [OFF, inFull((view) => toneNumber(view.toneCountry))],
  // RFC 4733 alone (of the bits 1 is in the audio, 2 this, 4 SIP INFO).
  'BS_VOIP_Data.ucB_DTMF_TX_MODE_AUTO': OFF,
  'BS_VOIP_Data.ucI_DTMF_TX_MODE_BITS': hex(2),
  // Handsets show the names of their accounts.
  'BS_VOIP_Data.NameOnIdleDisplay': ON,
};

const ofPhoneBook: NameOf = (entry) => `${entry}[0]`;

const host = (account: Account): string => quoted(plainHost(account.host));
const port = (account: Account): string => hex(portOf(account));
const UDP = hex(17);
const TCP = hex(6);

const PROVIDER: Table<[account: Account, name: string]> = {
  'aucSIP_PROVIDER_NAME[0]': [EMPTY, (_, name) => quoted(name)],
  'aucSIP_DOMAIN[0]': [EMPTY, (account) => quoted(uriHost(account.host))],
  'aucSIP_SERVER[0]': [EMPTY, host],
  uiSIP_SERVER_PORT: [hex(5060), port],
  'aucSIP_REGISTRAR[0]': [EMPTY, host],
  uiSIP_REGISTRAR_PORT: [hex(5060), port],
  uiRE_REGISTRATION_TIMER: [hex(180), ({ expiresSeconds }) => hex(expiresSeconds)],
  ucSIP_USE_STUN: OFF,
  // 0 always, 1 as the base finds, 2 never.
  ucOUTBOUND_PROXY_MODE: [hex(2), ({ outboundProxy }) => outboundProxy && hex(0)],
  'aucOUTBOUND_PROXY[0]': [EMPTY, ({ outboundProxy: proxy }) => proxy && quoted(plainHost(proxy.host))],
  uiOUTBOUND_PROXY_PORT: [hex(5060), (account) => account.outboundProxy && hex(proxyPortOf(account))],
  // The protocol's number in IP: 17 is UDP, 6 TCP. There is no TLS: a line that asks for it is
  // registered over TCP.
  ucSIP_PREFERRED_TRANSPORT_LAYER: [UDP, ({ transport }) => (transport === 'udp' ? UDP : TCP)],
};

const ACTIVE = 'ucB_SIP_ACCOUNT_IS_ACTIVE_1';

/**
 * Of each account, which is that of the handset in the same place. Switched off where a line is
 * gone; otherwise the handset keeps its place.
 */
const ACCOUNT: Table<[account: Account, provider: number]> = {
  [ACTIVE]: LEFT,
  'aucS_SIP_DISPLAYNAME[0]': [EMPTY, ({ displayName }) => quoted(displayName)],
  'aucS_SIP_LOGIN_ID[0]': [EMPTY, ({ authUser }) => quoted(authUser)],
  'aucS_SIP_PASSWORD[0]': [EMPTY, ({ password }) => quoted(password)],
  'aucS_SIP_USER_ID[0]': [EMPTY, ({ sipUser }) => quoted(sipUser)],
  ucVoipProviderIndex: [OFF, (_, provider) => hex(provider)],
  'aucI_SIP_PREFERRED_VOCODER[0]': [DEFAULT_VOCODERS, ({ codecs }) => vocoders(codecs)],
  'aucS_VOIP_NET_AM_NUMBER_1[0]': [
    EMPTY,
    ({ voicemailNumber: number }) => (number === null ? null : quoted(number)),
  ],
  ucB_VOIP_NET_AM_ENABLED_1: [OFF, ({ voicemailNumber }) => (voicemailNumber === null ? OFF : ON)],
};

/** The first provider, and the first account, is 0. */
const ofProvider =
  (provider: number): NameOf =>
  (entry) =>
    `BS_VOIP_Data.astVoipProviders[${provider}].${entry}`;
const ofAccount =
  (account: number): NameOf =>
  (entry) =>
    `BS_VOIP_Data.astVoipAccounts[${account}].${entry}`;

/** The large base before the N870: as many servers as it has places for. */
export const N720: BaseSeries = {
  groupsOf: (model) => [
    owned(BASE, writeParameter),
    owned(PHONE_BOOK, writeParameter, ofPhoneBook),
    ...numbered(model.providers, (number) => owned(PROVIDER, writeParameter, ofProvider(number - 1))),
    ...numbered(model.handsets, (number) => owned(ACCOUNT, writeParameter, ofAccount(number - 1))),
  ],
  settingsOf(view, model) {
    const service = serviceOf(view);
    return joinSettings(
      valuesOf(BASE, [view]),
      valuesOf(PHONE_BOOK, [view], ofPhoneBook),
      service === null ? lineSettings(view, model) : serviceSettings(service, model),
    );
  },
  frame: (view, _, parameters) =>
    providerFrame(view, { name: 'N720', schema: 'N720_general.xsd' }, parameters),
  free: FREE_SYMBOLS,
};

/** Each line with its own handset. One whose server there is no place for is left out. */
function lineSettings(view: ConfigurationView, model: GigasetModel): Settings {
  const { servers, placed } = shareServers(lineAccounts(view, model.handsets), model.providers);
  const active = new Set(placed.map(({ place }) => place));
  return joinSettings(
    ...servers.map((account, at) => valuesOf(PROVIDER, [account, account.host], ofProvider(at))),
    ...placed.map(({ account, place, server }) => valuesOf(ACCOUNT, [account, server], ofAccount(place))),
    new Map(
      numbered(model.handsets, (number) => [
        ofAccount(number - 1)(ACTIVE),
        active.has(number - 1) ? ON : OFF,
      ]),
    ),
  );
}

/**
 * One account in every place of a base without lines, so that help can be called from each handset
 * that has one, and it shows on each. The first is switched on; whether the others are stays as it
 * is, for switched off they would lose their handsets.
 */
function serviceSettings(service: ServiceView, model: GigasetModel): Settings {
  const account = { ...plainServiceLine(service), displayName: shortDisplayText(service) };
  return joinSettings(
    valuesOf(PROVIDER, [account, service.displayText], ofProvider(0)),
    new Map([[ofAccount(0)(ACTIVE), ON]]),
    ...numbered(model.handsets, (number) => valuesOf(ACCOUNT, [account, 0], ofAccount(number - 1))),
  );
}
