import type { Vendor } from '../vendor.js';
import { renderFull } from './full.js';
import { DESCRIPTION } from './description.js';
import { renderMinimal } from './minimal.js';
import { rawFault } from './parameters.js';
import { recogniseFile } from './recognise.js';
import { recogniseUserAgent } from './user-agent.js';

/** D1xx, D3xx, D7xx and D8xx desk phones, and the bases of the M series (`dect/`). */
export const snom: Vendor = {
  id: 'snom',
  recogniseFile,
  recogniseUserAgent,
  renderMinimal,
  renderFull,
  renderBoot: null,
  renderCommon: null,
  rawFault,
  description: DESCRIPTION,
  resync: { event: 'check-sync;reboot=false', headers: {}, body: null },
};
