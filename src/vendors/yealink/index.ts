import { macHex } from '../../domain/mac.js';
import type { Vendor } from '../vendor.js';
import { writeBootFile } from './format.js';
import { renderFull } from './full.js';
import { DESCRIPTION } from './description.js';
import { renderMinimal } from './minimal.js';
import { rawFault } from './parameters.js';
import { recogniseFile } from './recognise.js';
import { recogniseUserAgent } from './user-agent.js';

/** T2x, T3x, T4x, T5x and CP desk phones and the W series of DECT bases. */
export const yealink: Vendor = {
  id: 'yealink',
  recogniseFile,
  recogniseUserAgent,
  renderMinimal,
  renderFull,
  renderBoot: (mac) => writeBootFile(`${macHex(mac)}.cfg`),
  renderCommon: null,
  rawFault,
  description: DESCRIPTION,
  resync: { event: 'check-sync', headers: {}, body: null },
};
