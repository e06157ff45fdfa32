import type { OwnedParameter } from '../../parameter-list.js';
import { numbers, ownedOnce } from '../owned.js';
import { writeParameter } from './format.js';

/** Left as the base has it, unless a document sets it. */
const LEFT = null;

/** Of the base. */
const BASE: Record<string, string | null> = {
  'Provisioning.global.ProvisioningServer': LEFT,
  // After a boot anybody in the network could answer where to fetch from.
  'SystemSettings.global.SipMulticastEnabled': '0',
  // check-sync fetches; nothing that we set needs a reboot.
  'SystemSettings.global.CheckSyncRebootEnabled': '0',
  'WebUIAccounts.1.Password': LEFT,
  'DmGlobal.0.NtpServer': LEFT,
  'DmGlobal.0.TimeZone': LEFT,
  // Handsets show the display names of their accounts.
  'DmGlobal.0.HSIdleDisplay': '1',
  'Telephony.0.ToneScheme': 'Retail',
  'Netdir.1.Activated': '0',
  'XMLDir.1.ProviderName': '',
  'XMLDir.1.ServerURL': '',
  'XMLDir.1.WhitePagesDirName': '',
  'XMLDir.1.StartWithListWP': '1',
};

const PROVIDER: Record<string, string> = {
  Name: '',
  Domain: '',
  ProxyServerAddress: '',
  ProxyServerPort: '5060',
  RegServerAddress: '',
  RegServerPort: '5060',
  RegServerRefreshTimer: '180',
  // 1 UDP, 2 TCP, 3 TLS.
  TransportProtocol: '1',
  UseSIPS: '0',
  SRTP_Enabled: '0',
  AcceptNonSRTPCalls: '1',
  // RFC 4733.
  DTMFTransmission: '2',
  DnsQuery: '0',
  FailoverServerEnabled: '0',
  // 0 always, 2 never.
  OutboundProxyMode: '2',
  OutboundProxyAddress: '',
  OutboundProxyPort: '5060',
  MWISubscription: '0',
};

/** Of each handset's account. */
const ACCOUNT: Record<string, string> = {
  UserName: '',
  AuthName: '',
  AuthPassword: '',
  DisplayName: '',
  ProviderId: '0',
  VoiceMailMailbox: '',
  VoiceMailActive: '0',
};

/**
 * The code with which the handset of a place is registered, as the maker sets it: that must be
 * started at the base as well.
 */
const HANDSET: Record<string, string> = { DECT_AC: '0000' };

/** The number of a handset's place in the format; the first is 1. */
export const handsetId = (handset: number): string => String(handset).padStart(5, '0');

export const ofProvider = (provider: number, field: string): string => `SipProvider.${provider}.${field}`;
export const ofAccount = (handset: number, field: string): string =>
  `SipAccount.${handsetId(handset)}.${field}`;

export const ownedParameters = ownedOnce((model) => [
  named(BASE, (name) => name),
  ...numbers(0, model.providers).map((at) => named(PROVIDER, (field) => ofProvider(at, field))),
  ...numbers(1, model.handsets).map((at) => [
    ...named(HANDSET, (field) => `hs.${handsetId(at)}.${field}`),
    ...named(ACCOUNT, (field) => ofAccount(at, field)),
  ]),
]);

function named(entries: Record<string, string | null>, nameOf: (field: string) => string): OwnedParameter[] {
  return Object.entries(entries).map(([field, cleared]) => {
    const name = nameOf(field);
    return { name, cleared, write: (value) => writeParameter(name, value) };
  });
}
