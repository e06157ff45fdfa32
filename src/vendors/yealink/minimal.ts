import { freeValues } from '../free-values.js';
import { joinSettings, type Settings } from '../parameter-list.js';
import { shortDisplayText } from '../short-display.js';
import { serviceLine, WARM_LINE_SECONDS } from '../service-line.js';
import type { MinimalView, RenderedDocument } from '../vendor.js';
import { writeConfiguration } from './format.js';
import { modelOf, type YealinkModel } from './models.js';
import { CLEARED, rawFault } from './parameters.js';
import {
  type AccountSettings,
  accountSettings,
  commonSettings,
  handsetSettings,
  lineKeySettings,
  templateSettings,
} from './settings.js';

/** One account that reaches the authentication service and emergency numbers, and nothing else that the model has. */
export function renderMinimal(view: MinimalView): RenderedDocument {
  const model = modelOf(view.model);
  const account: AccountSettings = { ...serviceLine(view), voicemailNumber: null };
  const settings = joinSettings(
    commonSettings(view, model),
    accountSettings(1, account),
    model.kind === 'dect'
      ? joinSettings(templateSettings([account]), handsets(view, model))
      : deskPhone(view, model),
  );
  return writeConfiguration(model, settings, freeValues(view, rawFault, CLEARED));
}

function deskPhone(view: MinimalView, model: YealinkModel): Settings {
  return joinSettings(
    new Map([
      ['features.hotline_number', view.serviceNumber],
      ['features.hotline_delay', String(WARM_LINE_SECONDS)],
    ]),
    model.lineKeys > 0 ? lineKeySettings(1, 1, view.displayText) : new Map(),
  );
}

/** Bases have no hotline. All handsets share the account, so that the service can be dialled from any of them. */
function handsets(view: MinimalView, model: YealinkModel): Settings {
  const name = shortDisplayText(view.displayText);
  return joinSettings(...Array.from({ length: model.handsets }, (_, at) => handsetSettings(at + 1, name, 1)));
}
