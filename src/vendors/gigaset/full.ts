import type { FullView, RenderedDocument } from '../vendor.js';
import { modelOf, type GigasetModel, type Series } from './models.js';
import { renderFull as renderN510 } from './n510/full.js';
import { renderFull as renderN720 } from './n720/full.js';
import { renderFull as renderN870 } from './n870/full.js';

const RENDERERS: Record<Series, (view: FullView, model: GigasetModel) => RenderedDocument> = {
  n510: renderN510,
  n720: renderN720,
  n870: renderN870,
};

export function renderFull(view: FullView): RenderedDocument {
  const model = modelOf(view.model);
  return RENDERERS[model.series](view, model);
}
