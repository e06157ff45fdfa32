import { macHex } from '../../../domain/mac.js';
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
import { accountField, type AccountField, handsetName, LINK } from './parameters.js';

export const PROFILE: Profile = { name: 'N510', schema: 'N510.xsd' };

/** The parameters that both configurations set alike. */
export function commonSettings(view: CommonView): Settings {
  const folder = folderUrl(view.provisioningUrl);
  const clock = zoneNumbers(view);
  const minutes = Math.max(1, Math.round(view.refreshSeconds / 60));
  return new Map([
    ['S_CONFIGFILE_URL', quoted(`${folder}/${macHex(view.mac).toUpperCase()}.xml`)],
    ['BS_IP_Data1.aucS_DATA_SERVER[0]', quoted(folder)],
    ['BS_IP_Data1.uiI_CHECK_FOR_UPDATES_TIMER_INIT', hex(minutes)],
    ['BS_CUSTOM.aucKdsPin[0]', systemPin(view.phonePassword)],
    ['BS_IP_Data1.ucI_HTTPLANGUAGE', languageNumber(view.language)],
    ['BS_IP_Data1.aucS_TIME_NTP_SERVER', quoted(view.ntpServer)],
    ...(clock === null
      ? []
      : ([
          ['BS_IP_Data1.uiI_TIME_TIMEZONE', clock.zone],
          ['BS_IP_Data1.ucB_TIME_USE_AUTOMATIC_DST', clock.summer],
        ] as const)),
  ]);
}

/** Without a slash at its end; and without `http://`, as the base itself writes it. */
function folderUrl(url: string): string {
  return url.replace(/\/+$/, '').replace(/^http:\/\//, '');
}

export interface AccountSettings extends LineView {
  expiresSeconds: number;
  codecs: readonly CodecName[];
  voicemailNumber: string | null;
  /** The handsets that receive and make calls with it: bits, the first is 1. */
  handsets: number;
}

/**
 * An account. The base speaks UDP; a port that a line does not name is the one of its transport all
 * the same.
 */
export function accountSettings(number: number, account: AccountSettings): Settings {
  const host = quoted(plainHost(account.host));
  const port = hex(portOf(account));
  const proxy = account.outboundProxy;
  const fields: Partial<Record<AccountField, string>> = {
    active: ON,
    label: quoted(account.label),
    displayName: quoted(account.displayName),
    authUser: quoted(account.authUser),
    password: quoted(account.password),
    sipUser: quoted(account.sipUser),
    domain: quoted(uriHost(account.host)),
    server: host,
    serverPort: port,
    registrar: host,
    registrarPort: port,
    expires: hex(account.expiresSeconds),
    codecs: vocoders(account.codecs),
  };
  if (proxy !== null) {
    fields.proxyMode = hex(0);
    fields.proxy = quoted(plainHost(proxy.host));
    fields.proxyPort = hex(portOf({ port: proxy.port, transport: account.transport }));
  }
  if (account.voicemailNumber !== null) {
    fields.voicemailNumber = quoted(account.voicemailNumber);
    fields.voicemail = ON;
  }
  const link = LINK(number);
  return new Map([
    ...Object.entries(fields).map(([field, value]): [string, string] => [
      accountField(field as AccountField, number),
      value,
    ]),
    [link.name, quoted(account.label)],
    [link.state, ON],
    [link.sends, hex(account.handsets)],
    [link.receives, hex(account.handsets)],
  ]);
}

/**
 * One account for all handsets of a base without lines, so that help can be called from each; it
 * shows in their names.
 */
export function serviceSettings(service: ServiceView, model: GigasetModel): Settings {
  const name = quoted(shortDisplayText(service.displayText));
  return joinSettings(
    accountSettings(1, {
      ...plainServiceLine(service),
      voicemailNumber: null,
      handsets: 2 ** model.handsets - 1,
    }),
    new Map(numbers(1, model.handsets).map((handset) => [handsetName(handset), name])),
  );
}
