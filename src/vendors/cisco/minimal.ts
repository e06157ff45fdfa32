import { joinSettings } from '../parameter-list.js';
import { plainServiceLine, serviceLine, WARM_LINE_SECONDS } from '../service-line.js';
import type { MinimalView, RenderedDocument } from '../vendor.js';
import { writeProfile } from './format.js';
import { modelOf } from './models.js';
import { commonSettings, dialable, freeSettings, portSettings } from './settings.js';

/** How long all lines have been idle before it resyncs, or how long it waits for that at most: the guides say both. */
const IDLE_SECONDS = 20;

/**
 * One account for all ports: whoever lifts a handset, at whichever of them, reaches the authentication service. The first registers, so that
 * there is one contact for the resync; the others only call.
 */
export function renderMinimal(view: MinimalView): RenderedDocument {
  const model = modelOf(view.model);
  // The ATAs of Linksys speak UDP only.
  const line = model.router ? serviceLine(view) : plainServiceLine(view);
  const ports = Array.from({ length: model.ports }, (_, at) =>
    portSettings(at + 1, {
      ...line,
      registers: at === 0,
      dialPlan: warmLinePlan(view),
      emergencyNumbers: view.emergencyNumbers,
    }),
  );
  const settings = joinSettings(
    commonSettings(view, model),
    new Map([['Forced_Resync_Delay', String(IDLE_SECONDS)]]),
    ...ports,
  );
  return writeProfile(model, settings, freeSettings(view));
}

/**
 * Nothing keyed for a while dials the service, an emergency number is dialled with its last digit (`S0`), and all else as it is keyed: the
 * service answers whatever was dialled, and takes `*89*<PAP>#` as well.
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
