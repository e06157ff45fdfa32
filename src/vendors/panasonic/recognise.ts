import { parseMac } from '../../domain/mac.js';
import { nameWithMac } from '../mac-in-name.js';
import type { RecognisedFile, RequestedFile } from '../vendor.js';

/** As `renderCommon` and both configurations name it, and as other servers do. */
const OF_A_DEVICE = nameWithMac(/^(?:(?:Panasonic\/)?Config)?(<mac>)\.cfg$/i);
/**
 * What a phone asks for that knows no more than the server: `KX-HDV130.cfg`, with the letter of its
 * region.
 */
const OF_A_MODEL = /^KX-(HDV|TGP|UT)\d{2,3}[A-Z0-9]{0,4}\.cfg$/i;
/**
 * The files for all phones and for a model that a configuration may name, software, and the phones
 * that read XML.
 */
const OPTIONAL = /^(?:(?:Panasonic\/)?Config(?:Common|KX-[\w-]+)\.cfg|KX-UTG\w+\.cfg|[\w.-]+\.fw)$/i;

/**
 * The order in which a phone asks (administrator's guides, "Provisioning"): `{MODEL}.cfg`, which
 * says where its own file is; then that, until a reset. The MAC is in upper case for `{MAC}`, in
 * lower case for `{mac}`.
 */
export function recogniseFile(file: RequestedFile): RecognisedFile | null {
  const hex = OF_A_DEVICE.exec(file.name)?.[1];
  if (hex !== undefined) {
    const mac = parseMac(hex);
    return mac === null ? null : { kind: 'device', mac, role: 'configuration' };
  }
  if (OF_A_MODEL.test(file.name)) return { kind: 'common' };
  return OPTIONAL.test(file.name) ? { kind: 'absent' } : null;
}
