import { joinSettings, type Settings } from '../parameter-list.js';
import { serviceLine } from '../service-line.js';
import { shortDisplayText } from '../short-display.js';
import type { ServiceView } from '../vendor.js';
import type { YealinkModel } from './models.js';
import {
  type AccountSettings,
  accountSettings,
  handsetSettings,
  lineKeySettings,
  templateSettings,
} from './settings.js';

/**
 * The one account of a phone without lines, and what shows it. All handsets of a base share it, so
 * that help can be called from any of them.
 */
export function serviceSettings(service: ServiceView, model: YealinkModel): Settings {
  const account: AccountSettings = { ...serviceLine(service), voicemailNumber: null };
  return joinSettings(
    accountSettings(1, account),
    model.kind === 'dect'
      ? joinSettings(templateSettings([account]), handsets(service, model))
      : model.lineKeys > 0
        ? lineKeySettings(1, 1, service.displayText)
        : new Map(),
  );
}

function handsets({ displayText }: ServiceView, model: YealinkModel): Settings {
  const name = shortDisplayText(displayText);
  return joinSettings(...Array.from({ length: model.handsets }, (_, at) => handsetSettings(at + 1, name, 1)));
}
