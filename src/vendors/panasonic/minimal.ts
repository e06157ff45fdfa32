import { freeValues } from '../free-values.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { WARM_LINE_SECONDS } from '../service-line.js';
import type { MinimalView, RenderedDocument } from '../vendor.js';
import { writeConfiguration } from './format.js';
import { keySettings } from './keys.js';
import { modelOf, type PanasonicModel } from './models.js';
import { CLEARED, rawFault } from './parameters.js';
import { commonSettings, handsetSettings, serviceSettings } from './settings.js';

/**
 * One line that reaches the authentication service and emergency numbers, and nothing else that the
 * phone has.
 */
export function renderMinimal(view: MinimalView): RenderedDocument {
  const model = modelOf(view.model);
  const settings = joinSettings(
    commonSettings(view, model),
    serviceSettings(view, model),
    // Complete as they are: the phone need not wait for another digit.
    new Map([['DIAL_PLAN_1', [view.serviceNumber, ...view.emergencyNumbers].join('|')]]),
    warmLine(view.serviceNumber, model),
    keySettings(
      [
        { kind: 'line', label: '', value: '1' },
        { kind: 'speed-dial', label: `Auth ${view.serviceNumber}`, value: view.serviceNumber },
      ],
      model,
    ),
    // All handsets share the line, so that the service can be dialled from any of them.
    handsetSettings(model, () => 1),
  );
  const raw = freeValues(view, rawFault, CLEARED);
  return writeConfiguration(model, settings, raw);
}

function warmLine(number: string, { series }: PanasonicModel): Settings {
  if (series !== 'hdv' && series !== 'tgp6') return new Map();
  return new Map([
    ['HOTLINE_ENABLE', 'Y'],
    ['HOTLINE_NUMBER', number],
    ['HOTLINE_TIM', String(WARM_LINE_SECONDS)],
  ]);
}
