import type { RenderedDocument } from '../vendor.js';

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

const POINTER = /^\d{2,3}\/\d{1,3}\/([a-z]+)\.bin$/i;

export function isPointer(name: string): boolean {
  return linkOf(name) !== null;
}

export function writePointer(name: string, publicUrl: string): RenderedDocument {
  const link = linkOf(name);
  if (link === null) throw new Error(`${name} is no file that points on.`);
  const scheme = publicUrl.startsWith('https:') ? 'https' : 'http';
  const target = link.next ?? `${scheme}://%DURL/%MACD.xml`;
  return { contentType: 'application/octet-stream', body: block(link.type, target) };
}

function linkOf(name: string): (typeof CHAIN)[string] | null {
  const link = POINTER.exec(name)?.[1]?.toLowerCase();
  return link !== undefined && Object.hasOwn(CHAIN, link) ? (CHAIN[link] ?? null) : null;
}

/**
 * A block: its type and length, then a string: its type (3) and length, and a zero at its end. All
 * bytes are below 0x80.
 */
function block(type: number, text: string): string {
  return `${String.fromCharCode(type, text.length + 3, 3, text.length + 1)}${text}\0`;
}
