/** A text as XML can say it: runs of what it cannot, and of ends of lines, are a space. */
export function plain(text: string): string {
  let said = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const sayable =
      (code >= 0x20 && code < 0x7f) ||
      (code > 0x9f && code < 0xd800 && code !== 0x2028 && code !== 0x2029) ||
      (code > 0xdfff && code < 0xfffe) ||
      code > 0xffff;
    said += sayable ? character : '\0';
  }
  return said.replaceAll(/\0+/g, ' ');
}
