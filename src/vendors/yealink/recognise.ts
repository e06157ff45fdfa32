import { parseMac } from '../../domain/mac.js';
import { nameWithMac } from '../mac-in-name.js';
import type { RecognisedFile, RequestedFile } from '../vendor.js';

const OF_A_DEVICE = nameWithMac(/^(<mac>)\.(cfg|boot)$/i);
/** The common boot file, and one common file per model (`y` and the model's code). */
const COMMON = /^y0{9}\d{3}\.(?:cfg|boot)$/i;
/**
 * What a user changed on the phone, the personal phone book and the like: the phone keeps them, we
 * never do.
 */
const PERSONAL = nameWithMac(/^<mac>-[a-z]+\.(?:cfg|xml)$/i);
/**
 * Encrypted variants of any of these, asked for where `aes_key_in_file` is on: we encrypt by TLS.
 */
const ENCRYPTED = nameWithMac(/^(?:y0{9}\d{3}|<mac>)(?:-[a-z]+)?(?:\.(?:cfg|boot))?(?:_security)?\.enc$/i);

/**
 * The order in which a phone asks: `<mac>.boot`, then `y000000000000.boot`; from a boot file only
 * what it includes; without one the model's `y` file and `<mac>.cfg`. The manuals write names in
 * lower case, some firmware asks in upper case.
 */
export function recogniseFile(file: RequestedFile): RecognisedFile | null {
  const [, hex, extension] = OF_A_DEVICE.exec(file.name) ?? [];
  if (hex !== undefined) {
    const mac = parseMac(hex);
    if (mac === null) return null;
    return { kind: 'device', mac, role: extension?.toLowerCase() === 'boot' ? 'boot' : 'configuration' };
  }
  const isAbsent = [COMMON, PERSONAL, ENCRYPTED].some((name) => name.test(file.name));
  return isAbsent ? { kind: 'absent' } : null;
}
