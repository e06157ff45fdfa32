import { parseMac } from '../../domain/mac.js';
import { nameWithMac } from '../mac-in-name.js';
import type { RecognisedFile, RequestedFile } from '../vendor.js';

/**
 * What our `Profile_Rule` asks for (`$MA.xml`, or `$MAU`), and what operators have written there
 * before us.
 */
const OF_A_DEVICE = nameWithMac(/^(?:spa|ata|pap)?-?(<mac>)\.(?:xml|cfg)$/i);
/**
 * The factory's rule, `/spa$PSN.cfg`, and that of the PAP2T, `init.cfg`. The product's short name
 * is its number (`spa112.cfg`, `spa2102.cfg`, `spa191.cfg`), or the whole of it
 * (`spaATA191-MPP.cfg`, `spapap2t.cfg`).
 */
const COMMON = /^(?:init|(?:spa)?(?:spa|ata|pap)-?\d{1,4}[a-z]?\d?(?:-mpp)?)\.cfg$/i;
/**
 * The ATA 190 and the desk phones of Cisco's own call manager ask so: another format, which we do
 * not write.
 */
const OF_CALL_MANAGER = nameWithMac(/^(?:ata|sep|ctlsep)<mac>\.(?:cnf\.xml|tlv)$/i);

/**
 * A new ATA asks for its model's file only, which leads to the one of its MAC; then for whatever
 * its rules say, and nothing else.
 */
export function recogniseFile(file: RequestedFile): RecognisedFile | null {
  const hex = OF_A_DEVICE.exec(file.name)?.[1];
  if (hex !== undefined) {
    const mac = parseMac(hex);
    return mac === null ? null : { kind: 'device', mac, role: 'configuration' };
  }
  if (COMMON.test(file.name)) return { kind: 'common' };
  return OF_CALL_MANAGER.test(file.name) ? { kind: 'absent' } : null;
}
