import { freeValues } from '../free-values.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { WARM_LINE_SECONDS } from '../service-line.js';
import type { MinimalView, RenderedDocument } from '../vendor.js';
import { writeConfiguration } from './format.js';
import { keysOf } from './key-values.js';
import { modelOf, type PhoneModel } from './models.js';
import { rawFault } from './parameters.js';
import { serviceSettings } from './service.js';
import { commonSettings, keySettings } from './settings.js';

/**
 * One account that reaches the authentication service and emergency numbers, and nothing else that
 * the model has.
 */
export function renderMinimal(view: MinimalView): RenderedDocument {
  const model = modelOf(view.model);
  const ofPorts = { number: view.serviceNumber, seconds: WARM_LINE_SECONDS };
  const settings = joinSettings(
    commonSettings(view, model),
    serviceSettings(view, model, model.kind === 'phone' ? null : ofPorts),
    model.kind === 'phone' ? deskPhone(view, model) : new Map(),
  );
  return writeConfiguration(view, model, settings, freeValues(view, rawFault, ''));
}

function deskPhone(view: MinimalView, model: PhoneModel): Settings {
  return joinSettings(
    new Map([['P1650', '2']]),
    model.hasWarmLine ? warmLine(view.serviceNumber) : serviceKey(view.serviceNumber, model),
  );
}

function warmLine(serviceNumber: string): Settings {
  return new Map([
    ['P71', serviceNumber],
    ['P8388', String(WARM_LINE_SECONDS)],
  ]);
}

/**
 * One that dialled at once would keep emergency numbers from being keyed: the second key dials the
 * service.
 */
function serviceKey(serviceNumber: string, model: PhoneModel): Settings {
  const key = keysOf(model)[1];
  const mode = key?.modes['speed-dial'] ?? null;
  if (key === undefined || mode === null) return new Map();
  return new Map(
    keySettings(key, { mode, line: 1, label: `Authenticate ${serviceNumber}`, value: serviceNumber }),
  );
}
