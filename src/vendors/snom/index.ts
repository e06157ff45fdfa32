import type { Vendor } from '../vendor.js';
import { renderFull } from './full.js';
import { renderMinimal } from './minimal.js';
import { recogniseFile } from './recognise.js';
import { recogniseUserAgent } from './user-agent.js';

/** D1xx, D3xx, D7xx and D8xx desk phones. */
export const snom: Vendor = {
  id: 'snom',
  recogniseFile,
  recogniseUserAgent,
  renderMinimal,
  renderFull,
  renderBoot: null,
  resync: { event: 'check-sync;reboot=false', headers: {}, body: null },
};
