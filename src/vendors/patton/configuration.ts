import { minutesOf } from '../parameter-table.js';
import { SERVICE_CODECS, serviceOf } from '../service-line.js';
import { type ClockChange, clockOf, offsetText, twoDigits } from '../time-zone.js';
import type { ConfigurationView, RenderedDocument } from '../vendor.js';
import { callScript, portsOf } from './calls.js';
import { type Command, mode, plainText, type Script, writeConfiguration } from './format.js';
import { portCountOf } from './models.js';
import { rawFault } from './parameters.js';
import { toneScript, voiceScript } from './sound.js';

/**
 * Either configuration: the whole of what the SmartNode does. There is no display; the text is not
 * written, so that a change of the state alone does not make it reload.
 */
export function render(view: ConfigurationView): RenderedDocument {
  const isOfLines = serviceOf(view) === null;
  return writeConfiguration(
    systemScript(view),
    'lines' in view && view.webInterface ? [['webserver', 'port', '80', 'language', 'en']] : [],
    freeScript(view),
    provisioningScript(view),
    'lines' in view && view.firmwareUrl !== null ? firmwareScript(view.firmwareUrl) : [],
    'lines' in view ? toneScript(view.toneCountry) : [],
    voiceScript(isOfLines && 'lines' in view ? view.codecs : SERVICE_CODECS),
    NETWORK_SCRIPT,
    callScript(portsOf(view, portCountOf(view.model))),
  );
}

/** The free commands, before any mode is entered; each argument is a word. */
function freeScript(view: ConfigurationView): Script {
  if (!('lines' in view)) return [];
  return [...view.raw]
    .filter(([name]) => rawFault(name) === null)
    .map(([name, value]): Command =>
      [...name.split(' '), ...plainText(value).split(' ')].filter((word) => word !== ''),
    );
}

const CONFIGURATION = 'PF_CONFIGURATION';

/** The commands of both configurations that are in no mode. */
function systemScript(view: ConfigurationView): Script {
  return [
    ...clockCommands(view),
    ['sntp-client'],
    ['sntp-client', 'server', 'primary', plainText(view.ntpServer)],
    ['administrator', 'admin', 'password', plainText(view.phonePassword)],
  ];
}

/**
 * Where it fetches from, how often, and that it also does so after a NOTIFY. It reloads when no
 * call is active.
 */
function provisioningScript(view: ConfigurationView): Script {
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
function firmwareScript(url: string): Script {
  return [
    provisioningTimer('TIMER_FIRMWARE', 'PF_FIRMWARE', 60),
    provisioningProfile('PF_FIRMWARE', 'script', plainText(url)),
  ];
}

function provisioningTimer(name: string, profile: string, seconds: number): Command {
  const minutes = minutesOf(seconds);
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

function clockCommands(view: ConfigurationView): Command[] {
  const rules = clockOf(view);
  if (rules === null) return [];
  const { offsetMinutes, summer } = rules;
  const standard: Command = ['clock', 'local', 'default-offset', signedOffset(offsetMinutes)];
  if (summer === null) return [standard];
  const inSummer = signedOffset(offsetMinutes + summer.savedMinutes);
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
function signedOffset(minutes: number): string {
  return `${minutes < 0 ? '-' : '+'}${offsetText(minutes, { hourDigits: 2 })}`;
}

/** The network: an address by DHCP, as from the factory. */
const NETWORK_SCRIPT: Script = [
  mode(['context', 'ip', 'router'], mode(['interface', 'eth0'], ['ipaddress', 'dhcp'])),
  mode(
    ['port', 'ethernet', '0', '0'],
    ['medium', 'auto'],
    ['encapsulation', 'ip'],
    ['bind', 'interface', 'eth0', 'router'],
    ['no', 'shutdown'],
  ),
];
