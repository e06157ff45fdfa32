import { freeValues } from '../free-values.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { WARM_LINE_SECONDS } from '../service-line.js';
import type { MinimalView, RenderedDocument } from '../vendor.js';
import { writeConfiguration } from './format.js';
import { modelOf } from './models.js';
import { rawFault } from './parameters.js';
import { commonSettings, serviceSettings } from './settings.js';

/**
 * One line that reaches the authentication service and emergency numbers, and nothing else that the
 * model has.
 */
export function renderMinimal(view: MinimalView): RenderedDocument {
  const model = modelOf(view.model);
  const settings = joinSettings(
    commonSettings(view, model),
    serviceSettings(view, model),
    warmLine(view.serviceNumber),
  );
  return writeConfiguration(model, settings, freeValues(view, rawFault, ''));
}

/** A time of 0 would dial at once. */
function warmLine(serviceNumber: string): Settings {
  return new Map([
    ['sip/line[1]/EnableHotline', '1'],
    ['sip/line[1]/HotlineNum', serviceNumber],
    ['sip/line[1]/WarmLineTime', String(WARM_LINE_SECONDS)],
  ]);
}
