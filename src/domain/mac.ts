declare const macBrand: unique symbol;

/** A MAC address in the one spelling we store and answer: `aa:bb:cc:dd:ee:ff`. */
export type Mac = string & { readonly [macBrand]: true };

/**
 * Six bytes of one or two digits each: spreadsheets and some exports drop leading zeros
 * (`0:4:13:0:9:1`).
 */
const IN_BYTES = /^[0-9a-f]{1,2}([:. -])(?:[0-9a-f]{1,2}\1){4}[0-9a-f]{1,2}$/;
/**
 * Groups of three, of four (Cisco, Huawei) or of six digits (HP): a digit that is missing there
 * could be missing anywhere.
 */
const IN_GROUPS =
  /^(?:[0-9a-f]{3}([:. -])(?:[0-9a-f]{3}\1){2}[0-9a-f]{3}|[0-9a-f]{4}([:. -])[0-9a-f]{4}\2[0-9a-f]{4}|[0-9a-f]{6}[:. -]?[0-9a-f]{6})$/;
/**
 * The MAC-ID on the label of a Gigaset base is its MAC and a check of four characters
 * (`7C2F80000905-ABCD`).
 */
const MAC_ID_CHECK = /^([0-9a-f]{12}|(?:[0-9a-f]{2}:){5}[0-9a-f]{2})-[0-9a-z]{4}$/;

/**
 * Reads a MAC address in every usual spelling, in any case: bare, in bytes with or without their
 * leading zeros, in groups of three, four or six digits, separated by colons, dashes, dots or
 * blanks, and as a MAC-ID. Invisible characters around and in it, which copying brings along, are
 * passed over. Answers null for anything else: where separators are mixed or digits are missing it
 * would be guessed. And for addresses that no single device can have: the group bit set (IEEE 802,
 * section 8.2) or all zeros.
 */
export function parseMac(text: string): Mac | null {
  const hex = hexOf(plain(text));
  if (hex === null || hex === '000000000000') return null;
  if ((Number.parseInt(hex.slice(0, 2), 16) & 1) === 1) return null;
  return hex.replaceAll(/(..)(?=.)/g, '$1:') as Mac;
}

/**
 * In lower case, with one kind of dash and of blank, none of them around a separator; without what
 * cannot be seen (Unicode's format characters).
 */
function plain(text: string): string {
  return text
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/\p{Pd}/gu, '-')
    .replaceAll(/\s+/gu, ' ')
    .replaceAll(/ ?([:.-]) ?/g, '$1')
    .trim()
    .toLowerCase();
}

function hexOf(text: string): string | null {
  const withoutCheck = MAC_ID_CHECK.exec(text)?.[1] ?? text;
  if (IN_BYTES.test(withoutCheck)) {
    return withoutCheck
      .split(/[:. -]/)
      .map((byte) => byte.padStart(2, '0'))
      .join('');
  }
  return IN_GROUPS.test(withoutCheck) ? withoutCheck.replaceAll(/[:. -]/g, '') : null;
}

/** The twelve lower-case hex digits that phones put into file names. */
export function macHex(mac: Mac): string {
  return mac.replaceAll(':', '');
}
