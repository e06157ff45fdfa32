import { parseMac } from '../../domain/mac.js';
import { nameWithMac } from '../mac-in-name.js';
import type { RecognisedFile, RequestedFile } from '../vendor.js';

/** The master file, which names the files to load, and the one that it names. */
const OF_A_DEVICE = nameWithMac(/^(<mac>)(-reg)?\.cfg$/i);
/** The master file for all who have none of their own. */
const COMMON_MASTER = /^0{12}\.cfg$/i;
/**
 * What a user changed (`-phone`, `-web`), licences, the phone's own directory and logs: the phone
 * keeps them, we never do.
 */
const PERSONAL = nameWithMac(
  /^<mac>-(?:(?:user|phone|web|license|app|boot|advanced|calls|directory|favorites)[\w-]*)\.(?:cfg|xml|log|tar|gz)$/i,
);
/**
 * Software, language files, sounds and pictures, which a phone looks for beside the master file.
 */
const SOFTWARE =
  /^(?:[\w.-]+\.(?:ld|ver)|(?:SoundPointIP|VVX|Poly)\w*(?:\/[\w .-]+)*|[\w-]+\.(?:wav|jpg|png|bmp))$/i;

/**
 * The order in which a phone asks (UC Software administrator's guide, "Master Configuration File"):
 * `<mac>.cfg`, else `000000000000.cfg`; then what that names in CONFIG_FILES, then `-phone`,
 * `-web`, `-license` and `-directory`. The MAC is in lower case; the pattern takes either.
 */
export function recogniseFile(file: RequestedFile): RecognisedFile | null {
  if (COMMON_MASTER.test(file.name)) return { kind: 'common', keepsToken: true };
  const [, hex, suffix] = OF_A_DEVICE.exec(file.name) ?? [];
  if (hex !== undefined) {
    const mac = parseMac(hex);
    if (mac === null) return null;
    return { kind: 'device', mac, role: suffix === undefined ? 'boot' : 'configuration' };
  }
  return PERSONAL.test(file.name) || SOFTWARE.test(file.name) ? { kind: 'absent' } : null;
}
