import type { Vendor } from '../vendor.js';
import { DESCRIPTION } from './description.js';
import { writeCommonFile } from './format.js';
import { renderFull } from './full.js';
import { renderMinimal } from './minimal.js';
import { rawFault } from './parameters.js';
import { recogniseFile } from './recognise.js';
import { serverSettings } from './settings.js';
import { recogniseUserAgent } from './user-agent.js';

/** GXP and GRP desk phones and the HT8xx adapters. */
export const grandstream: Vendor = {
  id: 'grandstream',
  recogniseFile,
  recogniseUserAgent,
  renderMinimal,
  renderFull,
  renderBoot: null,
  renderCommon: (_file, publicUrl) => writeCommonFile(new Map(serverSettings(publicUrl))),
  rawFault,
  description: DESCRIPTION,
  resync: { event: 'check-sync', headers: {}, body: null },
};
