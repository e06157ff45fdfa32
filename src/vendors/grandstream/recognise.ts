import { parseMac } from '../../domain/mac.js';
import { nameWithMac } from '../mac-in-name.js';
import type { RecognisedFile, RequestedFile } from '../vendor.js';

/**
 * `cfgc074ad0b63ee.xml`, with the prefix (P234) and the postfix (P235) that a phone may have been
 * given elsewhere, in either case.
 */
const OF_A_DEVICE = nameWithMac(/^[\w-]{0,32}cfg(<mac>)(?:[_-][\w-]{0,31})?\.xml$/i);
/** What the phone falls back to, whatever its model. */
const COMMON = /^cfg\.xml$/i;
/** The legacy binary form of the same, and what GRP phones ask for as an override of it. */
const LEGACY = nameWithMac(/^(?:cfg<mac>(?:\.bin)?|dev<mac>\.cfg)$/i);
/** The settings of all phones of a model, such as `cfggrp2614.xml`. */
const OF_A_MODEL = /^cfg[a-z]{2,3}[0-9][a-z0-9]{1,8}\.xml$/i;
/** Firmware, and what the phone downloads beside its configuration. */
const EXTRA = /^(?:[a-z0-9]+fw\.bin|(?:gs_)?phonebook\.xml|gs_(?:screen|lang)\.xml)$/i;

/**
 * The order in which a phone asks: `cfg<mac>` (binary), `cfg<mac>.xml`, newer ones
 * `cfg<model>.xml`, and `cfg.xml` when there was none.
 */
export function recogniseFile(file: RequestedFile): RecognisedFile | null {
  const hex = OF_A_DEVICE.exec(file.name)?.[1];
  if (hex !== undefined) {
    const mac = parseMac(hex);
    return mac === null ? null : { kind: 'device', mac, role: 'configuration' };
  }
  if (COMMON.test(file.name)) return { kind: 'common' };
  return [LEGACY, OF_A_MODEL, EXTRA].some((name) => name.test(file.name)) ? { kind: 'absent' } : null;
}
