import { freeValues } from '../../free-values.js';
import { joinSettings } from '../../parameter-list.js';
import { shortDisplayText } from '../../short-display.js';
import { plainServiceLine } from '../../service-line.js';
import type { MinimalView, RenderedDocument } from '../../vendor.js';
import type { GigasetModel } from '../models.js';
import { numbers } from '../owned.js';
import { rawFault } from '../parameters.js';
import { clearedByName, ON, writeProfile } from '../provider-frame.js';
import { ownedParameters } from './parameters.js';
import { accountSettings, activation, commonSettings, PROFILE, providerSettings } from './settings.js';

/**
 * One account in every place, so that the service and emergency numbers can be dialled from each handset that has one, and it says so on each.
 * The first is switched on; whether the others are stays as it is, for switched off they would lose their handsets.
 */
export function renderMinimal(view: MinimalView, model: GigasetModel): RenderedDocument {
  const line = plainServiceLine(view);
  const account = {
    ...line,
    displayName: shortDisplayText(view.displayText),
    provider: 0,
    voicemailNumber: null,
  };
  const settings = joinSettings(
    commonSettings(view),
    providerSettings(0, { ...line, name: view.displayText }),
    activation(0, ON),
    ...numbers(0, model.handsets).map((number) => accountSettings(number, account)),
  );
  const free = new Map(freeValues(view, rawFault, clearedByName));
  return writeProfile(PROFILE, view.mac, ownedParameters(model).list, settings, free);
}
