import { type ClockChange, zoneRules } from '../time-zone.js';
import type { CommonView } from '../vendor.js';
import { type Command, mode, plainText, type Script } from './format.js';

const CONFIGURATION = 'PF_CONFIGURATION';

/** The commands that both configurations give alike and that are in no mode. */
export function systemScript(view: CommonView): Script {
  return [
    ...clockCommands(view),
    ['sntp-client'],
    ['sntp-client', 'server', 'primary', plainText(view.ntpServer)],
    ['administrator', 'admin', 'password', plainText(view.phonePassword)],
  ];
}

/**
 * Where it fetches from, how often, and that it does so when it is told; it reloads once no call is
 * under way.
 */
export function provisioningScript(view: CommonView): Script {
  return [
    provisioningTimer('TIMER_CONFIGURATION', CONFIGURATION, view.refreshSeconds),
    provisioningProfile(
      CONFIGURATION,
      'configuration',
      `${plainText(view.provisioningUrl)}$(system.mac).cfg`,
    ),
    mode(
      ['actions'],
      mode(
        ['rule', 'ACT_CHECK_SYNC'],
        ['condition', 'sip', 'gateway:GW_SIP', 'NOTIFY_CHECK_SYNC_RELOAD'],
        ['action', `provisioning execute ${CONFIGURATION}`],
      ),
    ),
  ];
}

/** The script that loads another firmware, a minute after each start. */
export function firmwareScript(url: string): Script {
  return [
    provisioningTimer('TIMER_FIRMWARE', 'PF_FIRMWARE', 60),
    provisioningProfile('PF_FIRMWARE', 'script', plainText(url)),
  ];
}

function provisioningTimer(name: string, profile: string, seconds: number): Command {
  const minutes = Math.max(1, Math.round(seconds / 60));
  const unit = minutes === 1 ? 'minute' : 'minutes';
  return ['timer', name, 'now', '+', String(minutes), unit, `provisioning execute ${profile}`];
}

function provisioningProfile(name: string, destination: string, url: string): Script[number] {
  return mode(
    ['profile', 'provisioning', name],
    ['destination', destination],
    ['location', '1', url],
    ['activation', 'reload', 'graceful'],
  );
}

function clockCommands({ timezone, at }: CommonView): Command[] {
  const rules = timezone === null ? null : zoneRules(timezone, at);
  if (rules === null) return [];
  const { offsetMinutes, summer } = rules;
  const standard: Command = ['clock', 'local', 'default-offset', offsetText(offsetMinutes)];
  if (summer === null) return [standard];
  const inSummer = offsetText(offsetMinutes + summer.savedMinutes);
  const from = ['from', ...changeWords(summer.start)];
  const until = ['until', ...changeWords(summer.end)];
  return [standard, ['clock', 'local', 'dst-rule', 'SUMMER', inSummer, ...from, ...until]];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKS = ['first', 'second', 'third', 'fourth', 'last'];
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/** `02:00 mar last sunday`. */
function changeWords({ month, week, weekday, hour, minute }: ClockChange): string[] {
  const day = [MONTHS[month - 1], WEEKS[week - 1], WEEKDAYS[weekday - 1]];
  return [`${twoDigits(hour)}:${twoDigits(minute)}`, ...day.map((word) => word ?? '')];
}

/** `+01:00`, `-03:30`. */
function offsetText(minutes: number): string {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map(twoDigits);
  return `${minutes < 0 ? '-' : '+'}${hours}:${rest}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

/** The network: an address by DHCP, as from the factory. */
export const NETWORK_SCRIPT: Script = [
  mode(['context', 'ip', 'router'], mode(['interface', 'eth0'], ['ipaddress', 'dhcp'])),
  mode(
    ['port', 'ethernet', '0', '0'],
    ['medium', 'auto'],
    ['encapsulation', 'ip'],
    ['bind', 'interface', 'eth0', 'router'],
    ['no', 'shutdown'],
  ),
];
