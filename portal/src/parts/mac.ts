/** A MAC as a barcode scanner or a person writes it, in our spelling; null: this is none. */
export function readMac(text: string): string | null {
  const digits = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s:.-]/g, '');
  return /^[0-9a-f]{12}$/.test(digits) ? (digits.match(/../g) ?? []).join(':') : null;
}
