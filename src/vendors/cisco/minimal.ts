import { joinSettings } from '../parameter-list.js';
import { WARM_LINE_SECONDS } from '../service-line.js';
import type { MinimalView, RenderedDocument } from '../vendor.js';
import { writeProfile } from './format.js';
import { modelOf } from './models.js';
import { commonSettings, dialable, freeSettings, servicePorts } from './settings.js';

/**
 * How long all lines have been idle before it resyncs, or how long it waits for that at most: the
 * guides say both.
 */
const IDLE_SECONDS = 20;

/**
 * One account for all ports: whoever lifts a handset, at whichever of them, reaches the
 * authentication service.
 */
export function renderMinimal(view: MinimalView): RenderedDocument {
  const model = modelOf(view.model);
  const settings = joinSettings(
    commonSettings(view, model),
    new Map([['Forced_Resync_Delay', String(IDLE_SECONDS)]]),
    servicePorts(view, model, { dialPlan: warmLinePlan(view), emergencyNumbers: view.emergencyNumbers }),
  );
  return writeProfile(model, settings, freeSettings(view));
}

/**
 * Nothing keyed for a while dials the service, an emergency number is dialled with its last digit
 * (`S0`), and all else as it is keyed: the service answers whatever was dialled, and takes
 * `*89*<PAP>#` as well.
 */
function warmLinePlan(view: MinimalView): string {
  const [service] = dialable([view.serviceNumber]);
  return `(${[
    ...(service === undefined ? [] : [`P${WARM_LINE_SECONDS}<:${service}>`]),
    ...dialable(view.emergencyNumbers).map((number) => `${number}S0`),
    'xx.',
    '*[0-9*#].',
  ].join('|')})`;
}
