import { cutText } from '../accounts.js';
import { type CallProgressTones, ofTone } from '../call-progress-tones.js';
import { NO_NAME, OWNED, ownedKinds } from '../free-parameters.js';
import { listPerModel, oncePerModel, type OwnedParameter } from '../parameter-list.js';
import {
  certificateCheck,
  inFull,
  inMinimal,
  LEFT,
  minutesOf,
  type NameOf,
  numbered,
  owned,
  type Row,
  type Table,
} from '../parameter-table.js';
import { WARM_LINE_SECONDS } from '../service-line.js';
import { type ClockChange, ofSummer, ofZone } from '../time-zone.js';
import type { ConfigurationView, KeyView } from '../vendor.js';
import { CLEARED, writeParameter } from './format.js';
import { lineTable } from './line-parameters.js';
import { EVERY_MODEL, type PanasonicModel } from './models.js';
import { firmwareVersion, languageCode, toneTiming } from './values.js';

/** How many entries we own of what a phone has several of. */
export const EMERGENCY_CALLS = 5;
const LONGEST_INTERVAL_MINUTES = 40_320;

type Series = PanasonicModel['series'];
type Phone = [view: ConfigurationView, model: PanasonicModel];

const password = (view: ConfigurationView): string => view.phonePassword;
const language = ({ language: tag }: ConfigurationView, { series }: PanasonicModel): string =>
  languageCode(tag, series);

/** Where a phone asks for its own file; it puts its MAC, in upper case, in place of {MAC}. */
const standardFile = (directory: string): string => `${directory}Config{MAC}.cfg`;

/** What the file of a model sets. */
export const POINTER: Table<[publicUrl: string]> = {
  PROVISION_ENABLE: ['Y', () => 'Y'],
  CFG_STANDARD_FILE_PATH: [CLEARED, (publicUrl) => standardFile(`${publicUrl}/`)],
};

/** Of the phone as a whole. */
const PHONE: Table<Phone> = {
  PROVISION_ENABLE: 'Y',
  CFG_STANDARD_FILE_PATH: [CLEARED, (view) => standardFile(view.provisioningUrl)],
  // One file has everything: which of several wins differs from model to model.
  CFG_PRODUCT_FILE_PATH: CLEARED,
  CFG_MASTER_FILE_PATH: CLEARED,
  // A URL learnt from DHCP at the next boot would win over the one that carries the token.
  OPTION66_ENABLE: 'N',
  OPTION66_REBOOT: 'N',
  CFG_CYCLIC: 'Y',
  CFG_CYCLIC_INTVL: [
    '1440',
    (view) => String(Math.min(LONGEST_INTERVAL_MINUTES, minutesOf(view.refreshSeconds))),
  ],
  CFG_RTRY_INTVL: '5',
  // A time of day would switch the interval off.
  CFG_RESYNC_TIME: CLEARED,
  CFG_RESYNC_FROM_SIP: 'check-sync',
  ADMIN_ID: 'admin',
  ADMIN_PASS: [LEFT, password],
  USER_ID: 'user',
  USER_PASS: [LEFT, password],
  HTTPD_PORTOPEN_AUTO: ['N', inFull((view) => (view.webInterface ? 'Y' : 'N'))],
  HTTP_SSL_VERIFY: ['0', certificateCheck('1', '0')],
  CFG_ROOT_CERTIFICATE_PATH: [CLEARED, inFull((view) => view.serverTrust.caUrl)],
  FIRM_UPGRADE_ENABLE: ['N', inFull((view) => view.firmwareUrl && 'Y')],
  FIRM_UPGRADE_AUTO: ['N', inFull((view) => view.firmwareUrl && 'Y')],
  FIRM_VERSION: [CLEARED, inFull((view) => view.firmwareUrl && firmwareVersion(view.firmwareUrl))],
  FIRM_FILE_PATH: [CLEARED, inFull((view) => view.firmwareUrl)],
  VM_SUBSCRIBE_ENABLE: ['N', inFull((view) => view.voicemailNumber && 'Y')],
  DEFAULT_LANGUAGE: [LEFT, language],
  NTP_ADDR: [LEFT, (view) => view.ntpServer],
  // The clock is set by rules, all in minutes.
  TIME_ZONE: [LEFT, ofZone(({ offsetMinutes }) => String(offsetMinutes))],
  DST_ENABLE: [LEFT, ofZone(({ summer }) => (summer === null ? 'N' : 'Y'))],
  DST_OFFSET: [LEFT, ofSummer(({ savedMinutes }) => String(savedMinutes))],
  ...changeRows('DST_START', 'start'),
  ...changeRows('DST_STOP', 'end'),
};

/** The fifth of a weekday is taken as the last; 0 is Sunday. */
function changeRows(name: string, which: 'start' | 'end'): Table<Phone> {
  const row = (value: (change: ClockChange) => number): Row<Phone> => [
    LEFT,
    ofSummer((summer) => String(value(summer[which]))),
  ];
  return {
    [`${name}_MONTH`]: row(({ month }) => month),
    [`${name}_ORDINAL_DAY`]: row(({ week }) => week),
    [`${name}_DAY_OF_WEEK`]: row(({ weekday }) => weekday % 7),
    [`${name}_TIME`]: row(({ hour, minute }) => hour * 60 + minute),
  };
}

/** Beside these, of newer phones only. */
const NEWER_PHONE: Table<Phone> = {
  OPTION159_PROV_ENABLE: 'N',
  OPTION160_PROV_ENABLE: 'N',
  SIPPNP_PROV_ENABLE: 'N',
  SIPPNP_ENABLE: 'N',
  WEB_LANGUAGE: [LEFT, language],
  HOTLINE_ENABLE: ['N', inMinimal(() => 'Y')],
  HOTLINE_NUMBER: [CLEARED, inMinimal((view) => view.serviceNumber)],
  HOTLINE_TIM: [CLEARED, inMinimal(() => String(WARM_LINE_SECONDS))],
  XMLAPP_ENABLE: ['N', inFull((view) => view.phoneBook && 'Y')],
  XMLAPP_LDAP_URL: [CLEARED, inFull((view) => view.phoneBook && view.phoneBook.url)],
  SIP_TLS_ROOT_CERT_PATH: [CLEARED, inFull((view) => view.serverTrust.caUrl)],
};

const PHONE_OF_SERIES: Record<Series, Table<Phone>> = {
  hdv: NEWER_PHONE,
  tgp6: NEWER_PHONE,
  ut: { WEB_LANGUAGE: [LEFT, language], TELEVENT_PAYLOAD: '101' },
  tgp5: {},
};

/** The parameters of the phone as a whole. */
export const phoneTable = oncePerModel(({ series }: PanasonicModel): Table<Phone> => ({
  ...PHONE,
  ...PHONE_OF_SERIES[series],
}));

const TONE_NAMES: Record<keyof CallProgressTones, string> = {
  dial: 'DIAL_TONE1',
  ringback: 'RINGBACK_TONE',
  busy: 'BUSY_TONE',
  congestion: 'REORDER_TONE',
};
/** The older bases have other names for two. */
const OLD_TONE_NAMES = { ...TONE_NAMES, dial: 'DIAL_TONE', ringback: 'RINGING_TONE' };

export const toneTable = oncePerModel(({ series }: PanasonicModel): Table<Phone> => {
  const names = Object.entries(series === 'tgp5' ? OLD_TONE_NAMES : TONE_NAMES);
  return Object.fromEntries(
    names.flatMap(([key, name]) => {
      const tone = key as keyof CallProgressTones;
      return [
        [`${name}_FRQ`, [LEFT, ofTone(tone, ({ frequencies }) => frequencies.join(','))]],
        [`${name}_TIMING`, [LEFT, ofTone(tone, (sound) => toneTiming(sound, series))]],
      ];
    }),
  );
});

export const EMERGENCY_CALL: Table<[number: string]> = { EMERGENCY_CALL: [CLEARED, (number) => number] };

/** A key: of a line by its number, or another one. */
export type Key = { kind: 'line'; label: string; value: string } | Omit<KeyView, 'line'>;

/** The UT series has words of its own. */
const ACTIONS = {
  hdv: { line: 'LINE', blf: 'BLF', 'speed-dial': 'ONETOUCH' },
  ut: { line: 'DN', blf: 'CONTACT', 'speed-dial': 'ONETOUCH' },
} as const;

/** What a key beside a display has room for; a longer label is passed over. */
const LONGEST_LABEL = 10;

export const KEY: Table<[key: Key, series: Series]> = {
  FLEX_BUTTON_FACILITY_ACT: [
    CLEARED,
    ({ kind }, series) => `X_PANASONIC_IPTEL_${ACTIONS[series === 'ut' ? 'ut' : 'hdv'][kind]}`,
  ],
  FLEX_BUTTON_FACILITY_ARG: [CLEARED, ({ kind, value }) => (kind === 'speed-dial' ? '' : value)],
  FLEX_BUTTON_QUICK_DIAL: [CLEARED, ({ kind, value }) => (kind === 'speed-dial' ? value : '')],
  FLEX_BUTTON_LABEL: [CLEARED, ({ label }) => cutText(label, LONGEST_LABEL)],
};

/** Of each handset; `lines` says of each line whether the handset dials with it. */
export const HANDSET: Table<[lines: string]> = {
  OUTGOING_CALL_LINE: [CLEARED, (lines) => lines],
  DEFAULT_LINE_SELECT: [CLEARED, (lines) => lines],
};

/** The handsets of a base, and the base itself, as parameters call them. */
export function handsetNames(model: PanasonicModel): string[] {
  const handsets = numbered(model.handsets, (handset) => `HS${handset}`);
  return model.series === 'tgp5' ? [...handsets, 'BS'] : handsets;
}

/** Names with a number or the name of a handset at their end. */
export const ending =
  (suffix: string | number): NameOf =>
  (entry) =>
    `${entry}${suffix}`;

/** The parameters owned on a model. */
export const ownedParameters = listPerModel(ownedGroups);

function ownedGroups(model: PanasonicModel): OwnedParameter[][] {
  return [
    group(phoneTable(model)),
    group(toneTable(model)),
    ...numbered(EMERGENCY_CALLS, (at) => group(EMERGENCY_CALL, ending(at))),
    ...numbered(model.lines, (at) => group(lineTable(model), ending(`_${at}`))),
    ...numbered(model.flexibleKeys, (at) => group(KEY, ending(at))),
    ...handsetNames(model).map((name) => group(HANDSET, ending(`_${name}`))),
  ];
}

function group(table: Table<never[]>, nameOf?: NameOf): OwnedParameter[] {
  return owned(table, writeParameter, nameOf);
}

/** Beyond what we set: files and servers that would lead the phone elsewhere, TR-069 among them. */
const OURS =
  /^(?:CFG_|OPTION\d|SIPPNP|TR069|ACS_|PERIODIC_INFORM|CON_REQ_|PROVISION_|FIRM_|ADMIN_(?:ID|PASS)|USER_(?:ID|PASS)|HTTPD_|HTTP_(?:AUTH|USER_AGENT|SSL)|EMERGENCY_|SIP_(?:2ND|AUTHID|PASS|URI|RGSTR|PRXY|OUTPROXY|SVCDOMAIN|TLS_(?:ROOT|VERIFY)))/;

const everyKind = ownedKinds(EVERY_MODEL, ownedGroups, kindOf);

/**
 * Why a free parameter cannot be set, in words; null when it can. The same for all models: a
 * tenant's phones are of many.
 */
export function rawFault(name: string): string | null {
  if (!/^[A-Z][A-Z0-9_]{0,31}$/.test(name)) return NO_NAME;
  return everyKind().has(kindOf(name)) || OURS.test(name) ? OWNED : null;
}

/** A name for all of its kind: without the number at its end, where it has one. */
function kindOf(name: string): string {
  return name.replace(/_?\d+$/, '');
}
