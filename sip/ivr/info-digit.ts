/** The digit in the body of a SIP INFO; null when it holds none. `application/dtmf-relay` says `Signal=5`, `application/dtmf` just `5`. */
export function infoDigit(contentType: string | undefined, body: string | undefined): string | null {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/dtmf-relay' && type !== 'application/dtmf') return null;
  const text = body ?? '';
  const signal = /^\s*signal\s*=\s*(\S+)/im.exec(text)?.[1] ?? /^\s*([0-9*#]{1,2})\s*$/.exec(text)?.[1];
  if (signal === undefined) return null;
  // 10 and 11 are the event codes of * and # (RFC 4733, section 3.2)
  const key = signal === '10' ? '*' : signal === '11' ? '#' : signal;
  return /^[0-9*#]$/.test(key) ? key : null;
}
