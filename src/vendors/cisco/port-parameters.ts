import { hostPort } from '../../domain/host.js';
import type { Account } from '../accounts.js';
import { LEFT, type Row, type Table } from '../parameter-table.js';
import { codecNames } from './values.js';

/** What a user could switch on by star codes of the ATA's own; `<name>_Serv_<port>_`. */
const STAR_SERVICES = [
  'Cfwd_All',
  'Cfwd_Busy',
  'Cfwd_No_Ans',
  'Cfwd_Sel',
  'Cfwd_Last',
  'Block_Last',
  'Accept_Last',
  'Block_CID',
  'Block_ANC',
  'DND',
  'Call_Return',
  'Call_Redial',
  'Call_Back',
  'Speed_Dial',
  'Referral',
  'Feature_Dial',
] as const;

/** The digits under which a port can dial by a single key. */
const SPEED_DIALS = [2, 3, 4, 5, 6, 7, 8, 9] as const;

/** Any number, sent when no digit has followed for a while; codes may end in a hash. */
export const DIAL_PLAN = '(xx.|*[0-9*#].|#[0-9*#].)';

/** What is set of a port besides its account. */
export interface Port {
  /**
   * Whether it registers. A port that does not shares the account of another one, and can call all
   * the same.
   */
  registers: boolean;
  /** Whether it has a line of its own, and with that the ATA's services. */
  hasLine: boolean;
  dialPlan: string;
  emergencyNumbers: readonly string[];
  /** The numbers dialled by the digits from 2 on: there are no keys and no lamps. */
  speedDials: readonly string[];
  /**
   * Whether it can encrypt calls. The older models have a way of their own, with certificates that
   * no other maker has: off there.
   */
  isSecure: boolean;
  /** Whether the name in a server's certificate is verified; null leaves it as it is. */
  verify: boolean | null;
}

const TRANSPORTS = { udp: 'UDP', tcp: 'TCP', tls: 'TLS' } as const;
const UNSPECIFIED = 'Unspecified';

const codec =
  (place: number) =>
  ({ codecs }: Account): string =>
    codecNames(codecs)[place] ?? UNSPECIFIED;
const securesCalls = ({ srtp }: Account, { isSecure }: Port): string =>
  isSecure && srtp !== 'off' ? 'Yes' : 'No';

/** Of each port; its number follows, between underscores. */
export const PORT: Table<[account: Account, port: Port]> = {
  Line_Enable: ['No', () => 'Yes'],
  Display_Name: ['', ({ displayName }) => displayName],
  User_ID: ['', ({ sipUser }) => sipUser],
  Password: ['', (account) => account.password],
  Use_Auth_ID: ['No', () => 'Yes'],
  Auth_ID: ['', ({ authUser }) => authUser],
  Proxy: ['', hostPort],
  Outbound_Proxy: ['', ({ outboundProxy: proxy }) => proxy && hostPort(proxy)],
  Use_Outbound_Proxy: ['No', ({ outboundProxy }) => outboundProxy && 'Yes'],
  Use_OB_Proxy_In_Dialog: 'Yes',
  Use_DNS_SRV: 'No',
  Register: ['No', (_, { registers }) => (registers ? 'Yes' : 'No')],
  Register_Expires: ['3600', ({ expiresSeconds }) => String(expiresSeconds)],
  // Without it there would be no dial tone, and so no emergency call, while the registrar does not
  // answer.
  Make_Call_Without_Reg: ['No', () => 'Yes'],
  SIP_Transport: ['UDP', ({ transport }) => TRANSPORTS[transport]],
  // A resync is not challenged, but a request that does not come from the proxy is refused.
  'Auth_Resync-Reboot': ['Yes', () => 'No'],
  Restrict_Source_IP: 'Yes',
  NAT_Keep_Alive_Enable: 'Yes',
  NAT_Keep_Alive_Msg: '$NOTIFY',
  NAT_Keep_Alive_Dest: '$PROXY',
  TLS_Name_Validate: [LEFT, (_, { verify }) => (verify === null ? null : verify ? 'Yes' : 'No')],
  // RFC 4733 (the guides say AVT).
  DTMF_Tx_Method: 'AVT',
  DTMF_Process_AVT: 'Yes',
  Preferred_Codec: ['G711a', codec(0)],
  Second_Preferred_Codec: ['G711u', codec(1)],
  Third_Preferred_Codec: [UNSPECIFIED, codec(2)],
  Use_Pref_Codec_Only: 'No',
  G729a_Enable: ['No', ({ codecs }) => (codecNames(codecs).slice(0, 3).includes('G729a') ? 'Yes' : 'No')],
  Secure_Call_Serv: ['No', securesCalls],
  Secure_Call_Setting: ['No', securesCalls],
  Secure_Call_Option: [
    'Optional',
    ({ srtp }, { isSecure }) => (isSecure && srtp === 'required' ? 'Strict' : 'Optional'),
  ],
  Dial_Plan: [DIAL_PLAN, (_, { dialPlan }) => dialPlan],
  Emergency_Number: ['', (_, { emergencyNumbers }) => emergencyNumbers.join(',')],
  Enable_IP_Dialing: 'No',
  ...Object.fromEntries(
    STAR_SERVICES.map((service): [string, Row<[Account, Port]>] => [
      `${service}_Serv`,
      ['No', (_, { hasLine }) => (hasLine ? 'Yes' : 'No')],
    ]),
  ),
  ...Object.fromEntries(
    SPEED_DIALS.map((digit, at): [string, Row<[Account, Port]>] => [
      `Speed_Dial_${digit}`,
      ['', (_, { speedDials }) => speedDials[at] ?? null],
    ]),
  ),
};
