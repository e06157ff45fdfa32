import { SERVICE_CODECS, WARM_LINE_SECONDS } from '../service-line.js';
import type { MinimalView, RenderedDocument } from '../vendor.js';
import { callScript, servicePorts } from './calls.js';
import { writeConfiguration } from './format.js';
import { portsOf } from './models.js';
import { NETWORK_SCRIPT, provisioningScript, systemScript } from './settings.js';
import { voiceScript } from './sound.js';

/**
 * One account for all ports: whoever lifts a handset, at whichever of them, reaches the
 * authentication service. There is no display; the text is not written, so that a change of the
 * state alone does not make the SmartNode reload.
 */
export function renderMinimal(view: MinimalView): RenderedDocument {
  // What was keyed is dialled after as long, and the service where nothing was.
  const warmLine = { number: view.serviceNumber, seconds: WARM_LINE_SECONDS };
  return writeConfiguration(
    systemScript(view),
    provisioningScript(view),
    voiceScript(SERVICE_CODECS),
    NETWORK_SCRIPT,
    callScript(servicePorts(view, portsOf(view.model), warmLine)),
  );
}
