import { joinSettings, type Settings } from '../parameter-list.js';
import { LINE_EXPIRES_SECONDS } from '../registration-expiry.js';
import type { FullView, KeyView, LineView, RenderedDocument } from '../vendor.js';
import { ruleUrl, writeProfile } from './format.js';
import { type CiscoModel, modelOf } from './models.js';
import { DIAL_PLAN, portParameter, routerParameter, SPEED_DIALS, STAR_SERVICES } from './parameters.js';
import {
  commonSettings,
  freeSettings,
  ofPort,
  type PortSettings,
  portSettings,
  servicePorts,
} from './settings.js';
import { toneSettings } from './tones.js';

/** Long, for a resync that changes something ends the calls there are. */
const IDLE_SECONDS = 3600;

/** A line for each port; a port without one is off, but where there is no line at all. */
export function renderFull(view: FullView): RenderedDocument {
  const model = modelOf(view.model);
  const lines = view.lines.slice(0, model.ports);
  const settings = joinSettings(
    commonSettings(view, model),
    new Map([
      ['Forced_Resync_Delay', String(IDLE_SECONDS)],
      ['Upgrade_Rule', view.firmwareUrl === null ? '' : ruleUrl(view.firmwareUrl)],
    ]),
    toneSettings(view.toneCountry),
    webSettings(view, model),
    trustSettings(view, lines.length),
    ...lines.map((line, at) => lineSettings(at + 1, line, view, model)),
    view.service === null ? new Map() : servicePorts(view.service, model, diallingOf(view)),
  );
  return writeProfile(model, settings, freeSettings(view));
}

function diallingOf({ emergencyNumbers }: FullView): Pick<PortSettings, 'dialPlan' | 'emergencyNumbers'> {
  return { dialPlan: DIAL_PLAN, emergencyNumbers };
}

function lineSettings(port: number, line: LineView, view: FullView, model: CiscoModel): Settings {
  return joinSettings(
    portSettings(port, {
      ...line,
      expiresSeconds: LINE_EXPIRES_SECONDS,
      registers: true,
      codecs: view.codecs,
      ...diallingOf(view),
    }),
    ofPort(port, Object.fromEntries(STAR_SERVICES.map((service) => [`${service}_Serv`, 'Yes']))),
    ofPort(
      port,
      model.router ? secureCalls(view.srtp ?? (line.transport === 'tls' ? 'optional' : 'off')) : {},
    ),
    speedDials(
      port,
      view.keys.filter((key) => key.line === port),
    ),
  );
}

/**
 * The older models have a way of their own to encrypt, with certificates that nobody else has: off
 * there.
 */
function secureCalls(srtp: 'off' | 'optional' | 'required'): Record<string, string> {
  const isOn = srtp === 'off' ? 'No' : 'Yes';
  return {
    Secure_Call_Serv: isOn,
    Secure_Call_Setting: isOn,
    Secure_Call_Option: srtp === 'required' ? 'Strict' : 'Optional',
  };
}

/** There are no keys and no lamps; those of a line are dialled by the digits from 2 on. */
function speedDials(port: number, keys: readonly KeyView[]): Settings {
  return ofPort(
    port,
    Object.fromEntries(SPEED_DIALS.map((digit, at) => [`Speed_Dial_${digit}`, keys[at]?.value ?? ''])),
  );
}

function webSettings({ webInterface }: FullView, model: CiscoModel): Settings {
  const isOn = webInterface ? 'Yes' : 'No';
  return new Map([
    ['Enable_Web_Server', isOn],
    ['Enable_Web_Admin_Access', isOn],
    ...(model.router
      ? [[routerParameter('Web_Utility_Access_HTTPS'), webInterface ? '1' : '0'] as [string, string]]
      : []),
  ]);
}

/**
 * An ATA always verifies the chain; it can be told to look at the name as well, or not to, and of
 * one authority more.
 */
function trustSettings({ serverTrust }: FullView, ports: number): Settings {
  const settings = new Map<string, string>();
  if (serverTrust.caUrl !== null) settings.set('Custom_CA_URL', serverTrust.caUrl);
  if (serverTrust.verify === null) return settings;
  const looks = serverTrust.verify ? 'Yes' : 'No';
  settings.set('HTTPS_Name_Validate', looks);
  for (let port = 1; port <= ports; port++) settings.set(portParameter('TLS_Name_Validate', port), looks);
  return settings;
}
