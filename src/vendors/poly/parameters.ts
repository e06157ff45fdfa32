import { type OwnedParameter, ParameterList } from '../parameter-list.js';
import { KEEP_ALIVE_SECONDS } from '../registration-expiry.js';
import { type PolyModel, modelOf } from './models.js';
import { escapeXml } from '../xml.js';

/** An empty value takes what a file or a user had set away. */
export const CLEARED = '';

/** Left as the phone has it, unless a document sets it. */
const LEFT = null;

/** How many entries we own of what a phone has several of. */
export const EMERGENCY_NUMBERS = 8;
export const SOFT_KEYS = 2;
/** Watched numbers and enhanced feature keys are counted up to here. */
export const LISTED_KEYS = 50;

/**
 * Of the phone as a whole. Those that begin with `device.` are in its flash and survive everything
 * but a reset.
 */
const PHONE: Record<string, string | null> = {
  'device.prov.serverName': CLEARED,
  'device.prov.serverType': LEFT,
  'device.prov.user': CLEARED,
  'device.prov.password': CLEARED,
  // Puts the MAC into the User-Agent.
  'device.prov.tagSerialNo': '1',
  // A URL learnt from DHCP or from the maker's own service would win over the one that carries the
  // token.
  'device.dhcp.bootSrvUseOpt': 'Static',
  'device.prov.ztpEnabled': '0',
  'device.prov.upgradeServer': CLEARED,
  'device.auth.localAdminPassword': LEFT,
  'device.auth.localUserPassword': LEFT,
  // Made stricter, a phone that falls back might not find us again; made laxer, anybody could play
  // us.
  'device.sec.TLS.prov.strictCertCommonNameValidation': LEFT,
  'sec.TLS.SIP.strictCertCommonNameValidation': LEFT,
  'sec.TLS.customCaCert.1': CLEARED,
  'sec.TLS.profileSelection.SIP': 'PlatformProfile1',
  'prov.polling.enabled': '1',
  'prov.polling.mode': 'rel',
  'prov.polling.period': '86400',
  // check-sync fetches, and restarts only where a change asks for it.
  'voIpProt.SIP.specialEvent.checkSync.alwaysReboot': '0',
  // Keeps a NAT's port for the phone.
  'nat.keepalive.interval': String(KEEP_ALIVE_SECONDS),
  'voIpProt.SIP.requestValidation.1.request': CLEARED,
  'voIpProt.SIP.requestValidation.1.method': CLEARED,
  'httpd.enabled': '0',
  'httpd.cfg.enabled': '0',
  'httpd.cfg.secureTunnelRequired': '1',
  // RFC 4733 (the manual says RFC 2833), and never SIP INFO beside it.
  'tone.dtmf.viaRtp': '1',
  'tone.dtmf.rfc2833Control': '1',
  'voIpProt.SIP.dtmfViaSignaling.rfc2976': '0',
  'voice.codecPref.G722': '0',
  'voice.codecPref.G711_A': '0',
  'voice.codecPref.G711_Mu': '0',
  'voice.codecPref.G729_AB': '0',
  'voice.codecPref.Opus': '0',
  'sec.srtp.enable': '1',
  'sec.srtp.offer': '0',
  'sec.srtp.require': '0',
  'dialplan.digitmap': CLEARED,
  'dialplan.routing.server.1.address': CLEARED,
  'feature.urlDialing.enabled': '0',
  'feature.directory.enabled': '1',
  'feature.callList.enabled': '1',
  'feature.enhancedFeatureKeys.enabled': '1',
  'feature.EFKLineKey.enabled': '1',
  'lineKey.reassignment.enabled': '0',
  'attendant.reg': '1',
  'attendant.uri': CLEARED,
  'mb.main.home': CLEARED,
  'lcl.ml.lang': LEFT,
  'tcpIpApp.sntp.address': LEFT,
  'tcpIpApp.sntp.address.overrideDHCP': LEFT,
  'tcpIpApp.sntp.gmtOffset': LEFT,
  'tcpIpApp.sntp.gmtOffset.overrideDHCP': LEFT,
  'tcpIpApp.sntp.daylightSavings.enable': LEFT,
  'tcpIpApp.sntp.daylightSavings.fixedDayEnable': LEFT,
  ...Object.fromEntries(
    ['start', 'stop'].flatMap((change) =>
      ['month', 'date', 'time', 'dayOfWeek', 'dayOfWeek.lastInMonth'].map((entry) => [
        `tcpIpApp.sntp.daylightSavings.${change}.${entry}`,
        LEFT,
      ]),
    ),
  ),
};

/** Of each line, after `reg.<n>.`. One without an address is off. */
const REGISTRATION: Record<string, string> = {
  address: CLEARED,
  'auth.userId': CLEARED,
  'auth.password': CLEARED,
  label: CLEARED,
  displayName: CLEARED,
  lineKeys: '1',
  'server.1.address': CLEARED,
  'server.1.port': CLEARED,
  'server.1.transport': CLEARED,
  'server.1.expires': CLEARED,
  'server.1.register': '0',
  'server.2.address': CLEARED,
  'outboundProxy.address': CLEARED,
  'outboundProxy.port': CLEARED,
  'outboundProxy.transport': CLEARED,
  'srtp.enable': '0',
  'srtp.offer': '0',
  'srtp.require': '0',
};

const MESSAGES: Record<string, string> = { subscribe: CLEARED, callBackMode: 'disabled', callBack: CLEARED };

/** Dials when the handset is lifted, at once: nobody could dial an emergency number any more. */
const OFF_HOOK: Record<string, string> = { enabled: '0', contact: CLEARED };

const LINE_KEY: Record<string, string> = { category: 'Unassigned', index: CLEARED };

const WATCHED: Record<string, string> = { address: CLEARED, label: CLEARED, type: 'normal' };

const FEATURE_KEY: Record<string, string> = {
  mname: CLEARED,
  label: CLEARED,
  status: '0',
  'action.string': CLEARED,
};

const SOFT_KEY: Record<string, string> = { enable: '0', label: CLEARED, action: CLEARED, 'use.idle': '0' };

const lists = new Map<PolyModel, ParameterList>();

/** The parameters owned on a model. */
export function ownedParameters(model: PolyModel): ParameterList {
  const known = lists.get(model);
  if (known !== undefined) return known;
  const list = new ParameterList(ownedGroups(model));
  lists.set(model, list);
  return list;
}

function ownedGroups(model: PolyModel): OwnedParameter[][] {
  return [
    group('', PHONE),
    ...groups('dialplan.routing.emergency', EMERGENCY_NUMBERS, { value: CLEARED }),
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
function groups(prefix: string, count: number, entries: Record<string, string>): OwnedParameter[][] {
  return Array.from({ length: count }, (_, at) => group(`${prefix}.${at + 1}`, entries));
}

function group(prefix: string, entries: Record<string, string | null>): OwnedParameter[] {
  return Object.entries(entries).map(([entry, cleared]) => {
    const name = prefix === '' ? entry : `${prefix}.${entry}`;
    return { name, cleared, write: (value) => writeParameter(name, value) };
  });
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

let everyName: ReadonlySet<string> | undefined;

/**
 * Why a free parameter cannot be set, in words; null when it can. The same for all models: a
 * tenant's phones are of many.
 */
export function rawFault(name: string): string | null {
  if (!/^[a-z_][\w.-]{0,99}$/i.test(name) || /^xml/i.test(name)) return 'is no parameter name of this family';
  const kind = kindOf(name);
  if (kind.startsWith('device.') && kind.endsWith('.set'))
    return 'is written by Dialgate beside its parameter';
  everyName ??= new Set(
    ownedGroups(modelOf(null))
      .flat()
      .map((parameter) => kindOf(parameter.name)),
  );
  return everyName.has(kind) || OURS.test(kind) ? 'is a parameter that Dialgate sets itself' : null;
}

/**
 * A name for all of its kind: any number where it has one, and in lower case, for the phone does
 * not tell the cases apart.
 */
function kindOf(name: string): string {
  return name.toLowerCase().replaceAll(/(?<=\.)\d+(?=\.|$)/g, '#');
}
