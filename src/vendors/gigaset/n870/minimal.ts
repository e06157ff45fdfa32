import { freeValues } from '../../free-values.js';
import { joinSettings } from '../../parameter-list.js';
import type { MinimalView, RenderedDocument } from '../../vendor.js';
import type { GigasetModel } from '../models.js';
import { rawFault } from '../parameters.js';
import { writeDocument } from './format.js';
import { handsetId, ownedParameters } from './parameters.js';
import { commonSettings, serviceSettings } from './settings.js';

/**
 * One account in every place, so that the service and emergency numbers can be dialled from each
 * handset that is there, and it says so on each. Handsets stay registered with the base, or
 * somebody would have to go there and do it again once it has proved itself.
 */
export function renderMinimal(view: MinimalView, model: GigasetModel): RenderedDocument {
  const settings = joinSettings(commonSettings(view), serviceSettings(view, model));
  return writeDocument(ownedParameters(model).list, {
    firmware: null,
    handsets: [handsetId(1)],
    deleteOthers: false,
    settings,
    free: new Map(freeValues(view, rawFault, '')),
  });
}
