import type { Vendor } from '../vendor.js';
import { DESCRIPTION } from './description.js';
import { writePointer } from './format.js';
import { renderFull } from './full.js';
import { renderMinimal } from './minimal.js';
import { modelOf } from './models.js';
import { rawFault } from './parameters.js';
import { recogniseFile } from './recognise.js';
import { standardFile } from './settings.js';
import { recogniseUserAgent } from './user-agent.js';

/** HDV and UT desk phones and the TGP bases. */
export const panasonic: Vendor = {
  id: 'panasonic',
  recogniseFile,
  recogniseUserAgent,
  renderMinimal,
  renderFull,
  renderBoot: null,
  renderCommon: ({ name }, publicUrl) =>
    writePointer(
      modelOf(name),
      new Map([
        ['PROVISION_ENABLE', 'Y'],
        ['CFG_STANDARD_FILE_PATH', standardFile(`${publicUrl}/`)],
      ]),
    ),
  rawFault,
  description: DESCRIPTION,
  resync: { event: 'check-sync', headers: {}, body: null },
};
