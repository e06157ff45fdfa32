import { LINE_EXPIRES_SECONDS } from '../registration-expiry.js';
import { SERVICE_CODECS } from '../service-line.js';
import type { FullView, LineView, RenderedDocument } from '../vendor.js';
import { callScript, type Port, servicePorts } from './calls.js';
import { type Command, plainText, type Script, writeConfiguration } from './format.js';
import { portsOf } from './models.js';
import { rawFault } from './parameters.js';
import { firmwareScript, NETWORK_SCRIPT, provisioningScript, systemScript } from './settings.js';
import { toneScript, voiceScript } from './sound.js';

/** A line for each port; a port without one is off, but where there is no line at all. */
export function renderFull(view: FullView): RenderedDocument {
  const { service } = view;
  const count = portsOf(view.model);
  const ports =
    service === null
      ? Array.from({ length: count }, (_, at) => portOf(view.lines[at]))
      : servicePorts(service, count, null);
  return writeConfiguration(
    systemScript(view),
    view.webInterface ? [['webserver', 'port', '80', 'language', 'en']] : [],
    freeScript(view),
    provisioningScript(view),
    view.firmwareUrl === null ? [] : firmwareScript(view.firmwareUrl),
    toneScript(view.toneCountry),
    voiceScript(service === null ? view.codecs : SERVICE_CODECS),
    NETWORK_SCRIPT,
    callScript(ports),
  );
}

function portOf(line: LineView | undefined): Port | null {
  if (line === undefined) return null;
  return {
    account: {
      ...line,
      // SmartWare R6 has no TLS.
      transport: line.transport === 'tcp' ? 'tcp' : 'udp',
      expiresSeconds: LINE_EXPIRES_SECONDS,
    },
    warmLine: null,
  };
}

/** Commands of the operator's, before any mode is entered; several arguments are several words. */
function freeScript(view: FullView): Script {
  return [...view.raw]
    .filter(([name]) => rawFault(name, view.model) === null)
    .map(([name, value]): Command =>
      [...name.split(' '), ...plainText(value).split(' ')].filter((word) => word !== ''),
    );
}
