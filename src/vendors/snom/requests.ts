import { deviceFile, macsInQuery, nameWithMac, userAgentsOf } from '../requests.js';
import type { RecognisedFile, RequestedFile } from '../vendor.js';

/**
 * `snomD785-000413AABBCC.htm`, and `000413AABBCC.xml` or `.htm` where the URL says so with `{mac}`;
 * in either case.
 */
const OF_A_DEVICE = nameWithMac(/^(?:snom[a-z0-9]+-)?(<mac>)\.(?:htm|html|xml)$/i);
/**
 * A URL may be `https://<server>/{mac}`; without an ending the name is ours only where the MAC is.
 */
const BARE = nameWithMac(/^(?=00[:.-]?04[:.-]?13|1c[:.-]?71[:.-]?26)(<mac>)$/i);
/** Asked for with or without a MAC, and never ours to give. */
const FIRMWARE = /^snom[a-z0-9]+-firmware\.(?:htm|html|xml)$/i;
/** The settings of all phones of a model. */
const COMMON = /^snom[a-z0-9]*\.(?:htm|html|xml)$/i;
/** What a URL with `?mac={mac}` may name: nothing, or some page. */
const PAGE = /^(?:[a-z0-9_-]+\.(?:htm|html|xml|php))?$/i;

/**
 * The order in which a phone, or a base (`snomM900…`), asks below a directory: `snomD785.htm`,
 * `snomD785-<MAC>.htm`, `snomD785-firmware.htm`. A URL that says `{mac}` or `?mac={mac}` is asked
 * for by itself. Where others answer a `.htm` with a list of files (`<setting-files>`), we answer
 * it with the settings.
 */
export function recogniseFile(file: RequestedFile): RecognisedFile | null {
  if (FIRMWARE.test(file.name)) return { kind: 'absent' };
  const [, named] = OF_A_DEVICE.exec(file.name) ?? BARE.exec(file.name) ?? [];
  if (named !== undefined) return deviceFile(named, 'configuration');
  const [queried] = PAGE.test(file.name) ? macsInQuery(file.query) : [];
  if (queried !== undefined) return { kind: 'device', mac: queried, role: 'configuration' };
  return COMMON.test(file.name) ? { kind: 'absent' } : null;
}

export const recogniseUserAgent = userAgentsOf([
  // `Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 2010.12-00004-g9ba52f5 000413922D24 SXM:0
  // UXM:0)`. One firmware puts a build date in parentheses before the MAC, others leave the MAC
  // out; so this never splits at spaces.
  /\bsnom(?<model>\w+)-SIP (?<firmware>[\d.]+)(?:.*\b(?<mac>(?:000413|1C7126)[0-9A-F]{6})\b)?/i,
  // `Mozilla/4.0 (compatible; Snom M900 05.20.0001 000413b60680)`
  /\bsnom\s?(?<model>M\d{3})\s(?<firmware>[\d.]+)\s(?<mac>[0-9A-F]{12})\b/i,
]);
