import type { Vendor } from '../vendor.js';
import { DESCRIPTION } from './description.js';
import { writePointer } from './format.js';
import { renderFull } from './full.js';
import { renderMinimal } from './minimal.js';
import { rawFault } from './parameters.js';
import { recogniseFile } from './recognise.js';
import { recogniseUserAgent } from './user-agent.js';

/**
 * ATAs of the SPA100 series, ATA 191 and 192 with Multiplatform firmware, and those of Linksys
 * before them.
 */
export const cisco: Vendor = {
  id: 'cisco',
  recogniseFile,
  recogniseUserAgent,
  renderMinimal,
  renderFull,
  renderBoot: null,
  renderCommon: (_file, publicUrl) => writePointer(publicUrl),
  rawFault,
  description: DESCRIPTION,
  resync: { event: 'resync', headers: {}, body: null },
};
