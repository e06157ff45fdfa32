import { type OwnedParameter, ParameterList } from '../parameter-list.js';
import { KEEP_ALIVE_SECONDS } from '../registration-expiry.js';
import { writeParameter } from './line.js';
import { EVERY_MODEL, type PanasonicModel } from './models.js';

/** An empty value empties a parameter; an absent one keeps what it has. */
export const CLEARED = '';

/** Left as the phone has it, unless a document sets it. */
const LEFT = null;

/** How many entries we own of what a phone has several of. */
export const EMERGENCY_CALLS = 5;
/** The positions of a list of codecs (TGP500, TGP55x), and the numbers of codecs (all others). */
export const CODEC_NUMBERS = [0, 1, 2, 3, 4] as const;

type Entries = Record<string, string | null>;
type Series = PanasonicModel['series'];

/** Of the phone as a whole. */
const PHONE: Entries = {
  PROVISION_ENABLE: 'Y',
  CFG_STANDARD_FILE_PATH: CLEARED,
  // One file has everything: which of several wins differs from model to model.
  CFG_PRODUCT_FILE_PATH: CLEARED,
  CFG_MASTER_FILE_PATH: CLEARED,
  // A URL learnt from DHCP at the next boot would win over the one that carries the token.
  OPTION66_ENABLE: 'N',
  OPTION66_REBOOT: 'N',
  CFG_CYCLIC: 'Y',
  CFG_CYCLIC_INTVL: '1440',
  CFG_RTRY_INTVL: '5',
  // A time of day would switch the interval off.
  CFG_RESYNC_TIME: CLEARED,
  CFG_RESYNC_FROM_SIP: 'check-sync',
  ADMIN_ID: 'admin',
  ADMIN_PASS: LEFT,
  USER_ID: 'user',
  USER_PASS: LEFT,
  HTTPD_PORTOPEN_AUTO: 'N',
  HTTP_SSL_VERIFY: '0',
  CFG_ROOT_CERTIFICATE_PATH: CLEARED,
  FIRM_UPGRADE_ENABLE: 'N',
  FIRM_UPGRADE_AUTO: 'N',
  FIRM_VERSION: CLEARED,
  FIRM_FILE_PATH: CLEARED,
  VM_SUBSCRIBE_ENABLE: 'N',
  DEFAULT_LANGUAGE: LEFT,
  NTP_ADDR: LEFT,
  TIME_ZONE: LEFT,
  DST_ENABLE: LEFT,
  DST_OFFSET: LEFT,
  ...Object.fromEntries(
    ['START', 'STOP'].flatMap((change) =>
      ['MONTH', 'ORDINAL_DAY', 'DAY_OF_WEEK', 'TIME'].map((entry) => [`DST_${change}_${entry}`, LEFT]),
    ),
  ),
};

/** Beside these, of newer phones only. */
const NEWER_PHONE: Entries = {
  OPTION159_PROV_ENABLE: 'N',
  OPTION160_PROV_ENABLE: 'N',
  SIPPNP_PROV_ENABLE: 'N',
  SIPPNP_ENABLE: 'N',
  WEB_LANGUAGE: LEFT,
  HOTLINE_ENABLE: 'N',
  HOTLINE_NUMBER: CLEARED,
  HOTLINE_TIM: CLEARED,
  XMLAPP_ENABLE: 'N',
  XMLAPP_LDAP_URL: CLEARED,
  SIP_TLS_ROOT_CERT_PATH: CLEARED,
};

const OF_SERIES: Record<Series, Entries> = {
  hdv: NEWER_PHONE,
  tgp6: NEWER_PHONE,
  ut: { WEB_LANGUAGE: LEFT, TELEVENT_PAYLOAD: '101' },
  tgp5: {},
};

/** Of each line, before `_<n>`. One without an ID and a password does not register. */
const LINE: Entries = {
  PHONE_NUMBER: CLEARED,
  DISPLAY_NAME: CLEARED,
  SIP_URI: CLEARED,
  SIP_AUTHID: CLEARED,
  SIP_PASS: CLEARED,
  SIP_RGSTR_ADDR: CLEARED,
  SIP_RGSTR_PORT: '5060',
  SIP_PRXY_ADDR: CLEARED,
  SIP_PRXY_PORT: '5060',
  SIP_PRSNC_ADDR: CLEARED,
  SIP_PRSNC_PORT: '5060',
  SIP_2NDRGSTR_ADDR: CLEARED,
  SIP_2NDPROXY_ADDR: CLEARED,
  SIP_OUTPROXY_ADDR: CLEARED,
  SIP_OUTPROXY_PORT: '5060',
  SIP_SVCDOMAIN: CLEARED,
  SIP_DNSSRV_ENA: 'N',
  SIP_TRANSPORT: '0',
  // Answers to the port that a NAT gives the phone (RFC 3581), and something now and then that
  // keeps it.
  SIP_ADD_RPORT: 'Y',
  PORT_PUNCH_INTVL: String(KEEP_ALIVE_SECONDS),
  // SIP from the servers of the line alone.
  SIP_DETECT_SSAF: 'N',
  REG_EXPIRE_TIME: '3600',
  // RFC 4733 (the manual says RFC 2833).
  OUTBANDDTMF: 'Y',
  VM_NUMBER: CLEARED,
  DIAL_PLAN: CLEARED,
  // Other numbers are dialled all the same: what they reach is for the server to say.
  DIAL_PLAN_NOT_MATCH_ENABLE: 'Y',
};

const NEWER_LINE: Entries = {
  SIP_TLS_MODE: '1',
  SIP_TLS_VERIFY: '0',
  SRTP_CONNECT_MODE: '2',
  TELEVENT_PTYPE: '101',
};

const LINE_OF_SERIES: Record<Series, Entries> = {
  hdv: NEWER_LINE,
  tgp6: NEWER_LINE,
  ut: { LINE_ENABLE: 'Disabled' },
  tgp5: { LINE_ID: CLEARED, TELEVENT_PTYPE: '101' },
};

/** Of tones, before `_FRQ` and `_TIMING`; the older bases have other names for two. */
export const TONE_NAMES: Record<
  Series,
  Record<'dial' | 'ringback' | 'busy' | 'congestion', string>
> = (() => {
  const names = {
    dial: 'DIAL_TONE1',
    ringback: 'RINGBACK_TONE',
    busy: 'BUSY_TONE',
    congestion: 'REORDER_TONE',
  };
  return {
    hdv: names,
    ut: names,
    tgp6: names,
    tgp5: { ...names, dial: 'DIAL_TONE', ringback: 'RINGING_TONE' },
  };
})();

const lists = new Map<PanasonicModel, ParameterList>();

/** The parameters owned on a model. */
export function ownedParameters(model: PanasonicModel): ParameterList {
  const known = lists.get(model);
  if (known !== undefined) return known;
  const list = new ParameterList(ownedGroups(model));
  lists.set(model, list);
  return list;
}

function ownedGroups(model: PanasonicModel): OwnedParameter[][] {
  const { series } = model;
  const tones = Object.values(TONE_NAMES[series]).flatMap((name) => [`${name}_FRQ`, `${name}_TIMING`]);
  const lineEntries = { ...LINE, ...LINE_OF_SERIES[series], ...codecEntries(series) };
  const incoming = model.handsets > 0 ? { INCOMING_CALL_GROUP: CLEARED } : {};
  return [
    group({ ...PHONE, ...OF_SERIES[series] }),
    group(Object.fromEntries(tones.map((name) => [name, LEFT]))),
    ...numbered(EMERGENCY_CALLS, (at) => ({ [`EMERGENCY_CALL${at}`]: CLEARED })),
    ...numbered(model.lines, (at) => suffixed({ ...lineEntries, ...incoming }, `_${at}`)),
    ...numbered(model.flexibleKeys, (at) => ({
      [`FLEX_BUTTON_FACILITY_ACT${at}`]: CLEARED,
      [`FLEX_BUTTON_FACILITY_ARG${at}`]: CLEARED,
      [`FLEX_BUTTON_QUICK_DIAL${at}`]: CLEARED,
      [`FLEX_BUTTON_LABEL${at}`]: CLEARED,
    })),
    ...handsetNames(model).map((name) =>
      group({ [`OUTGOING_CALL_LINE_${name}`]: CLEARED, [`DEFAULT_LINE_SELECT_${name}`]: CLEARED }),
    ),
  ];
}

/** The handsets of a base, and the base itself, as parameters call them. */
export function handsetNames(model: PanasonicModel): string[] {
  const handsets = Array.from({ length: model.handsets }, (_, at) => `HS${at + 1}`);
  return model.series === 'tgp5' ? [...handsets, 'BS'] : handsets;
}

function codecEntries(series: Series): Entries {
  const entries = CODEC_NUMBERS.flatMap((number): [string, string][] =>
    series === 'tgp5'
      ? [
          [`SDP_CODEC${number}`, CLEARED],
          [`SDP_PTYPE${number}`, CLEARED],
        ]
      : [
          [`CODEC_ENABLE${number}`, 'N'],
          [`CODEC_PRIORITY${number}`, '255'],
        ],
  );
  return Object.fromEntries(entries);
}

function numbered(count: number, entries: (number: number) => Entries): OwnedParameter[][] {
  return Array.from({ length: count }, (_, at) => group(entries(at + 1)));
}

function suffixed(entries: Entries, suffix: string): Entries {
  return Object.fromEntries(Object.entries(entries).map(([name, cleared]) => [name + suffix, cleared]));
}

function group(entries: Entries): OwnedParameter[] {
  return Object.entries(entries).map(([name, cleared]) => ({
    name,
    cleared,
    write: (value) => writeParameter(name, value),
  }));
}

/** Beyond what we set: files and servers that would lead the phone elsewhere, TR-069 among them. */
const OURS =
  /^(?:CFG_|OPTION\d|SIPPNP|TR069|ACS_|PERIODIC_INFORM|CON_REQ_|PROVISION_|FIRM_|ADMIN_(?:ID|PASS)|USER_(?:ID|PASS)|HTTPD_|HTTP_(?:AUTH|USER_AGENT|SSL)|EMERGENCY_|SIP_(?:2ND|AUTHID|PASS|URI|RGSTR|PRXY|OUTPROXY|SVCDOMAIN|TLS_(?:ROOT|VERIFY)))/;

let everyName: ReadonlySet<string> | undefined;

/**
 * Why a free parameter cannot be set, in words; null when it can. The same for all models: a
 * tenant's phones are of many.
 */
export function rawFault(name: string): string | null {
  if (!/^[A-Z][A-Z0-9_]{0,31}$/.test(name)) return 'is no parameter name of this family';
  everyName ??= new Set(
    EVERY_MODEL.flatMap((model) => ownedGroups(model).flat()).map((parameter) => kindOf(parameter.name)),
  );
  const isOurs = everyName.has(kindOf(name)) || OURS.test(name);
  return isOurs ? 'is a parameter that Dialgate sets itself' : null;
}

/** A name for all of its kind: without the number at its end, where it has one. */
function kindOf(name: string): string {
  return name.replace(/_?\d+$/, '');
}
