import { type Account, lineAccounts } from '../accounts.js';
import { writeFree } from '../free-parameters.js';
import { joinSettings } from '../parameter-list.js';
import { numbered, valuesOf } from '../parameter-table.js';
import { plainServiceLine, serviceLine, serviceOf, WARM_LINE_SECONDS } from '../service-line.js';
import type { ConfigurationView, MinimalView, RenderedDocument } from '../vendor.js';
import { type CiscoModel, modelOf } from './models.js';
import {
  DEVICE,
  FREE_PLACE,
  ofPort,
  ofRouter,
  ownedParameters,
  rawFault,
  ROUTER_WIDE,
  writeElement,
} from './parameters.js';
import { DIAL_PLAN, PORT, type Port } from './port-parameters.js';
import { profileRule } from './values.js';

/**
 * Either configuration: every parameter owned on the model, and free ones after those of the voice
 * part. A port without a line is off, but where the ATA has no line at all.
 */
export function render(view: ConfigurationView): RenderedDocument {
  const model = modelOf(view.model);
  const settings = joinSettings(
    valuesOf(DEVICE, [view]),
    ...portsOf(view, model).map(({ account, port }, at) => valuesOf(PORT, [account, port], ofPort(at + 1))),
    new Map([[FREE_PLACE, writeFree(view, rawFault, '', writeElement)]]),
    model.router ? valuesOf(ROUTER_WIDE, [view], ofRouter) : new Map(),
  );
  return profile(ownedParameters(model).write(settings));
}

/**
 * The profile of all ATAs of a model: where to ask next. In `Profile_Rule_B`, since that is
 * evaluated in the same resync, after the rule which got this profile; a changed `Profile_Rule`
 * would only be asked at the next one, an hour later.
 */
export function renderPointer(publicUrl: string): RenderedDocument {
  return profile(writeElement('Profile_Rule_B', profileRule(`${publicUrl}/`)));
}

function profile(text: string): RenderedDocument {
  return {
    contentType: 'application/xml; charset=utf-8',
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<flat-profile>\n${text}</flat-profile>\n`,
  };
}

/**
 * A line for each port; or one account for all ports of an ATA without lines, so that help can be
 * called at any of them. The first registers, so that there is one contact for the resync; the
 * others only call.
 */
function portsOf(view: ConfigurationView, model: CiscoModel): { account: Account; port: Port }[] {
  const service = serviceOf(view);
  const { emergencyNumbers } = view;
  const dialPlan = 'lines' in view ? DIAL_PLAN : warmLinePlan(view);
  const common = { emergencyNumbers, dialPlan, isSecure: model.router };
  if (service !== null) {
    // The ATAs of Linksys speak UDP only.
    const account = model.router ? serviceLine(service) : plainServiceLine(service);
    return numbered(model.ports, (number) => ({
      account,
      port: { ...common, registers: number === 1, hasLine: false, speedDials: [], verify: null },
    }));
  }
  return lineAccounts(view, model.ports).map((account, at) => ({
    account,
    port: {
      ...common,
      registers: true,
      hasLine: true,
      speedDials: 'lines' in view ? view.keys.flatMap((key) => (key.line === at + 1 ? key.value : [])) : [],
      verify: 'lines' in view ? view.serverTrust.verify : null,
    },
  }));
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

/** What a dial plan can match: digits and the star. */
function dialable(numbers: readonly string[]): string[] {
  return numbers.filter((number) => /^[0-9*]+$/.test(number));
}
