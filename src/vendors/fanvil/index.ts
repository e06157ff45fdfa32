import type { Vendor } from '../vendor.js';
import { DESCRIPTION } from './description.js';
import { renderFull } from './full.js';
import { renderMinimal } from './minimal.js';
import { rawFault } from './parameters.js';
import { recogniseFile } from './recognise.js';
import { recogniseUserAgent } from './user-agent.js';

/** X and V desk phones, H hotel phones, i door phones and W handsets. */
export const fanvil: Vendor = {
  id: 'fanvil',
  recogniseFile,
  recogniseUserAgent,
  renderMinimal,
  renderFull,
  renderBoot: null,
  renderCommon: null,
  rawFault,
  description: DESCRIPTION,
  resync: { event: 'check-sync', headers: {}, body: null },
};
