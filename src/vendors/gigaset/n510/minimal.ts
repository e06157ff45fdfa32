import { freeValues } from '../../free-values.js';
import { joinSettings } from '../../parameter-list.js';
import { shortDisplayText } from '../../short-display.js';
import { plainServiceLine } from '../../service-line.js';
import type { MinimalView, RenderedDocument } from '../../vendor.js';
import type { GigasetModel } from '../models.js';
import { numbers } from '../owned.js';
import { rawFault } from '../parameters.js';
import { clearedByName, quoted, writeProfile } from '../provider-frame.js';
import { handsetName, ownedParameters } from './parameters.js';
import { accountSettings, commonSettings, PROFILE } from './settings.js';

/** One account for all handsets, so that the service and emergency numbers can be dialled from each; it says so in their names. */
export function renderMinimal(view: MinimalView, model: GigasetModel): RenderedDocument {
  const name = quoted(shortDisplayText(view.displayText));
  const settings = joinSettings(
    commonSettings(view),
    accountSettings(1, {
      ...plainServiceLine(view),
      voicemailNumber: null,
      handsets: 2 ** model.handsets - 1,
    }),
    new Map(numbers(1, model.handsets).map((handset) => [handsetName(handset), name])),
  );
  const free = new Map(freeValues(view, rawFault, clearedByName));
  return writeProfile(PROFILE, view.mac, ownedParameters(model).list, settings, free);
}
