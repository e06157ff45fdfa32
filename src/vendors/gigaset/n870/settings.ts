import { plainHost, uriHost } from '../../../domain/host.js';
import { joinSettings, type Settings } from '../../parameter-list.js';
import { serviceLine } from '../../service-line.js';
import { shortDisplayText } from '../../short-display.js';
import type { CommonView, FullView, LineView, ServiceView } from '../../vendor.js';
import type { GigasetModel } from '../models.js';
import { numbers } from '../owned.js';
import { portOf } from '../base-settings.js';
import { ofAccount, ofProvider } from './parameters.js';
import { listedZone } from './time-zones.js';

/** The parameters that both configurations set alike. */
export function commonSettings(view: CommonView): Settings {
  const zone = listedZone(view);
  return new Map([
    // The base puts a slash and `<mac>.xml` at its end.
    ['Provisioning.global.ProvisioningServer', view.provisioningUrl.replace(/\/+$/, '')],
    ['WebUIAccounts.1.Password', view.phonePassword],
    ['DmGlobal.0.NtpServer', view.ntpServer],
    ...(zone === null ? [] : ([['DmGlobal.0.TimeZone', zone]] as const)),
  ]);
}

export interface ProviderSettings extends Pick<LineView, 'host' | 'port' | 'outboundProxy' | 'transport'> {
  name: string;
  expiresSeconds: number;
  srtp: FullView['srtp'];
  /** Whether the base asks for messages waiting. */
  messages: boolean;
}

const TRANSPORTS = { udp: '1', tcp: '2', tls: '3' } as const;

export function providerSettings(number: number, provider: ProviderSettings): Settings {
  const { transport, outboundProxy: proxy } = provider;
  const host = plainHost(provider.host);
  const port = String(portOf(provider));
  const srtp = provider.srtp ?? (transport === 'tls' ? 'optional' : 'off');
  const fields: [string, string][] = [
    ['Name', provider.name],
    ['Domain', uriHost(provider.host)],
    ['ProxyServerAddress', host],
    ['ProxyServerPort', port],
    ['RegServerAddress', host],
    ['RegServerPort', port],
    ['RegServerRefreshTimer', String(provider.expiresSeconds)],
    ['TransportProtocol', TRANSPORTS[transport]],
    ['SRTP_Enabled', srtp === 'off' ? '0' : '1'],
    ['AcceptNonSRTPCalls', srtp === 'required' ? '0' : '1'],
    ['MWISubscription', provider.messages ? '1' : '0'],
  ];
  if (proxy !== null) {
    fields.push(
      ['OutboundProxyMode', '0'],
      ['OutboundProxyAddress', plainHost(proxy.host)],
      ['OutboundProxyPort', String(portOf({ port: proxy.port, transport }))],
    );
  }
  return new Map(fields.map(([field, value]) => [ofProvider(number, field), value]));
}

export interface AccountSettings extends Pick<LineView, 'displayName' | 'sipUser' | 'authUser' | 'password'> {
  provider: number;
  voicemailNumber: string | null;
}

/** The account of a handset; the first is 1. */
export function accountSettings(handset: number, account: AccountSettings): Settings {
  const { voicemailNumber } = account;
  const fields: [string, string][] = [
    ['UserName', account.sipUser],
    ['AuthName', account.authUser],
    ['AuthPassword', account.password],
    ['DisplayName', account.displayName],
    ['ProviderId', String(account.provider)],
    ['VoiceMailMailbox', voicemailNumber ?? ''],
    ['VoiceMailActive', voicemailNumber === null ? '0' : '1'],
  ];
  return new Map(fields.map(([field, value]) => [ofAccount(handset, field), value]));
}

/**
 * One account in every place of a base without lines, so that help can be called from each handset
 * that is there, and it shows on each.
 */
export function serviceSettings(service: ServiceView, model: GigasetModel): Settings {
  const line = serviceLine(service);
  const account = {
    ...line,
    displayName: shortDisplayText(service.displayText),
    provider: 0,
    voicemailNumber: null,
  };
  return joinSettings(
    providerSettings(0, { ...line, name: service.displayText, messages: false }),
    ...numbers(1, model.handsets).map((handset) => accountSettings(handset, account)),
  );
}
