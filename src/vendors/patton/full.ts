import { LINE_EXPIRES_SECONDS } from '../registration-expiry.js';
import type { FullView, LineView, RenderedDocument } from '../vendor.js';
import { callScript, type Port } from './calls.js';
import { type Command, plainText, type Script, writeConfiguration } from './format.js';
import { portsOf } from './models.js';
import { rawFault } from './parameters.js';
import { firmwareScript, NETWORK_SCRIPT, provisioningScript, systemScript } from './settings.js';
import { toneScript, voiceScript } from './sound.js';

/** A line for each port; a port without one is off. */
export function renderFull(view: FullView): RenderedDocument {
  const ports = Array.from({ length: portsOf(view.model) }, (_, at) => {
    const line = view.lines[at];
    return line === undefined ? null : portOf(line);
  });
  return writeConfiguration(
    systemScript(view),
    view.webInterface ? [['webserver', 'port', '80', 'language', 'en']] : [],
    freeScript(view),
    provisioningScript(view),
    view.firmwareUrl === null ? [] : firmwareScript(view.firmwareUrl),
    toneScript(view.toneCountry),
    voiceScript(view.codecs),
    NETWORK_SCRIPT,
    callScript(ports),
  );
}

function portOf(line: LineView): Port {
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
