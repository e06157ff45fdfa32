import type { Vendor } from '../vendor.js';
import { DESCRIPTION } from './description.js';
import { renderFull } from './full.js';
import { renderMinimal } from './minimal.js';
import { rawFault } from './parameters.js';
import { writePointer } from './pointer.js';
import { recogniseFile } from './recognise.js';
import { recogniseUserAgent } from './user-agent.js';

/**
 * DECT bases: the N510 and N720, and the N610 to N870, which have nothing in common but their maker
 * and their file names.
 */
export const gigaset: Vendor = {
  id: 'gigaset',
  recogniseFile,
  recogniseUserAgent,
  renderMinimal,
  renderFull,
  renderBoot: null,
  renderCommon: (file, publicUrl) => writePointer(file.name, publicUrl),
  rawFault,
  description: DESCRIPTION,
  resync: { event: 'check-sync;reboot=false', headers: {}, body: null },
};
