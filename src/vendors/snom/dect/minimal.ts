import { freeValues } from '../../free-values.js';
import { joinSettings } from '../../parameter-list.js';
import { shortDisplayText } from '../../short-display.js';
import { serviceLine } from '../../service-line.js';
import type { MinimalView, RenderedDocument } from '../../vendor.js';
import type { DectModel } from '../models.js';
import { rawFault } from '../parameters.js';
import { writeBaseDocument } from './format.js';
import { baseCommonSettings, type ExtensionSettings, extensionSettings } from './settings.js';

/** How many handsets may call the service and emergency numbers: all of a small base. Each registers the one account once more. */
const SHARING_HANDSETS = 20;

/** One account, shared by the first handsets, that reaches the authentication service and emergency numbers. There is no warm line. */
export function renderBaseMinimal(view: MinimalView, model: DectModel): RenderedDocument {
  const text = shortDisplayText(view.displayText);
  const extension: ExtensionSettings = {
    ...serviceLine(view),
    label: text,
    displayName: text,
    voicemailNumber: null,
  };
  const handsets = Math.min(SHARING_HANDSETS, model.extensions);
  const settings = joinSettings(
    baseCommonSettings(view),
    extensionSettings(Array.from({ length: handsets }, () => extension)),
  );
  return writeBaseDocument(model, settings, freeValues(view, rawFault, ''));
}
