import { freeValues } from '../free-values.js';
import { joinSettings } from '../parameter-list.js';
import type { MinimalView, RenderedDocument } from '../vendor.js';
import { writeConfiguration } from './format.js';
import { modelOf } from './models.js';
import { CLEARED, rawFault } from './parameters.js';
import { callAction, commonSettings, dialable, serviceSettings, softKeySettings } from './settings.js';

/**
 * One line that reaches the authentication service and emergency numbers, and nothing else that the
 * phone has. Its hotline dials at once, so it stays off: a soft key dials the service.
 */
export function renderMinimal(view: MinimalView): RenderedDocument {
  const settings = joinSettings(
    commonSettings(view),
    serviceSettings(view),
    softKeySettings(1, 'Authenticate', callAction(view.serviceNumber)),
    new Map([
      ['dialplan.digitmap', digitMap([...view.emergencyNumbers, view.serviceNumber])],
      // The user's own contacts and the calls he made are none of a stranger's business.
      ['feature.directory.enabled', '0'],
      ['feature.callList.enabled', '0'],
    ]),
  );
  const raw = freeValues(view, rawFault, CLEARED);
  return writeConfiguration(modelOf(view.model), settings, raw);
}

/**
 * The numbers at once, any other after the usual pause (RFC 3435, section 2.1.5). The phone's own
 * map knows the numbers of North America only.
 */
function digitMap(numbers: readonly string[]): string {
  return [...dialable(numbers), 'xx.T', '*xx.T'].join('|');
}
