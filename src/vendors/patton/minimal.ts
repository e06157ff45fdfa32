import type { MinimalView, RenderedDocument } from '../vendor.js';
import { callScript, type Port } from './calls.js';
import { writeConfiguration } from './format.js';
import { portsOf } from './models.js';
import { NETWORK_SCRIPT, provisioningScript, systemScript } from './settings.js';
import { voiceScript } from './sound.js';

/** Seconds after which what was keyed is dialled, and the service where nothing was. */
const WARM_LINE_SECONDS = 3;
/** Short, for a NOTIFY must find the way back through the NAT. */
const EXPIRES_SECONDS = 300;

/**
 * One account for all ports: whoever lifts a handset, at whichever of them, reaches the authentication service. There is no display; the text
 * is not written, so that a change of the state alone does not make the SmartNode reload.
 */
export function renderMinimal(view: MinimalView): RenderedDocument {
  const { account } = view;
  const port: Port = {
    account: {
      user: account.user,
      authUser: account.user,
      password: account.password,
      host: account.host,
      port: account.port,
      outboundProxy: null,
      transport: account.transport,
      expiresSeconds: EXPIRES_SECONDS,
    },
    warmLine: { number: view.serviceNumber, seconds: WARM_LINE_SECONDS },
  };
  return writeConfiguration(
    systemScript(view),
    provisioningScript(view),
    voiceScript(['pcma', 'pcmu']),
    NETWORK_SCRIPT,
    callScript(Array.from({ length: portsOf(view.model) }, () => port)),
  );
}
