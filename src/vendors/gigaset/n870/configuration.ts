import { plainHost, uriHost } from '../../../domain/host.js';
import { type Account, lineAccounts, portOf, proxyPortOf, shareServers } from '../../accounts.js';
import { joinSettings } from '../../parameter-list.js';
import {
  inFull,
  LEFT,
  lookUp,
  type NameOf,
  numbered,
  owned,
  type Table,
  valuesOf,
} from '../../parameter-table.js';
import { serviceLine, serviceOf, shortDisplayText } from '../../service-line.js';
import type { ConfigurationView } from '../../vendor.js';
import { escapeXml } from '../../xml.js';
import type { GigasetModel } from '../models.js';
import type { BaseSeries } from '../series.js';
import { listedZone } from './time-zones.js';

const TONE_SCHEMES: Record<string, string> = { DE: 'Germany', ES: 'Spain', FR: 'France' };
const phoneBookName = inFull(({ phoneBook }) => phoneBook && phoneBook.name);

/** Of the base. */
const BASE: Table<[ConfigurationView]> = {
  // The base puts a slash and `<mac>.xml` at its end.
  'Provisioning.global.ProvisioningServer': [LEFT, (view) => view.provisioningUrl.replace(/\/+$/, '')],
  // After a boot any host in the network could answer where to fetch from.
  'SystemSettings.global.SipMulticastEnabled': '0',
  // check-sync fetches; nothing that we set needs a reboot.
  'SystemSettings.global.CheckSyncRebootEnabled': '0',
  'WebUIAccounts.1.Password': [LEFT, (view) => view.phonePassword],
  'DmGlobal.0.NtpServer': [LEFT, (view) => view.ntpServer],
  'DmGlobal.0.TimeZone': [LEFT, listedZone],
  // Handsets show the display names of their accounts.
  'DmGlobal.0.HSIdleDisplay': '1',
  'Telephony.0.ToneScheme': [
    'Retail',
    inFull((view) => lookUp(TONE_SCHEMES, (view.toneCountry ?? '').toUpperCase())),
  ],
  'Netdir.1.Activated': ['0', inFull(({ phoneBook }) => phoneBook && '1')],
  'XMLDir.1.ProviderName': ['', phoneBookName],
  'XMLDir.1.ServerURL': ['', inFull(({ phoneBook }) => phoneBook && phoneBook.url)],
  'XMLDir.1.WhitePagesDirName': ['', phoneBookName],
  'XMLDir.1.StartWithListWP': '1',
};

const TRANSPORTS = { udp: '1', tcp: '2', tls: '3' } as const;

const host = (account: Account): string => plainHost(account.host);
const port = (account: Account): string => String(portOf(account));

const PROVIDER: Table<[account: Account, name: string]> = {
  Name: ['', (_, name) => name],
  Domain: ['', (account) => uriHost(account.host)],
  ProxyServerAddress: ['', host],
  ProxyServerPort: ['5060', port],
  RegServerAddress: ['', host],
  RegServerPort: ['5060', port],
  RegServerRefreshTimer: ['180', ({ expiresSeconds }) => String(expiresSeconds)],
  TransportProtocol: ['1', ({ transport }) => TRANSPORTS[transport]],
  UseSIPS: '0',
  SRTP_Enabled: ['0', ({ srtp }) => (srtp === 'off' ? '0' : '1')],
  AcceptNonSRTPCalls: ['1', ({ srtp }) => (srtp === 'required' ? '0' : '1')],
  // RFC 4733.
  DTMFTransmission: '2',
  DnsQuery: '0',
  FailoverServerEnabled: '0',
  // 0 always, 2 never.
  OutboundProxyMode: ['2', ({ outboundProxy }) => outboundProxy && '0'],
  OutboundProxyAddress: ['', ({ outboundProxy: proxy }) => proxy && plainHost(proxy.host)],
  OutboundProxyPort: ['5060', (account) => account.outboundProxy && String(proxyPortOf(account))],
  MWISubscription: ['0', ({ voicemailNumber }) => (voicemailNumber === null ? '0' : '1')],
};

/** Of each handset's account. */
const ACCOUNT: Table<[account: Account, provider: number]> = {
  UserName: ['', ({ sipUser }) => sipUser],
  AuthName: ['', ({ authUser }) => authUser],
  AuthPassword: ['', ({ password }) => password],
  DisplayName: ['', ({ displayName }) => displayName],
  ProviderId: ['0', (_, provider) => String(provider)],
  VoiceMailMailbox: ['', ({ voicemailNumber }) => voicemailNumber],
  VoiceMailActive: ['0', ({ voicemailNumber }) => (voicemailNumber === null ? '0' : '1')],
};

/**
 * The code for registering the handset of a place, as the maker sets it. A registration has to be
 * started at the base as well.
 */
const HANDSET: Table = { DECT_AC: '0000' };

/** The number of a handset's place in the format; the first is 1. */
const handsetId = (handset: number): string => String(handset).padStart(5, '0');

const ofHandset =
  (handset: number): NameOf =>
  (entry) =>
    `hs.${handsetId(handset)}.${entry}`;
const ofAccount =
  (handset: number): NameOf =>
  (entry) =>
    `SipAccount.${handsetId(handset)}.${entry}`;
/** The first is 0. */
const ofProvider =
  (provider: number): NameOf =>
  (entry) =>
    `SipProvider.${provider}.${entry}`;

export const N870: BaseSeries = {
  groupsOf: (model) => [
    owned(BASE, writeParameter),
    ...numbered(model.providers, (number) => owned(PROVIDER, writeParameter, ofProvider(number - 1))),
    ...numbered(model.handsets, (handset) => [
      ...owned(HANDSET, writeParameter, ofHandset(handset)),
      ...owned(ACCOUNT, writeParameter, ofAccount(handset)),
    ]),
  ],
  settingsOf(view, model) {
    const { providers, accounts } = accountsOf(view, model);
    return joinSettings(
      valuesOf(BASE, [view]),
      ...providers.map(({ account, name }, at) => valuesOf(PROVIDER, [account, name], ofProvider(at))),
      ...accounts.map(({ account, handset, provider }) =>
        valuesOf(ACCOUNT, [account, provider], ofAccount(handset)),
      ),
    );
  },
  frame,
  free: {
    form: /^[A-Za-z]\w*(?:\.[\w-]+){1,6}$/,
    kindOf: (name) => name.toLowerCase().replace(/\.[\w-]+\./, '.*.'),
    write: writeParameter,
    clearedOf: () => '',
  },
};

function writeParameter(name: string, value: string): string {
  return `<param name="${name}" value="${escapeXml(value)}"/>\n`;
}

interface Accounts {
  providers: { account: Account; name: string }[];
  accounts: { account: Account; handset: number; provider: number }[];
}

/**
 * Each line with its own handset, and as many servers as there are places for; or one account in
 * every place of a base without lines, so that help can be called from each handset that is there,
 * and it shows on each.
 */
function accountsOf(view: ConfigurationView, model: GigasetModel): Accounts {
  const service = serviceOf(view);
  if (service === null) {
    const { servers, placed } = shareServers(lineAccounts(view, model.handsets), model.providers);
    return {
      providers: servers.map((account) => ({ account, name: account.host })),
      accounts: placed.map(({ account, place, server }) => ({
        account,
        handset: place + 1,
        provider: server,
      })),
    };
  }
  const account = { ...serviceLine(service), displayName: shortDisplayText(service) };
  return {
    providers: [{ account, name: service.displayText }],
    accounts: numbered(model.handsets, (handset) => ({ account, handset, provider: 0 })),
  };
}

/**
 * A place for the handset of each line; a registered handset stays registered. Without lines no
 * place is deleted: the handset would have to be registered again at the base. `RegStart`, which
 * opens the registration of handsets, has another value each time and is not written.
 */
function frame(
  view: ConfigurationView,
  model: GigasetModel,
  parameters: string,
): ReturnType<BaseSeries['frame']> {
  const isWithoutLine = serviceOf(view) !== null;
  const handsets = isWithoutLine ? [1] : accountsOf(view, model).accounts.map(({ handset }) => handset);
  const isDeletingOthers = !isWithoutLine && handsets.length > 0;
  return {
    contentType: 'application/xml; charset=utf-8',
    body: [
      '<?xml version="1.0" encoding="UTF-8"?>\n<provisioning version="1.1" productID="e2">\n',
      'lines' in view ? firmware(view.firmwareUrl) : '',
      '<nvm>\n',
      isDeletingOthers ? '<oper name="DeleteNotProvisionedHS"/>\n' : '',
      ...handsets.map(
        (handset) =>
          `<oper name="add_hs" value="${handsetId(handset)}">\n<param name="hs.RegStatus" value="ToReg"/>\n</oper>\n`,
      ),
      parameters,
      '</nvm>\n</provisioning>\n',
    ].join(''),
  };
}

/**
 * `…-V2.65.0-build.8504c90.bin`: without a version to compare with its own, a base would fetch the
 * same file again and again.
 */
function firmware(url: string | null): string {
  const version = /V?(\d+\.\d+\.\d+)[^/]*$/i.exec(url ?? '')?.[1];
  if (url === null || version === undefined) return '';
  return `<firmware>\n<file version="${escapeXml(version)}" url="${escapeXml(url)}"/>\n</firmware>\n`;
}
