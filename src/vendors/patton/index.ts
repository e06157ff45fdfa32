import type { Vendor } from '../vendor.js';
import { DESCRIPTION } from './description.js';
import { renderFull } from './full.js';
import { renderMinimal } from './minimal.js';
import { rawFault } from './parameters.js';
import { recogniseFile } from './recognise.js';
import { recogniseUserAgent } from './user-agent.js';

/** Analogue SmartNodes on SmartWare R6. */
export const patton: Vendor = {
  id: 'patton',
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
