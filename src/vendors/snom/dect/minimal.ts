import { freeValues } from '../../free-values.js';
import { joinSettings } from '../../parameter-list.js';
import type { MinimalView, RenderedDocument } from '../../vendor.js';
import type { DectModel } from '../models.js';
import { rawFault } from '../parameters.js';
import { writeBaseDocument } from './format.js';
import { baseCommonSettings, serviceExtensions } from './settings.js';

/**
 * One account, shared by the first handsets, that reaches the authentication service and emergency
 * numbers. There is no warm line.
 */
export function renderBaseMinimal(view: MinimalView, model: DectModel): RenderedDocument {
  const settings = joinSettings(baseCommonSettings(view), serviceExtensions(view, model));
  return writeBaseDocument(model, settings, freeValues(view, rawFault, ''));
}
