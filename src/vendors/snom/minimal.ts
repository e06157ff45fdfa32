import { freeValues } from '../free-values.js';
import { joinSettings } from '../parameter-list.js';
import type { MinimalView, RenderedDocument } from '../vendor.js';
import { renderBaseMinimal } from './dect/minimal.js';
import { writeDeskDocument } from './format.js';
import { type DeskModel, modelOf } from './models.js';
import { rawFault } from './parameters.js';
import { commonSettings, serviceIdentity } from './settings.js';

export function renderMinimal(view: MinimalView): RenderedDocument {
  const model = modelOf(view.model);
  return model.kind === 'dect' ? renderBaseMinimal(view, model) : renderDeskMinimal(view, model);
}

/**
 * One identity that reaches the authentication service and emergency numbers, and nothing else that
 * the model has. These phones have no warm line (an immediate hotline would keep emergency numbers
 * from being dialled): the first key dials the service.
 */
function renderDeskMinimal(view: MinimalView, model: DeskModel): RenderedDocument {
  return writeDeskDocument(model, {
    settings: joinSettings(commonSettings(view), serviceIdentity(view)),
    raw: freeValues(view, rawFault, ''),
    functionKeys: [
      { context: 1, label: `Authenticate ${view.serviceNumber}`, value: `speed ${view.serviceNumber}` },
    ],
    language: null,
    authorityUrl: null,
    emptyPhoneBook: true,
  });
}
