import { lookUp } from '../parameter-table.js';
import { recogniserOf, userAgentsOf } from '../requests.js';
import type { RenderedDocument } from '../vendor.js';

/**
 * A base with a URL to a folder asks for `<MAC>.xml` there. An N510 or N720 that was given a data
 * server follows the files below `<product>/<variant>/master.bin` until one names the
 * configuration.
 */
export const recogniseFile = recogniserOf({
  // N510 and N720 ask in upper case, N610 to N870 in lower case.
  configuration: /^(<mac>)\.xml$/i,
  common: /^\d{2,3}\/\d{1,3}\/(?:master|sifsroot|sih|sit|siu)\.bin$/i,
  keepsToken: true,
  absent: [
    // Firmware, languages and help of a product below its number, such as `42/2/baselines.bin`.
    /^\d{2,3}\/(?:\d{1,3}\/)?[\w./-]+\.bin$/i,
    // What the desk phones of the maker ask for, and early software of the N870.
    /^(?:provisioning|updates)\.xml$/i,
  ],
});

export const recogniseUserAgent = userAgentsOf(
  [
    // `Gigaset N870 IP PRO/83.V2.11.0+build.a546b91;7C2F80E0D605`, `N510 IP
    // PRO/42.258.00.000.000;7C2F806257D7`, `N720-DM-PRO/70.040.00.000.000`; in quotes at times.
    // Requests for the phone book end with the handset that makes them.
    /^"?(?:Gigaset[ -])?(?<model>N\d{3}E?)(?:[ -][\w -]+)?\/(?<firmware>[\w.+]+?)(?:;(?<mac>[0-9a-f]{12}))?(?:;Handset=\d+)?"?$/i,
  ],
  (model) => model.toUpperCase(),
);

/**
 * N510 and N720 find the name of their configuration at the end of a chain of binary files, of
 * which each names the next one. `%DURL` is the data server as the base has it, with its token if
 * it holds one, but without `http://`; `%MACD` is the MAC in upper case.
 */
const CHAIN: Record<string, { type: number; next: string | null }> = {
  master: { type: 3, next: 'sifsroot.bin' },
  sifsroot: { type: 4, next: 'sih.bin' },
  sih: { type: 4, next: 'sit.bin' },
  sit: { type: 4, next: 'siu.bin' },
  siu: { type: 0, next: null },
};

/** @param name of a file of the chain */
export function renderPointer(name: string, publicUrl: string): RenderedDocument {
  const link = lookUp(CHAIN, /([a-z]+)\.bin$/i.exec(name)?.[1]?.toLowerCase() ?? '');
  if (link === null) throw new Error(`${name} is no file that points on.`);
  const scheme = publicUrl.startsWith('https:') ? 'https' : 'http';
  const target = link.next ?? `${scheme}://%DURL/%MACD.xml`;
  return { contentType: 'application/octet-stream', body: block(link.type, target) };
}

/**
 * A block: its type and length, then a string: its type (3) and length, and a zero at its end. All
 * bytes are below 0x80.
 */
function block(type: number, text: string): string {
  return `${String.fromCharCode(type, text.length + 3, 3, text.length + 1)}${text}\0`;
}
