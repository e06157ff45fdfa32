declare const macBrand: unique symbol;

/** A MAC address in the one spelling we store and answer: `aa:bb:cc:dd:ee:ff`. */
export type Mac = string & { readonly [macBrand]: true };

const SEPARATED = /^[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$/;
const IN_THREES = /^[0-9a-f]{4}([.-])[0-9a-f]{4}\1[0-9a-f]{4}$/;
const IN_HALVES = /^[0-9a-f]{6}-?[0-9a-f]{6}$/;

/**
 * Reads a MAC address in every usual spelling (colons, dashes, Cisco's and Huawei's threes, HP's halves, bare; any case). Answers null
 * for anything else, and for addresses no single device can have: the group bit set (IEEE 802, section 8.2) or all zeros.
 */
export function parseMac(text: string): Mac | null {
  const lower = text.trim().toLowerCase();
  if (!SEPARATED.test(lower) && !IN_THREES.test(lower) && !IN_HALVES.test(lower)) return null;
  const hex = lower.replaceAll(/[:.-]/g, '');
  if (hex === '000000000000' || (Number.parseInt(hex.slice(0, 2), 16) & 1) === 1) return null;
  return hex.replaceAll(/(..)(?=.)/g, '$1:') as Mac;
}

/** The twelve lower-case hex digits that phones put into file names. */
export function macHex(mac: Mac): string {
  return mac.replaceAll(':', '');
}
