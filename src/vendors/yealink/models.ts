/** What of a model decides how many parameters there are. */
export interface YealinkModel {
  kind: 'desk' | 'dect';
  accounts: number;
  lineKeys: number;
  /** Handsets that a DECT base serves. */
  handsets: number;
}

const desk = (accounts: number, lineKeys: number): YealinkModel => ({
  kind: 'desk',
  accounts,
  lineKeys,
  handsets: 0,
});

const dect = (handsets: number): YealinkModel => ({
  kind: 'dect',
  accounts: handsets,
  lineKeys: 0,
  handsets,
});

/** Administrator's guides of the T2/T4/T5/CP and W series; the beginning of the model's name decides. */
const MODELS: readonly (readonly [prefix: string, model: YealinkModel])[] = [
  ['T19', desk(1, 0)],
  ['T20', desk(2, 2)],
  ['T21', desk(2, 2)],
  ['T22', desk(3, 3)],
  ['T23', desk(3, 3)],
  ['T27', desk(6, 21)],
  ['T29', desk(16, 27)],
  ['T30', desk(1, 0)],
  ['T31', desk(2, 2)],
  ['T33', desk(4, 12)],
  ['T34', desk(4, 12)],
  ['T40', desk(3, 3)],
  ['T41', desk(6, 15)],
  ['T42', desk(12, 15)],
  ['T43', desk(12, 21)],
  ['T44', desk(12, 24)],
  ['T46', desk(16, 27)],
  ['T48', desk(16, 29)],
  ['T52', desk(12, 21)],
  ['T53', desk(12, 21)],
  ['T54', desk(16, 27)],
  ['T57', desk(16, 29)],
  ['T58', desk(16, 27)],
  ['CP', desk(1, 0)],
  ['W60', dect(8)],
  ['W70', dect(10)],
  ['W80', dect(100)],
  ['W90', dect(250)],
  ['W75', dect(100)],
  ['W5', dect(8)],
];

/** The largest desk phone: what a phone does not have it passes over, what it has and is not told it would keep. */
const UNKNOWN_MODEL = desk(16, 29);

/** Finds a model by a name such as `T46U`, `SIP-T46U` or `sip-t21p_e2`. Names that are not known get the largest phone. */
export function modelOf(name: string | null): YealinkModel {
  const plain = (name ?? '').toUpperCase().replace(/^(?:YEALINK[ -])?(?:SIP-)?/, '');
  return MODELS.find(([prefix]) => plain.startsWith(prefix))?.[1] ?? UNKNOWN_MODEL;
}
