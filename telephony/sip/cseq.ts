/** A CSeq value (RFC 3261 20.16). */
export interface CSeq {
  /** 0 to 2^31 - 1. */
  readonly sequence: number;
  readonly method: string;
}

/** undefined when it is not a number and a method, or the number is out of range. */
export function parseCSeq(text: string | undefined): CSeq | undefined {
  const match = text === undefined ? null : /^(\d{1,10})[ \t]+(\S+)$/.exec(text);
  if (match === null || match[2] === undefined) return undefined;
  const sequence = Number(match[1]);
  return sequence < 2 ** 31 ? { sequence, method: match[2] } : undefined;
}

export function formatCSeq(cseq: CSeq): string {
  return `${cseq.sequence} ${cseq.method}`;
}
