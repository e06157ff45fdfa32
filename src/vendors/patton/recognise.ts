import { parseMac } from '../../domain/mac.js';
import { nameWithMac } from '../mac-in-name.js';
import type { RecognisedFile, RequestedFile } from '../vendor.js';

/** `$(system.mac).cfg`: lower case, no separators. */
const OF_A_DEVICE = nameWithMac(/^(<mac>)\.cfg$/i);
/**
 * The scripts that firmware is loaded by (`sn4110/bw`); ours to give only where a configuration
 * names them.
 */
const FIRMWARE = /^sn\d+[a-z]*\/[a-z0-9_.-]+$/i;

/**
 * A SmartNode asks for what the locations of its provisioning profiles say, and for nothing else.
 */
export function recogniseFile(file: RequestedFile): RecognisedFile | null {
  const hex = OF_A_DEVICE.exec(file.name)?.[1];
  if (hex === undefined) return FIRMWARE.test(file.name) ? { kind: 'absent' } : null;
  const mac = parseMac(hex);
  return mac === null ? null : { kind: 'device', mac, role: 'configuration' };
}
