import { parseMac } from '../../domain/mac.js';
import { nameWithMac } from '../mac-in-name.js';
import type { RecognisedFile, RequestedFile } from '../vendor.js';

/** `0c383e557eb1.cfg`, in either case; the handsets with Wi-Fi may ask for `.xml`. */
const OF_A_DEVICE = nameWithMac(/^(<mac>)\.(?:cfg|xml)$/i);
/**
 * The file of a model and its hardware: `f0X3shw1.100.cfg`, `F0V00X300000.cfg`, `F0Vi51W00000.cfg`.
 */
const COMMON = /^f0[a-z0-9]{4,16}(?:\.\d{3})?\.cfg$/i;
/** What newer models ask about their firmware: `fanvil_x4u_pro_hwv2_0.txt`. */
const FIRMWARE_INFO = /^fanvil_[a-z0-9_]{1,40}\.txt$/i;

/**
 * The order in which a phone asks: the file of its model, that of its MAC, and now and then about
 * its firmware.
 */
export function recogniseFile(file: RequestedFile): RecognisedFile | null {
  const hex = OF_A_DEVICE.exec(file.name)?.[1];
  if (hex !== undefined) {
    const mac = parseMac(hex);
    return mac === null ? null : { kind: 'device', mac, role: 'configuration' };
  }
  return COMMON.test(file.name) || FIRMWARE_INFO.test(file.name) ? { kind: 'absent' } : null;
}
