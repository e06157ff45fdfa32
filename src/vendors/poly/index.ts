import { macHex } from '../../domain/mac.js';
import type { Vendor } from '../vendor.js';
import { DESCRIPTION } from './description.js';
import { writeMasterFile } from './format.js';
import { renderFull } from './full.js';
import { renderMinimal } from './minimal.js';
import { rawFault } from './parameters.js';
import { recogniseFile } from './recognise.js';
import { recogniseUserAgent } from './user-agent.js';

/** VVX desk phones. */
export const poly: Vendor = {
  id: 'poly',
  recogniseFile,
  recogniseUserAgent,
  renderMinimal,
  renderFull,
  renderBoot: (mac) => writeMasterFile(`${macHex(mac)}-reg.cfg`),
  // The phone puts its MAC in place of the name, and asks beside the file it has: below its token,
  // if it came with one.
  renderCommon: () => writeMasterFile('[PHONE_MAC_ADDRESS]-reg.cfg'),
  rawFault,
  description: DESCRIPTION,
  resync: { event: 'check-sync', headers: {}, body: null },
};
