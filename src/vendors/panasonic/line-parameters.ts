import { plainHost, uriHost } from '../../domain/host.js';
import type { CodecName } from '../../domain/phone-settings.js';
import { type Account, cutText, KEEP_ALIVE_SECONDS, portOf, proxyPortOf } from '../accounts.js';
import { oncePerModel } from '../parameter-list.js';
import type { Row, Table } from '../parameter-table.js';
import { CLEARED } from './format.js';
import type { PanasonicModel } from './models.js';

type Series = PanasonicModel['series'];

/** An account of a phone, and what is set of its line besides. */
export interface Line extends Account {
  /** What the idle screen shows beside the name. */
  phoneNumber: string;
  /** null: any number after a while. */
  dialPlan: string | null;
  /** Whether it takes requests from its own servers only; an outbound proxy would not be one. */
  filtersSources: boolean;
}

const TRANSPORTS = { udp: '0', tcp: '1', tls: '2' } as const;
const SRTP_MODES = { required: '0', optional: '1', off: '2' } as const;
/** What a name has room for. */
const LONGEST_NAME = 24;

const host = (line: Line): string => plainHost(line.host);
const port = (line: Line): string => String(portOf(line));

/** Of each line, before `_<n>`. One without an ID and a password does not register. */
const LINE: Table<[Line]> = {
  PHONE_NUMBER: [CLEARED, (line) => line.phoneNumber],
  DISPLAY_NAME: [CLEARED, (line) => cutText(line.displayName, LONGEST_NAME)],
  SIP_URI: [CLEARED, (line) => `sip:${line.sipUser}@${uriHost(line.host)}`],
  SIP_AUTHID: [CLEARED, (line) => line.authUser],
  SIP_PASS: [CLEARED, (line) => line.password],
  SIP_RGSTR_ADDR: [CLEARED, host],
  SIP_RGSTR_PORT: ['5060', port],
  SIP_PRXY_ADDR: [CLEARED, host],
  SIP_PRXY_PORT: ['5060', port],
  SIP_PRSNC_ADDR: [CLEARED, host],
  SIP_PRSNC_PORT: ['5060', port],
  SIP_2NDRGSTR_ADDR: CLEARED,
  SIP_2NDPROXY_ADDR: CLEARED,
  SIP_OUTPROXY_ADDR: [CLEARED, ({ outboundProxy: proxy }) => proxy && plainHost(proxy.host)],
  SIP_OUTPROXY_PORT: ['5060', (line) => String(proxyPortOf(line))],
  SIP_SVCDOMAIN: [CLEARED, (line) => uriHost(line.host)],
  SIP_DNSSRV_ENA: ['N', (line) => (line.port === null || line.outboundProxy?.port === null ? 'Y' : 'N')],
  SIP_TRANSPORT: ['0', (line) => TRANSPORTS[line.transport]],
  // Answers to the port that a NAT gives the phone (RFC 3581), and packets that keep it open.
  SIP_ADD_RPORT: 'Y',
  PORT_PUNCH_INTVL: String(KEEP_ALIVE_SECONDS),
  // SIP from the servers of the line alone.
  SIP_DETECT_SSAF: ['N', (line) => (line.filtersSources ? 'Y' : 'N')],
  REG_EXPIRE_TIME: ['3600', (line) => String(line.expiresSeconds)],
  // RFC 4733 (the manual says RFC 2833).
  OUTBANDDTMF: 'Y',
  VM_NUMBER: [CLEARED, (line) => line.voicemailNumber],
  DIAL_PLAN: [CLEARED, (line) => line.dialPlan],
  // Other numbers are dialled all the same: what they reach is for the server to say.
  DIAL_PLAN_NOT_MATCH_ENABLE: 'Y',
};

const NEWER_LINE: Table<[Line]> = {
  SIP_TLS_MODE: '1',
  SIP_TLS_VERIFY: ['0', (line) => (line.verifiesServer ? '1' : '0')],
  SRTP_CONNECT_MODE: ['2', (line) => SRTP_MODES[line.srtp]],
  TELEVENT_PTYPE: '101',
};

const LINE_OF_SERIES: Record<Series, Table<[Line]>> = {
  hdv: NEWER_LINE,
  tgp6: NEWER_LINE,
  ut: { LINE_ENABLE: ['Disabled', () => 'Enabled'] },
  tgp5: { LINE_ID: [CLEARED, (line) => line.phoneNumber], TELEVENT_PTYPE: '101' },
};

/** The parameters of a line. Which handsets it rings on is only known of all lines together. */
export const lineTable = oncePerModel(({ series, handsets }: PanasonicModel): Table<[Line]> => ({
  ...LINE,
  ...LINE_OF_SERIES[series],
  ...Object.fromEntries(CODEC_NUMBERS.flatMap(series === 'tgp5' ? codecPlaceRows : codecRows)),
  ...(handsets > 0 ? { INCOMING_CALL_GROUP: CLEARED } : {}),
}));

/** The positions of a list of codecs (TGP500, TGP55x), and the numbers of codecs (all others). */
const CODEC_NUMBERS = [0, 1, 2, 3, 4] as const;

/** How the phones count codecs, and their names and payload types (RFC 3551); none has Opus. */
const CODECS: Partial<Record<CodecName, { number: number; name: string; payloadType: string }>> = {
  g722: { number: 0, name: 'G722', payloadType: '9' },
  pcma: { number: 1, name: 'PCMA', payloadType: '8' },
  g729: { number: 3, name: 'G729A', payloadType: '18' },
  pcmu: { number: 4, name: 'PCMU', payloadType: '0' },
};

type NamedRow = [entry: string, row: Row<[Line]>];

/** The codecs of a line that the phones have, in the order of preference. */
const codecsOf = ({ codecs }: Line) =>
  codecs.flatMap((name) => CODECS[name] ?? []).slice(0, CODEC_NUMBERS.length);

function codecPlaceRows(place: number): NamedRow[] {
  return [
    [`SDP_CODEC${place}`, [CLEARED, (line) => codecsOf(line)[place]?.name ?? null]],
    [`SDP_PTYPE${place}`, [CLEARED, (line) => codecsOf(line)[place]?.payloadType ?? null]],
  ];
}

function codecRows(number: number): NamedRow[] {
  const placeIn = (line: Line): number => codecsOf(line).findIndex((codec) => codec.number === number);
  return [
    [`CODEC_ENABLE${number}`, ['N', (line) => (placeIn(line) === -1 ? null : 'Y')]],
    [`CODEC_PRIORITY${number}`, ['255', (line) => (placeIn(line) === -1 ? null : String(placeIn(line) + 1))]],
  ];
}
