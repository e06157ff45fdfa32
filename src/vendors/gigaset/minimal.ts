import type { MinimalView, RenderedDocument } from '../vendor.js';
import { modelOf, type GigasetModel, type Series } from './models.js';
import { renderMinimal as renderN510 } from './n510/minimal.js';
import { renderMinimal as renderN720 } from './n720/minimal.js';
import { renderMinimal as renderN870 } from './n870/minimal.js';

const RENDERERS: Record<Series, (view: MinimalView, model: GigasetModel) => RenderedDocument> = {
  n510: renderN510,
  n720: renderN720,
  n870: renderN870,
};

export function renderMinimal(view: MinimalView): RenderedDocument {
  const model = modelOf(view.model);
  return RENDERERS[model.series](view, model);
}
