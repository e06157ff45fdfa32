import type { CodecName } from '../../domain/phone-settings.js';
import { hostPort } from '../../domain/host.js';
import { freeValues } from '../free-values.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { plainServiceLine, serviceLine } from '../service-line.js';
import type { CommonView, FullView, LineView, ServiceView } from '../vendor.js';
import { clockSettings } from './clock.js';
import { profileRule } from './format.js';
import type { CiscoModel } from './models.js';
import { portParameter, rawFault, routerParameter } from './parameters.js';

/** The parameters that both configurations set alike. */
export function commonSettings(view: CommonView, model: CiscoModel): Settings {
  const router: [string, string][] = [
    ['Time_Server', view.ntpServer],
    ['Web_Login_Admin_Password', view.phonePassword],
    ['Web_Login_Guest_Password', view.phonePassword],
  ];
  return new Map([
    ['Profile_Rule', profileRule(view.provisioningUrl)],
    ['Resync_Periodic', String(view.refreshSeconds)],
    ['Resync_Error_Retry_Delay', String(Math.min(view.refreshSeconds, 600))],
    ['Admin_Passwd', view.phonePassword],
    ['User_Password', view.phonePassword],
    ['Primary_NTP_Server', view.ntpServer],
    ...clockSettings(view, model),
    ...(model.router ? router : []).map(([name, value]): [string, string] => [routerParameter(name), value]),
  ]);
}

export interface PortSettings extends Omit<LineView, 'label'> {
  expiresSeconds: number;
  /**
   * Whether it registers; one that does not shares the account of another port, and can call all
   * the same.
   */
  registers: boolean;
  codecs: readonly CodecName[];
  dialPlan: string;
  emergencyNumbers: readonly string[];
}

const TRANSPORTS = { udp: 'UDP', tcp: 'TCP', tls: 'TLS' } as const;

export function portSettings(port: number, line: PortSettings): Settings {
  const proxy = line.outboundProxy;
  const [first = 'G711a', second = 'Unspecified', third = 'Unspecified'] = codecNames(line.codecs);
  const settings: Record<string, string> = {
    Line_Enable: 'Yes',
    Display_Name: line.displayName,
    User_ID: line.sipUser,
    Password: line.password,
    Use_Auth_ID: 'Yes',
    Auth_ID: line.authUser,
    Proxy: hostPort(line),
    Outbound_Proxy: proxy === null ? '' : hostPort(proxy),
    Use_Outbound_Proxy: proxy === null ? 'No' : 'Yes',
    Register: line.registers ? 'Yes' : 'No',
    Register_Expires: String(line.expiresSeconds),
    // Else there would be no dial tone, and so no emergency call, while the registrar does not
    // answer.
    Make_Call_Without_Reg: 'Yes',
    SIP_Transport: TRANSPORTS[line.transport],
    // A resync is not challenged, but what does not come from the proxy is not looked at
    // (Restrict_Source_IP).
    'Auth_Resync-Reboot': 'No',
    Preferred_Codec: first,
    Second_Preferred_Codec: second,
    Third_Preferred_Codec: third,
    G729a_Enable: [first, second, third].includes('G729a') ? 'Yes' : 'No',
    Dial_Plan: line.dialPlan,
    Emergency_Number: line.emergencyNumbers.join(','),
  };
  return ofPort(port, settings);
}

/**
 * One account for all ports of an ATA without lines: help can be called at whichever of them. The
 * first registers, so that there is one contact for the resync; the others only call.
 */
export function servicePorts(
  service: ServiceView,
  model: CiscoModel,
  dialling: Pick<PortSettings, 'dialPlan' | 'emergencyNumbers'>,
): Settings {
  // The ATAs of Linksys speak UDP only.
  const line = model.router ? serviceLine(service) : plainServiceLine(service);
  const ports = Array.from({ length: model.ports }, (_, at) =>
    portSettings(at + 1, { ...line, ...dialling, registers: at === 0 }),
  );
  return joinSettings(...ports);
}

/** The parameters of one port, by the names that they have without its number. */
export function ofPort(port: number, settings: Readonly<Record<string, string>>): Settings {
  return new Map(Object.entries(settings).map(([name, value]) => [portParameter(name, port), value]));
}

const CODECS: Partial<Record<CodecName, string>> = { pcma: 'G711a', pcmu: 'G711u', g729: 'G729a' };

/** Those that an ATA has; the two of G.711 where it has none of them. */
function codecNames(codecs: readonly CodecName[]): string[] {
  const names = codecs.flatMap((codec) => CODECS[codec] ?? []);
  return names.length > 0 ? names : ['G711a', 'G711u'];
}

/** What a dial plan can match: digits and the star. */
export function dialable(numbers: readonly string[]): string[] {
  return numbers.filter((number) => /^[0-9*]+$/.test(number));
}

/**
 * The free parameters of a document, without those that the gate has come to own since they were
 * set.
 */
export function freeSettings(view: CommonView & Pick<Partial<FullView>, 'raw'>): Settings {
  return new Map(freeValues(view, rawFault, ''));
}
