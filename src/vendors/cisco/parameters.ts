import { type OwnedParameter, ParameterList } from '../parameter-list.js';
import { KEEP_ALIVE_SECONDS } from '../registration-expiry.js';
import { escapeXml } from '../xml.js';
import type { CiscoModel } from './models.js';

/** Left as the ATA has it, unless a document sets it. */
const LEFT = null;

/** Of the ATA. An empty element empties the parameter; one that is left out keeps its value. */
const DEVICE: Record<string, string | null> = {
  Provision_Enable: 'Yes',
  Resync_On_Reset: 'Yes',
  // In units of twenty seconds, at power-on only: a site does not come back all at once.
  Resync_Random_Delay: '1',
  Resync_At__HHmm_: '',
  Resync_Periodic: '3600',
  Resync_Error_Retry_Delay: '3600',
  Forced_Resync_Delay: '14400',
  Resync_From_SIP: 'Yes',
  Resync_After_Upgrade_Attempt: 'Yes',
  Resync_Trigger_1: '',
  Resync_Trigger_2: '',
  Resync_Fails_On_FNF: 'Yes',
  Profile_Rule: '',
  Profile_Rule_B: '',
  Profile_Rule_C: '',
  Profile_Rule_D: '',
  // A server learnt by DHCP must not come before the rule that carries the token.
  DHCP_Option_To_Use: '',
  DHCPv6_Option_To_Use: '',
  // A report has every parameter in it, passwords too.
  Report_Rule: '',
  Upgrade_Enable: 'Yes',
  Upgrade_Rule: '',
  // What it trusts stays: without it the next configuration could not be fetched.
  Custom_CA_URL: LEFT,
  HTTPS_Name_Validate: LEFT,
  Enable_Web_Server: 'No',
  Enable_Web_Admin_Access: 'No',
  Admin_Passwd: '',
  User_Password: '',
  // The port that a NAT gives the ATA (RFC 3581), and how often something is sent that keeps it.
  Handle_VIA_rport: 'Yes',
  Send_Resp_To_Src_Port: 'Yes',
  NAT_Keep_Alive_Intvl: String(KEEP_ALIVE_SECONDS),
  Primary_NTP_Server: LEFT,
  Time_Zone: LEFT,
  Daylight_Saving_Time_Enable: LEFT,
  Daylight_Saving_Time_Rule: LEFT,
  Dial_Tone: LEFT,
  Ring_Back_Tone: LEFT,
  Busy_Tone: LEFT,
  Reorder_Tone: LEFT,
};

/** What a user could switch on by star codes of the ATA's own; `<name>_Serv_<port>_`. */
export const STAR_SERVICES = [
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
export const SPEED_DIALS = [2, 3, 4, 5, 6, 7, 8, 9] as const;

/** Any number, sent when no digit has followed for a while; codes may end in a hash. */
export const DIAL_PLAN = '(xx.|*[0-9*#].|#[0-9*#].)';

/** Of each port; its number follows, between underscores. */
const PORT: Record<string, string | null> = {
  Line_Enable: 'No',
  Display_Name: '',
  User_ID: '',
  Password: '',
  Use_Auth_ID: 'No',
  Auth_ID: '',
  Proxy: '',
  Outbound_Proxy: '',
  Use_Outbound_Proxy: 'No',
  Use_OB_Proxy_In_Dialog: 'Yes',
  Use_DNS_SRV: 'No',
  Register: 'No',
  Register_Expires: '3600',
  Make_Call_Without_Reg: 'No',
  SIP_Transport: 'UDP',
  'Auth_Resync-Reboot': 'Yes',
  Restrict_Source_IP: 'Yes',
  NAT_Keep_Alive_Enable: 'Yes',
  NAT_Keep_Alive_Msg: '$NOTIFY',
  NAT_Keep_Alive_Dest: '$PROXY',
  TLS_Name_Validate: LEFT,
  // RFC 4733 (the guides say AVT).
  DTMF_Tx_Method: 'AVT',
  DTMF_Process_AVT: 'Yes',
  Preferred_Codec: 'G711a',
  Second_Preferred_Codec: 'G711u',
  Third_Preferred_Codec: 'Unspecified',
  Use_Pref_Codec_Only: 'No',
  G729a_Enable: 'No',
  Secure_Call_Serv: 'No',
  Secure_Call_Setting: 'No',
  Secure_Call_Option: 'Optional',
  Dial_Plan: DIAL_PLAN,
  Emergency_Number: '',
  Enable_IP_Dialing: 'No',
  ...Object.fromEntries(STAR_SERVICES.map((service) => [`${service}_Serv`, 'No'])),
  ...Object.fromEntries(SPEED_DIALS.map((digit) => [`Speed_Dial_${digit}`, ''])),
};

/** Of `<router-configuration>`, by section; those of '' stand in no section of their own. */
const ROUTER: Record<string, Record<string, string | null>> = {
  Time_Setup: {
    Time_Zone: LEFT,
    Auto_Adjust_Clock: LEFT,
    Daylight_Saving_Time_Rule: LEFT,
    Time_Server_Mode: 'manual',
    Time_Server: LEFT,
  },
  Web_Management: {
    Web_Utility_Access_HTTP: '0',
    Web_Utility_Access_HTTPS: '0',
    Web_Remote_Management: '0',
  },
  TR_069: { TR_069_Status: '0' },
  '': {
    Web_Login_Admin_Name: 'admin',
    Web_Login_Admin_Password: '',
    Web_Login_Guest_Name: 'cisco',
    Web_Login_Guest_Password: '',
  },
};

export interface OwnedParameters {
  voice: ParameterList;
  router: readonly { element: string | null; parameters: ParameterList }[];
}

const owned = new Map<CiscoModel, OwnedParameters>();

/** The parameters owned on a model. */
export function ownedParameters(model: CiscoModel): OwnedParameters {
  const known = owned.get(model);
  if (known !== undefined) return known;
  const ports = Array.from({ length: model.ports }, (_, at) =>
    group(PORT, (name) => portParameter(name, at + 1)),
  );
  const lists: OwnedParameters = {
    voice: new ParameterList([group(DEVICE, (name) => name), ...ports]),
    router: Object.entries(model.router ? ROUTER : {}).map(([element, entries]) => ({
      element: element === '' ? null : element,
      parameters: new ParameterList([group(entries, (name) => name, routerParameter)]),
    })),
  };
  owned.set(model, lists);
  return lists;
}

/** The element of a port's parameter: `Proxy_1_`. */
export function portParameter(name: string, port: number): string {
  return `${name}_${port}_`;
}

/**
 * The name by which a document sets a parameter of the router section; some of them are called as
 * those of the voice part.
 */
export function routerParameter(name: string): string {
  return `router/${name}`;
}

function group(
  entries: Record<string, string | null>,
  elementOf: (name: string) => string,
  nameOf = (element: string): string => element,
): OwnedParameter[] {
  return Object.entries(entries).map(([entry, cleared]) => {
    const element = elementOf(entry);
    return {
      name: nameOf(element),
      cleared,
      write: (value) => `<${element}>${escapeXml(value)}</${element}>\n`,
    };
  });
}

/** Names as the gate owns them on any model, in one case. */
const RESERVED = new Set(
  [
    'flat-profile',
    'router-configuration',
    ...Object.keys(DEVICE),
    ...Object.keys(PORT).map((name) => `${name}_#_`),
    ...Object.entries(ROUTER).flatMap(([section, entries]) => [section, ...Object.keys(entries)]),
  ].map((name) => name.toLowerCase()),
);

/**
 * Beyond what we set: another server that manages the ATA, further rules of the kinds that lead it
 * to ours, other doors to its settings, and whatever else names a server that it registers with, a
 * user or a password (of the gateways of an SPA3102, of a second registration).
 */
const OURS =
  /^(?:profile_|upgrade_|resync_|report_|dhcp(?:v6)?_option|tr.?069|custom_ca|provision_|activation|web_|remote_|enable_(?:web|ssh|telnet)|e911|emergency|(?:alternate_|use_)?(?:ob_|outbound_)?proxy(?:_#)?_?$|alternate_|register(?:_#)?_?$|gateway|gw\d)|passw(?:or)?d|auth_id|user_id|auth_user/;

/**
 * Why a free parameter cannot be set, in words; null when it can. It is one of the voice part:
 * those of the router are ours or the network's.
 */
export function rawFault(name: string, _model: string | null): string | null {
  if (!/^(?!xml)[a-z_][\w.-]{0,99}$/i.test(name)) return 'is no parameter name of this family';
  // Of any port: `Proxy_1_`, `Proxy_01_`, and of those that a larger model has.
  const kind = name.toLowerCase().replace(/_0*\d+_$/, '_#_');
  const isOurs = RESERVED.has(kind) || OURS.test(kind);
  return isOurs ? 'is a parameter that Dialgate sets itself' : null;
}
