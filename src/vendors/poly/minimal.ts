import { joinSettings } from '../parameter-list.js';
import type { MinimalView, RenderedDocument } from '../vendor.js';
import { writeConfiguration } from './format.js';
import { modelOf } from './models.js';
import { CLEARED, rawFault } from './parameters.js';
import {
  callAction,
  codecSettings,
  commonSettings,
  dialable,
  registrationSettings,
  softKeySettings,
} from './settings.js';

/** Short, for a NOTIFY must find the way back through the phone's NAT. */
const EXPIRES_SECONDS = 300;

/**
 * One line that reaches the authentication service and emergency numbers, and nothing else that the phone has. Its hotline dials at once, so it
 * stays off: a soft key dials the service.
 */
export function renderMinimal(view: MinimalView): RenderedDocument {
  const { account } = view;
  const settings = joinSettings(
    commonSettings(view),
    registrationSettings(1, {
      label: view.displayText,
      displayName: view.displayText,
      sipUser: account.user,
      authUser: account.user,
      password: account.password,
      host: account.host,
      port: account.port,
      outboundProxy: null,
      transport: account.transport,
      srtp: 'off',
      expiresSeconds: EXPIRES_SECONDS,
    }),
    codecSettings(['pcma', 'pcmu']),
    softKeySettings(1, 'Authenticate', callAction(view.serviceNumber)),
    new Map([
      // From the registrar's address alone.
      ['voIpProt.SIP.requestValidation.1.request', 'NOTIFY'],
      ['voIpProt.SIP.requestValidation.1.method', 'source'],
      ['dialplan.digitmap', digitMap([...view.emergencyNumbers, view.serviceNumber])],
      // The user's own contacts and the calls he made are none of a stranger's business.
      ['feature.directory.enabled', '0'],
      ['feature.callList.enabled', '0'],
    ]),
  );
  const raw = view.rawNames.filter((name) => rawFault(name, view.model) === null);
  return writeConfiguration(
    modelOf(view.model),
    settings,
    raw.map((name) => [name, CLEARED] as const),
  );
}

/** The numbers at once, any other after the usual pause (RFC 3435, section 2.1.5). The phone's own map knows the numbers of North America only. */
function digitMap(numbers: readonly string[]): string {
  return [...dialable(numbers), 'xx.T', '*xx.T'].join('|');
}
