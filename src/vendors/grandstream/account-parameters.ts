import type { CodecName } from '../../domain/phone-settings.js';
import { hostPort } from '../../domain/host.js';
import type { Account } from '../accounts.js';
import { minutesOf, type Row, type Table } from '../parameter-table.js';
import { WARM_LINE_SECONDS } from '../service-line.js';

/** What a port of an adapter has besides an account. */
export interface Port {
  /** Counted from 0. */
  profile: number;
  /** What it dials when nothing is keyed; null waits for a number. */
  warmLine: string | null;
}

const TRANSPORTS = { udp: '0', tcp: '1', tls: '2' } as const;
const SRTP_MODES = { off: '0', optional: '1', required: '2' } as const;

const certificateCheck = ({ verifiesServer, transport }: Account): string =>
  verifiesServer && transport === 'tls' ? '1' : '0';

/**
 * The entries of an account. Their P-values differ between models and accounts; no model has all.
 */
const ACCOUNT = {
  active: ['0', () => '1'],
  /** The label of its key. */
  name: ['', ({ label }) => label],
  server: ['', hostPort],
  secondServer: '',
  proxy: ['', ({ outboundProxy }) => (outboundProxy === null ? '' : hostPort(outboundProxy))],
  secondProxy: '',
  user: ['', ({ sipUser }) => sipUser],
  authUser: ['', ({ authUser }) => authUser],
  password: ['', ({ password }) => password],
  displayName: ['', ({ displayName }) => displayName],
  register: ['0', () => '1'],
  /** In minutes. */
  expires: ['60', ({ expiresSeconds }) => String(minutesOf(expiresSeconds))],
  transport: ['0', ({ transport }) => TRANSPORTS[transport]],
  /** 0: address records, 1: SRV. */
  dnsMode: ['0', (account) => ((account.outboundProxy ?? account).port === null ? '1' : '0')],
  /** 2: packets that keep the port mapping of a NAT. */
  natTraversal: ['0', () => '2'],
  // RFC 4733 (the manuals say RFC 2833) and nothing else: phones have a switch for each way,
  // adapters an order.
  dtmfInAudio: '0',
  dtmfInRtp: '1',
  dtmfInSip: '0',
  firstDtmf: '101',
  secondDtmf: '102',
  thirdDtmf: '100',
  // The phone takes SIP from the proxy only, and so a NOTIFY too.
  fromProxyOnly: '1',
  allowReset: '0',
  srtp: ['0', ({ srtp }) => SRTP_MODES[srtp]],
  checkServerName: ['0', certificateCheck],
  checkServerChain: ['0', certificateCheck],
  // Star codes are the server's, `*89` among them.
  callFeatures: '0',
  dialPlan: '{ x+ | \\+x+ | *x+ | *xx*x+ }',
  voicemail: ['', ({ voicemailNumber }) => voicemailNumber],
  subscribeMessages: ['0', ({ voicemailNumber }) => (voicemailNumber === null ? '0' : '1')],
  /** 0: the account's name rather than its number. */
  display: '0',
  offHookNumber: ['', (_, { warmLine }) => warmLine],
  /** In seconds. */
  offHookDelay: ['0', (_, { warmLine }) => (warmLine === null ? '0' : String(WARM_LINE_SECONDS))],
  profile: ['0', (_, { profile }) => String(profile)],
  /** No other port rings in its place. */
  huntingGroup: '0',
} as const satisfies Table<[Account, Port]>;
export type AccountEntry = keyof typeof ACCOUNT;

/** The P-values of an account. */
export interface AccountValues {
  entries: Partial<Record<AccountEntry, number>>;
  /** In the order of preference. */
  codecs: readonly number[];
}

/** PCMA, for an account that is not in use. */
const NO_CODEC = '8';
/** Payload types; that of Opus is the phone's own number. */
const CODECS: Record<CodecName, string> = { pcmu: '0', pcma: '8', g722: '9', g729: '18', opus: '123' };

/**
 * The parameters of an account. On the larger adapters a profile has the server and a port the
 * user.
 */
export function accountTable({ entries, codecs }: AccountValues): Table<[Account, Port]> {
  return Object.fromEntries([
    ...Object.entries(entries).map(([entry, number]) => [`P${number}`, ACCOUNT[entry as AccountEntry]]),
    ...codecs.map((number, at) => [`P${number}`, codecRow(at)]),
  ]);
}

/** Every choice has to be a codec: the last one of the account fills the rest. */
function codecRow(at: number): Row<[Account]> {
  return [
    NO_CODEC,
    ({ codecs }) => {
      const codec = codecs[at] ?? codecs.at(-1);
      return codec === undefined ? null : CODECS[codec];
    },
  ];
}
