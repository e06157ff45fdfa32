import { isAscii, isUtf8 } from 'node:buffer';

/**
 * SIP headers are UTF-8 (RFC 3261 7), but telephones put Latin-1 names into From and expect their
 * From back byte for byte. So bytes that are no UTF-8 become lone surrogates U+DC80 to U+DCFF,
 * which no valid text contains, and become the same bytes again on the way out.
 */
const ESCAPE_BASE = 0xdc00;
const ESCAPED_BYTE = /[\u{DC80}-\u{DCFF}]/u;

/** Bytes to text, without loss: {@link encodeText} gives the same bytes back. */
export function decodeText(bytes: Buffer): string {
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes[at] ?? 0);
    const sequence = bytes.subarray(at, at + length);
    if (sequence.length === length && isUtf8(sequence)) {
      text += sequence.toString('utf8');
      at += length;
    } else {
      text += String.fromCharCode(ESCAPE_BASE + (bytes[at] ?? 0));
      at += 1;
    }
  }
  return text;
}

/** Text to bytes: UTF-8, but for what {@link decodeText} escaped. */
export function encodeText(text: string): Buffer {
  if (!ESCAPED_BYTE.test(text)) return Buffer.from(text, 'utf8');
  const pieces: Buffer[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const isEscaped = code >= 0xdc80 && code <= 0xdcff;
    pieces.push(isEscaped ? Buffer.of(code - ESCAPE_BASE) : Buffer.from(character, 'utf8'));
  }
  return Buffer.concat(pieces);
}

/**
 * Without the spaces and tabs around it: the only white space of SIP. String.trim would take a
 * no-break space for one, too.
 */
export function trimWhite(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhite(text.charCodeAt(start))) start += 1;
  while (end > start && isWhite(text.charCodeAt(end - 1))) end -= 1;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

export function isWhite(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/**
 * How long the UTF-8 sequence is that this byte begins (RFC 3629); 1 for a byte that begins none.
 */
function sequenceLength(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}
