import { KEEP_ALIVE_SECONDS } from '../accounts.js';
import { ofTone } from '../call-progress-tones.js';
import { NO_NAME, OWNED } from '../free-parameters.js';
import { listPerModel } from '../parameter-list.js';
import {
  certificateCheck,
  inFull,
  LEFT,
  type NameOf,
  numbered,
  owned,
  type Table,
  verbatim,
} from '../parameter-table.js';
import { ofZone, type ZoneRules } from '../time-zone.js';
import type { ConfigurationView } from '../vendor.js';
import { escapeXml } from '../xml.js';
import type { CiscoModel } from './models.js';
import { PORT } from './port-parameters.js';
import { changesText, profileRule, ruleUrl, toneText, zoneCode, zoneText } from './values.js';

/**
 * How long all lines have been idle before it resyncs, or how long it waits for that at most: the
 * guides say both. Long once the ATA has lines, for a resync that changes something ends the calls
 * there are.
 */
const IDLE_SECONDS = { minimal: '20', full: '3600' } as const;

type Of = [view: ConfigurationView];

const password = (view: ConfigurationView): string => view.phonePassword;
const isWebInterface = inFull((view) => (view.webInterface ? 'Yes' : 'No'));
const changes = ({ summer }: ZoneRules): string => (summer === null ? '' : changesText(summer));

/** Of the ATA. An empty element empties the parameter; one that is left out keeps its value. */
export const DEVICE: Table<Of> = {
  Provision_Enable: 'Yes',
  Resync_On_Reset: 'Yes',
  // In units of twenty seconds, at power-on only: a site does not come back all at once.
  Resync_Random_Delay: '1',
  Resync_At__HHmm_: '',
  Resync_Periodic: ['3600', (view) => String(view.refreshSeconds)],
  Resync_Error_Retry_Delay: ['3600', (view) => String(Math.min(view.refreshSeconds, 600))],
  Forced_Resync_Delay: ['14400', (view) => IDLE_SECONDS['lines' in view ? 'full' : 'minimal']],
  Resync_From_SIP: 'Yes',
  Resync_After_Upgrade_Attempt: 'Yes',
  Resync_Trigger_1: '',
  Resync_Trigger_2: '',
  Resync_Fails_On_FNF: 'Yes',
  Profile_Rule: ['', (view) => profileRule(view.provisioningUrl)],
  Profile_Rule_B: '',
  Profile_Rule_C: '',
  Profile_Rule_D: '',
  // A server learnt by DHCP must not come before the rule that carries the token.
  DHCP_Option_To_Use: '',
  DHCPv6_Option_To_Use: '',
  // A report has every parameter in it, passwords too.
  Report_Rule: '',
  Upgrade_Enable: 'Yes',
  Upgrade_Rule: ['', inFull((view) => view.firmwareUrl && ruleUrl(view.firmwareUrl))],
  // What it trusts stays: without it the next configuration could not be fetched.
  Custom_CA_URL: [LEFT, inFull((view) => view.serverTrust.caUrl)],
  // An ATA always verifies the chain; verifying the name as well can be set.
  HTTPS_Name_Validate: [LEFT, certificateCheck('Yes', 'No')],
  Enable_Web_Server: ['No', isWebInterface],
  Enable_Web_Admin_Access: ['No', isWebInterface],
  Admin_Passwd: ['', password],
  User_Password: ['', password],
  // The port that a NAT gives the ATA (RFC 3581), and how often something is sent that keeps it.
  Handle_VIA_rport: 'Yes',
  Send_Resp_To_Src_Port: 'Yes',
  NAT_Keep_Alive_Intvl: String(KEEP_ALIVE_SECONDS),
  Primary_NTP_Server: [LEFT, (view) => view.ntpServer],
  Time_Zone: [LEFT, ofZone(zoneText)],
  Daylight_Saving_Time_Enable: [LEFT, ofZone((rules) => (changes(rules) === '' ? 'No' : 'Yes'))],
  Daylight_Saving_Time_Rule: [LEFT, ofZone(changes)],
  Dial_Tone: [LEFT, ofTone('dial', (tone) => toneText(tone, '10'))],
  Ring_Back_Tone: [LEFT, ofTone('ringback', (tone) => toneText(tone, '*'))],
  Busy_Tone: [LEFT, ofTone('busy', (tone) => toneText(tone, '10'))],
  Reorder_Tone: [LEFT, ofTone('congestion', (tone) => toneText(tone, '10'))],
};

/** Of `<router-configuration>`, by section; those of '' stand in no section of their own. */
const ROUTER: Record<string, Table<Of>> = {
  Time_Setup: {
    Time_Zone: [LEFT, ofZone(zoneCode)],
    Auto_Adjust_Clock: [LEFT, ofZone((rules) => (changes(rules) === '' ? '0' : '1'))],
    Daylight_Saving_Time_Rule: [LEFT, ofZone(changes)],
    Time_Server_Mode: 'manual',
    Time_Server: [LEFT, (view) => view.ntpServer],
  },
  Web_Management: {
    Web_Utility_Access_HTTP: '0',
    Web_Utility_Access_HTTPS: ['0', inFull((view) => (view.webInterface ? '1' : '0'))],
    Web_Remote_Management: '0',
  },
  TR_069: { TR_069_Status: '0' },
  '': {
    Web_Login_Admin_Name: 'admin',
    Web_Login_Admin_Password: ['', password],
    Web_Login_Guest_Name: 'cisco',
    Web_Login_Guest_Password: ['', password],
  },
};

/** Of the router as a whole, in all sections. */
export const ROUTER_WIDE: Table<Of> = Object.assign({}, ...Object.values(ROUTER));

/** Where free parameters go: after those of the voice part. */
export const FREE_PLACE = '*';

/** The parameters owned on a model. */
export const ownedParameters = listPerModel((model: CiscoModel) => [
  owned(DEVICE, writeElement),
  ...numbered(model.ports, (port) => owned(PORT, writeElement, ofPort(port))),
  [verbatim(FREE_PLACE)],
  ...(model.router ? routerParameters() : []),
]);

function routerParameters() {
  return [
    [verbatim('<router>', '<router-configuration>\n')],
    ...Object.entries(ROUTER).map(([section, table]) => {
      const inside = owned(
        table,
        (name, value) => writeElement(name.slice('router/'.length), value),
        ofRouter,
      );
      if (section === '') return inside;
      return [
        verbatim(`<${section}>`, `<${section}>\n`),
        ...inside,
        verbatim(`</${section}>`, `</${section}>\n`),
      ];
    }),
    [verbatim('</router>', '</router-configuration>\n')],
  ];
}

/** The elements of a port's parameters: `Proxy_1_`. */
export function ofPort(port: number): NameOf {
  return (entry) => `${entry}_${port}_`;
}

/**
 * The names by which a document sets parameters of the router section; some of them are called as
 * those of the voice part.
 */
export const ofRouter: NameOf = (entry) => `router/${entry}`;

export function writeElement(name: string, value: string): string {
  return `<${name}>${escapeXml(value)}</${name}>\n`;
}

/** Names that Dialgate owns on any model, in one case. */
const RESERVED = new Set(
  [
    'flat-profile',
    'router-configuration',
    ...Object.keys(DEVICE),
    ...Object.keys(PORT).map((name) => `${name}_#_`),
    ...Object.keys(ROUTER),
    ...Object.keys(ROUTER_WIDE),
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
export function rawFault(name: string): string | null {
  if (!/^(?!xml)[a-z_][\w.-]{0,99}$/i.test(name)) return NO_NAME;
  // Of any port: `Proxy_1_`, `Proxy_01_`, and of those that a larger model has.
  const kind = name.toLowerCase().replace(/_0*\d+_$/, '_#_');
  return RESERVED.has(kind) || OURS.test(kind) ? OWNED : null;
}
