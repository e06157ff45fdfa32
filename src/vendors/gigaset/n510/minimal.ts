import { freeValues } from '../../free-values.js';
import { joinSettings } from '../../parameter-list.js';
import type { MinimalView, RenderedDocument } from '../../vendor.js';
import type { GigasetModel } from '../models.js';
import { rawFault } from '../parameters.js';
import { clearedByName, writeProfile } from '../provider-frame.js';
import { ownedParameters } from './parameters.js';
import { commonSettings, PROFILE, serviceSettings } from './settings.js';

/**
 * One account for all handsets, so that the service and emergency numbers can be dialled from each.
 */
export function renderMinimal(view: MinimalView, model: GigasetModel): RenderedDocument {
  const settings = joinSettings(commonSettings(view), serviceSettings(view, model));
  const free = new Map(freeValues(view, rawFault, clearedByName));
  return writeProfile(PROFILE, view.mac, ownedParameters(model).list, settings, free);
}
