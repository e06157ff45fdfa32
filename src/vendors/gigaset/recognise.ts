import { parseMac } from '../../domain/mac.js';
import { nameWithMac } from '../mac-in-name.js';
import type { RecognisedFile, RequestedFile } from '../vendor.js';
import { isPointer } from './pointer.js';

/** N510 and N720 ask in upper case, N610 to N870 in lower case. */
const OF_A_DEVICE = nameWithMac(/^(<mac>)\.xml$/i);
/** Firmware, languages and help of a product below its number, such as `42/2/baselines.bin`. */
const OF_A_PRODUCT = /^\d{2,3}\/(?:\d{1,3}\/)?[\w./-]+\.bin$/i;
/** What the desk phones of the maker ask for, and early software of the N870. */
const COMMON = /^(?:provisioning|updates)\.xml$/i;

/**
 * A base with a URL to a folder asks for `<MAC>.xml` there. An N510 or N720 that was given a data
 * server follows the files below `<product>/<variant>/master.bin` until one names the
 * configuration.
 */
export function recogniseFile(file: RequestedFile): RecognisedFile | null {
  const hex = OF_A_DEVICE.exec(file.name)?.[1];
  if (hex !== undefined) {
    const mac = parseMac(hex);
    return mac === null ? null : { kind: 'device', mac, role: 'configuration' };
  }
  if (isPointer(file.name)) return { kind: 'common', keepsToken: true };
  return OF_A_PRODUCT.test(file.name) || COMMON.test(file.name) ? { kind: 'absent' } : null;
}
