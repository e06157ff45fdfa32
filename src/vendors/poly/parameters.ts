import { plainHost } from '../../domain/host.js';
import { type Account, KEEP_ALIVE_SECONDS } from '../accounts.js';
import { NO_NAME, OWNED, ownedKinds } from '../free-parameters.js';
import { listPerModel, type OwnedParameter } from '../parameter-list.js';
import {
  certificateCheck,
  inFull,
  inMinimal,
  LEFT,
  type NameOf,
  numbered,
  owned,
  type Table,
} from '../parameter-table.js';
import { serviceOf } from '../service-line.js';
import type { ConfigurationView, KeyView } from '../vendor.js';
import { escapeXml } from '../xml.js';
import { type PolyModel, modelOf } from './models.js';
import { changeRows, codecPlace, digitMap, gmtOffset, languageName, summerOf } from './values.js';

/** An empty value takes what a file or a user had set away. */
export const CLEARED = '';

/** How many entries we own of what a phone has several of. */
export const EMERGENCY_NUMBERS = 8;
const SOFT_KEYS = 2;
/** Watched numbers and enhanced feature keys are counted up to here. */
export const LISTED_KEYS = 50;

/** Administrator's guide, `prov.polling.period`: "greater than 3600". */
const SHORTEST_POLLING_SECONDS = 3601;

type Of = [view: ConfigurationView];

/** Set on the configuration of a phone with a service in the place of lines. */
const withService =
  (value: string) =>
  (view: ConfigurationView): string | null =>
    serviceOf(view) === null ? null : value;
const isWebInterface = inFull((view) => (view.webInterface ? '1' : '0'));
const password = (view: ConfigurationView): string => view.phonePassword;

/**
 * Of the phone as a whole. Those that begin with `device.` are in its flash and survive everything
 * but a reset.
 */
export const PHONE: Table<Of> = {
  'device.prov.serverName': [CLEARED, (view) => view.provisioningUrl],
  'device.prov.serverType': [LEFT, (view) => (view.provisioningUrl.startsWith('https:') ? 'HTTPS' : 'HTTP')],
  'device.prov.user': CLEARED,
  'device.prov.password': CLEARED,
  // Puts the MAC into the User-Agent.
  'device.prov.tagSerialNo': '1',
  // A URL learnt from DHCP or from the maker's own service would win over the one that carries the
  // token.
  'device.dhcp.bootSrvUseOpt': 'Static',
  'device.prov.ztpEnabled': '0',
  'device.prov.upgradeServer': [CLEARED, inFull((view) => view.firmwareUrl)],
  'device.auth.localAdminPassword': [LEFT, password],
  'device.auth.localUserPassword': [LEFT, password],
  // The chain is always verified; this is about the name in the certificate. A phone that falls
  // back could not find us again if the check were stricter, and any host could impersonate us if
  // it were laxer.
  'device.sec.TLS.prov.strictCertCommonNameValidation': [LEFT, certificateCheck('1', '0')],
  'sec.TLS.SIP.strictCertCommonNameValidation': [LEFT, certificateCheck('1', '0')],
  // Another authority is for SIP: for files it would have to be in the flash.
  'sec.TLS.customCaCert.1': [CLEARED, inFull((view) => view.serverTrust.caUrl)],
  'sec.TLS.profileSelection.SIP': [
    'PlatformProfile1',
    inFull((view) => view.serverTrust.caUrl && 'ApplicationProfile1'),
  ],
  'prov.polling.enabled': '1',
  'prov.polling.mode': 'rel',
  'prov.polling.period': ['86400', (view) => String(Math.max(SHORTEST_POLLING_SECONDS, view.refreshSeconds))],
  // check-sync fetches, and restarts only where a change asks for it.
  'voIpProt.SIP.specialEvent.checkSync.alwaysReboot': '0',
  // Keeps a NAT's port for the phone.
  'nat.keepalive.interval': String(KEEP_ALIVE_SECONDS),
  // While the phone waits, a request to fetch again counts from the address of its registrar alone.
  'voIpProt.SIP.requestValidation.1.request': [CLEARED, withService('NOTIFY')],
  'voIpProt.SIP.requestValidation.1.method': [CLEARED, withService('source')],
  'httpd.enabled': ['0', isWebInterface],
  'httpd.cfg.enabled': ['0', isWebInterface],
  'httpd.cfg.secureTunnelRequired': '1',
  // RFC 4733 (the manual says RFC 2833), and never SIP INFO beside it.
  'tone.dtmf.viaRtp': '1',
  'tone.dtmf.rfc2833Control': '1',
  'voIpProt.SIP.dtmfViaSignaling.rfc2976': '0',
  'voice.codecPref.G722': ['0', codecPlace('g722')],
  'voice.codecPref.G711_A': ['0', codecPlace('pcma')],
  'voice.codecPref.G711_Mu': ['0', codecPlace('pcmu')],
  'voice.codecPref.G729_AB': ['0', codecPlace('g729')],
  'voice.codecPref.Opus': ['0', codecPlace('opus')],
  'sec.srtp.enable': '1',
  'sec.srtp.offer': '0',
  'sec.srtp.require': '0',
  'dialplan.digitmap': [CLEARED, digitMap],
  'dialplan.routing.server.1.address': CLEARED,
  'feature.urlDialing.enabled': '0',
  // While the phone waits it shows neither its user's contacts nor past calls.
  'feature.directory.enabled': ['1', inMinimal(() => '0')],
  'feature.callList.enabled': ['1', inMinimal(() => '0')],
  'feature.enhancedFeatureKeys.enabled': '1',
  'feature.EFKLineKey.enabled': '1',
  'lineKey.reassignment.enabled': ['0', inFull((view) => (view.keys.length === 0 ? '0' : '1'))],
  'attendant.reg': '1',
  'attendant.uri': CLEARED,
  'mb.main.home': [CLEARED, inFull((view) => view.phoneBook && view.phoneBook.url)],
  'lcl.ml.lang': [LEFT, ({ language }) => languageName(language)],
  'tcpIpApp.sntp.address': [LEFT, (view) => view.ntpServer],
  'tcpIpApp.sntp.address.overrideDHCP': [LEFT, () => '1'],
  'tcpIpApp.sntp.gmtOffset': [LEFT, gmtOffset],
  'tcpIpApp.sntp.gmtOffset.overrideDHCP': [LEFT, (view) => gmtOffset(view) && '1'],
  'tcpIpApp.sntp.daylightSavings.enable': [
    LEFT,
    (view) => gmtOffset(view) && (summerOf(view) === null ? '0' : '1'),
  ],
  'tcpIpApp.sntp.daylightSavings.fixedDayEnable': [LEFT, (view) => summerOf(view) && '0'],
  ...changeRows('start', 'start'),
  ...changeRows('stop', 'end'),
};

export const EMERGENCY: Table<[number: string]> = { value: [CLEARED, (number) => number] };

const TRANSPORTS = { udp: 'UDPOnly', tcp: 'TCPOnly', tls: 'TLS' } as const;

/** A port of 0 makes the phone ask the DNS (SRV). */
const portText = (server: { port: number | null }): string => String(server.port ?? 0);

/** Of each line, after `reg.<n>.`. One without an address is off. */
export const REGISTRATION: Table<[Account]> = {
  address: [CLEARED, ({ sipUser }) => sipUser],
  'auth.userId': [CLEARED, ({ authUser }) => authUser],
  'auth.password': [CLEARED, (account) => account.password],
  label: [CLEARED, ({ label }) => label],
  displayName: [CLEARED, ({ displayName }) => displayName],
  lineKeys: '1',
  'server.1.address': [CLEARED, ({ host }) => plainHost(host)],
  'server.1.port': [CLEARED, portText],
  'server.1.transport': [CLEARED, ({ transport }) => TRANSPORTS[transport]],
  'server.1.expires': [CLEARED, ({ expiresSeconds }) => String(expiresSeconds)],
  'server.1.register': ['0', () => '1'],
  'server.2.address': CLEARED,
  'outboundProxy.address': [CLEARED, ({ outboundProxy: proxy }) => proxy && plainHost(proxy.host)],
  'outboundProxy.port': [CLEARED, ({ outboundProxy: proxy }) => proxy && portText(proxy)],
  'outboundProxy.transport': [
    CLEARED,
    ({ outboundProxy, transport }) => outboundProxy && TRANSPORTS[transport],
  ],
  'srtp.enable': ['0', ({ srtp }) => (srtp === 'off' ? '0' : '1')],
  'srtp.offer': ['0', ({ srtp }) => (srtp === 'off' ? '0' : '1')],
  'srtp.require': ['0', ({ srtp }) => (srtp === 'required' ? '1' : '0')],
};

export const MESSAGES: Table<[Account]> = {
  subscribe: CLEARED,
  callBackMode: ['disabled', ({ voicemailNumber }) => voicemailNumber && 'contact'],
  callBack: [CLEARED, ({ voicemailNumber }) => voicemailNumber],
};

/** It would dial at once when the handset is lifted, so that no emergency number could be keyed. */
const OFF_HOOK: Table = { enabled: '0', contact: CLEARED };

/** What a line key does, and the number of that in its own list. */
export const LINE_KEY: Table<[category: 'Line' | 'BLF' | 'EFK', index: number]> = {
  category: ['Unassigned', (category) => category],
  index: [CLEARED, (_, index) => String(index)],
};

export const WATCHED: Table<[KeyView]> = {
  address: [CLEARED, ({ value }) => value],
  label: [CLEARED, ({ label }) => label],
  type: 'normal',
};

export const FEATURE_KEY: Table<[KeyView]> = {
  // It is what the key shows, and may not begin with a digit.
  mname: [CLEARED, ({ label }) => (/^\d/.test(label) ? `> ${label}` : label)],
  label: [CLEARED, ({ label }) => label],
  status: ['0', () => '1'],
  'action.string': [CLEARED, ({ value }) => callAction(value)],
};

export const SOFT_KEY: Table<[label: string, action: string]> = {
  enable: ['0', () => '1'],
  label: [CLEARED, (label) => label],
  action: [CLEARED, (_, action) => action],
  'use.idle': ['0', () => '1'],
};

/**
 * The macro that calls a number ("Enhanced Feature Keys"); a `$` in it would begin another macro.
 */
export function callAction(number: string): string {
  return `${number.replaceAll('$', '')}$Tinvite$`;
}

/** The parameters owned on a model. */
export const ownedParameters = listPerModel(ownedGroups);

function ownedGroups(model: PolyModel): OwnedParameter[][] {
  return [
    owned(PHONE, writeParameter),
    ...groups('dialplan.routing.emergency', EMERGENCY_NUMBERS, EMERGENCY),
    ...groups('reg', model.registrations, REGISTRATION),
    ...groups('msg.mwi', model.registrations, MESSAGES),
    ...groups('call.autoOffHook', model.registrations, OFF_HOOK),
    ...groups('lineKey', model.lineKeys, LINE_KEY),
    ...groups('attendant.resourceList', LISTED_KEYS, WATCHED),
    ...groups('efk.efklist', LISTED_KEYS, FEATURE_KEY),
    ...groups('softkey', SOFT_KEYS, SOFT_KEY),
  ];
}

/** The same entries for each number from 1 on: `<prefix>.<number>.<entry>`. */
function groups(prefix: string, count: number, table: Table<never[]>): OwnedParameter[][] {
  return numbered(count, (number) => owned(table, writeParameter, below(`${prefix}.${number}`)));
}

export function below(prefix: string): NameOf {
  return (entry) => `${prefix}.${entry}`;
}

/**
 * A parameter is an attribute. One of the device's own is only taken over with `.set` beside it.
 */
export function writeParameter(name: string, value: string): string {
  const permission = /^device\./i.test(name) && !/\.set$/i.test(name) ? `  ${name}.set="1"\n` : '';
  return `${permission}  ${name}="${escapeXml(value)}"\n`;
}

/**
 * Beyond what we set: what leads the phone elsewhere, lets its user do so, or decides on emergency
 * calls and who may send requests.
 */
const OURS =
  /^(?:device\.(?:prov|dhcp|auth|da|lens|logincred\w*|logins?)\.|device\.(?:set|baseprofile)|prov\.|upgrade\.|logincred|lens\.|obitalk|httpd\.|(?:device\.)?sec\.tls\.profileselection\.|dialplan\.(?:#\.)?(?:digitmap$|routing\.)|voipprot\.(?:server\.|sip\.(?:requestvalidation|specialevent|outboundproxy)\.)|reg\.#\.(?:auth|server\.#\.(?:address|port|transport|register|specialinterop)|outboundproxy|thirdpartyname|address)|call\.autooffhook\.|(?:config_files|app_file_path|misc_files|[a-z]+(?:_[a-z]+)*_directory)(?:_|$))/;

const everyKind = ownedKinds([modelOf(null)], ownedGroups, kindOf);

/**
 * Why a free parameter cannot be set, in words; null when it can. The same for all models: a
 * tenant's phones are of many.
 */
export function rawFault(name: string): string | null {
  if (!/^[a-z_][\w.-]{0,99}$/i.test(name) || /^xml/i.test(name)) return NO_NAME;
  const kind = kindOf(name);
  if (kind.startsWith('device.') && kind.endsWith('.set'))
    return 'is written by Dialgate beside its parameter';
  return everyKind().has(kind) || OURS.test(kind) ? OWNED : null;
}

/**
 * A name for all of its kind: any number where it has one, and in lower case, for the phone does
 * not tell the cases apart.
 */
function kindOf(name: string): string {
  return name.toLowerCase().replaceAll(/(?<=\.)\d+(?=\.|$)/g, '#');
}
