import type { CodecName } from '../../../domain/phone-settings.js';
import { plainHost, uriHost } from '../../../domain/host.js';
import { joinSettings, type Settings } from '../../parameter-list.js';
import { plainServiceLine } from '../../service-line.js';
import { shortDisplayText } from '../../short-display.js';
import type { CommonView, LineView, ServiceView } from '../../vendor.js';
import type { GigasetModel } from '../models.js';
import { numbers } from '../owned.js';
import { languageNumber, portOf, systemPin, vocoders, zoneNumbers } from '../base-settings.js';
import { hex, ON, quoted, type Profile } from '../provider-frame.js';
import { ofAccount, ofProvider } from './parameters.js';

export const PROFILE: Profile = { name: 'N720', schema: 'N720_general.xsd' };

/** The parameters that both configurations set alike. */
export function commonSettings(view: CommonView): Settings {
  const clock = zoneNumbers(view);
  return new Map([
    ['BS_IP_Data.aucS_DATA_SERVER[0]', quoted(view.provisioningUrl.replace(/\/+$/, ''))],
    ['BS_CUSTOM.WebUIPassword', quoted(view.phonePassword)],
    ['BS_CUSTOM.aucKdsPin[0]', systemPin(view.phonePassword)],
    ['BS_IP_Data.ucI_HTTPLANGUAGE', languageNumber(view.language)],
    ['BS_IP_Data.aucS_TIME_NTP_SERVER[0]', quoted(view.ntpServer)],
    ...(clock === null
      ? []
      : ([
          ['BS_IP_Data.uiI_TIME_TIMEZONE', clock.zone],
          ['BS_IP_Data.ucB_TIME_USE_AUTOMATIC_DST', clock.summer],
        ] as const)),
  ]);
}

const UDP = hex(17);
const TCP = hex(6);

export interface ProviderSettings extends Pick<LineView, 'host' | 'port' | 'outboundProxy' | 'transport'> {
  name: string;
  expiresSeconds: number;
}

/** A provider. There is no TLS: a line that asks for it is registered over TCP. */
export function providerSettings(number: number, provider: ProviderSettings): Settings {
  const host = quoted(plainHost(provider.host));
  const port = hex(portOf(provider));
  const proxy = provider.outboundProxy;
  const fields: [string, string][] = [
    ['aucSIP_PROVIDER_NAME[0]', quoted(provider.name)],
    ['aucSIP_DOMAIN[0]', quoted(uriHost(provider.host))],
    ['aucSIP_SERVER[0]', host],
    ['uiSIP_SERVER_PORT', port],
    ['aucSIP_REGISTRAR[0]', host],
    ['uiSIP_REGISTRAR_PORT', port],
    ['uiRE_REGISTRATION_TIMER', hex(provider.expiresSeconds)],
    ['ucSIP_PREFERRED_TRANSPORT_LAYER', provider.transport === 'udp' ? UDP : TCP],
  ];
  if (proxy !== null) {
    fields.push(
      ['ucOUTBOUND_PROXY_MODE', hex(0)],
      ['aucOUTBOUND_PROXY[0]', quoted(plainHost(proxy.host))],
      ['uiOUTBOUND_PROXY_PORT', hex(portOf({ port: proxy.port, transport: provider.transport }))],
    );
  }
  return new Map(fields.map(([field, value]) => [ofProvider(number, field), value]));
}

export interface AccountSettings extends Pick<LineView, 'displayName' | 'sipUser' | 'authUser' | 'password'> {
  provider: number;
  codecs: readonly CodecName[];
  voicemailNumber: string | null;
}

export function accountSettings(number: number, account: AccountSettings): Settings {
  const fields: [string, string][] = [
    ['aucS_SIP_DISPLAYNAME[0]', quoted(account.displayName)],
    ['aucS_SIP_LOGIN_ID[0]', quoted(account.authUser)],
    ['aucS_SIP_PASSWORD[0]', quoted(account.password)],
    ['aucS_SIP_USER_ID[0]', quoted(account.sipUser)],
    ['ucVoipProviderIndex', hex(account.provider)],
    ['aucI_SIP_PREFERRED_VOCODER[0]', vocoders(account.codecs)],
  ];
  if (account.voicemailNumber !== null) {
    fields.push(
      ['aucS_VOIP_NET_AM_NUMBER_1[0]', quoted(account.voicemailNumber)],
      ['ucB_VOIP_NET_AM_ENABLED_1', ON],
    );
  }
  return new Map(fields.map(([field, value]) => [ofAccount(number, field), value]));
}

export function activation(number: number, value: string): Settings {
  return new Map([[ofAccount(number, 'ucB_SIP_ACCOUNT_IS_ACTIVE_1'), value]]);
}

/**
 * One account in every place of a base without lines, so that help can be called from each handset
 * that has one, and it shows on each. The first is switched on; whether the others are stays as it
 * is, for switched off they would lose their handsets.
 */
export function serviceSettings(service: ServiceView, model: GigasetModel): Settings {
  const line = plainServiceLine(service);
  const account = {
    ...line,
    displayName: shortDisplayText(service.displayText),
    provider: 0,
    voicemailNumber: null,
  };
  return joinSettings(
    providerSettings(0, { ...line, name: service.displayText }),
    activation(0, ON),
    ...numbers(0, model.handsets).map((number) => accountSettings(number, account)),
  );
}
