import { freeValues } from '../free-values.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { WARM_LINE_SECONDS } from '../service-line.js';
import type { MinimalView, RenderedDocument } from '../vendor.js';
import { writeConfiguration } from './format.js';
import { modelOf } from './models.js';
import { CLEARED, rawFault } from './parameters.js';
import { serviceSettings } from './service.js';
import { commonSettings } from './settings.js';

/**
 * One account that reaches the authentication service and emergency numbers, and nothing else that
 * the model has.
 */
export function renderMinimal(view: MinimalView): RenderedDocument {
  const model = modelOf(view.model);
  const settings = joinSettings(
    commonSettings(view, model),
    serviceSettings(view, model),
    // Bases have none.
    model.kind === 'dect' ? new Map() : hotline(view.serviceNumber),
  );
  return writeConfiguration(model, settings, freeValues(view, rawFault, CLEARED));
}

function hotline(number: string): Settings {
  return new Map([
    ['features.hotline_number', number],
    ['features.hotline_delay', String(WARM_LINE_SECONDS)],
  ]);
}
