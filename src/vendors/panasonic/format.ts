/** An empty value empties a parameter; an absent one keeps what it has. */
export const CLEARED = '';

const LONGEST_VALUE = 500;
/** With CR and LF. A phone ignores a longer line, and the parameter keeps its value. */
const LONGEST_LINE_BYTES = 537;

/**
 * Nothing in a value can be escaped: characters that would end it, or its line, are replaced.
 */
export function writeParameter(name: string, value: string): string {
  let said = value
    .replaceAll(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .replaceAll('"', "'");
  const room = LONGEST_LINE_BYTES - Buffer.byteLength(`${name}=""\r\n`);
  if (said.length > LONGEST_VALUE || Buffer.byteLength(said) > room) said = cut(said, room);
  return `${name}="${said}"\r\n`;
}

/** The beginning of a text that fits into so many bytes, never cut through a character. */
function cut(text: string, room: number): string {
  let said = '';
  let bytes = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > room || said.length + character.length > LONGEST_VALUE) break;
    said += character;
  }
  return said;
}
