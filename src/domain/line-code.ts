/**
 * The code of a line, by which an unclaimed phone is given it: dialled directly, or keyed after
 * `*89`. `once` is used up by the first phone; `disabled` gives the line to no phone.
 */
export const CODE_USES = ['reusable', 'once', 'disabled'] as const;
export type CodeUse = (typeof CODE_USES)[number];

/**
 * How many digits a code may have; what an unclaimed phone dials or keys with as many is a guess at
 * one.
 */
export const CODE_DIGITS = { min: 4, max: 12 } as const;

/**
 * The code in what an unclaimed phone dialled: as it is, or after the number of the authentication
 * service, with or without a `*` between and a `#` behind. Answers the digits, or null when the
 * dialled string holds none that can be a code.
 */
export function codeInDialString(dialled: string): string | null {
  const digits = /^(?:\*89\*?)?(\d+)#?$/.exec(dialled)?.[1] ?? '';
  return isPossibleCode(digits) ? digits : null;
}

const POSSIBLE_CODE = new RegExp(`^\\d{${CODE_DIGITS.min},${CODE_DIGITS.max}}$`);

export function isPossibleCode(text: string): boolean {
  return POSSIBLE_CODE.test(text);
}

/** Whether a line can be claimed by its code. */
export function isClaimable(line: { codeUse: CodeUse; codeUsedAt: Date | null }): boolean {
  return line.codeUse === 'reusable' || (line.codeUse === 'once' && line.codeUsedAt === null);
}
