import { byPrefix } from '../parameter-table.js';

/** The properties of a model that decide which parameters it has. */
export interface YealinkModel {
  kind: 'desk' | 'dect';
  accounts: number;
  lineKeys: number;
  /**
   * How many expansion modules can be connected, and the number of keys of the largest of them,
   * over all pages.
   */
  modules: number;
  moduleKeys: number;
  /** Handsets of a DECT base. */
  handsets: number;
}

type Modules = Pick<YealinkModel, 'modules' | 'moduleKeys'>;

const NO_MODULES: Modules = { modules: 0, moduleKeys: 0 };
/** EXP20 and EXP40, EXP43 and EXP50, EXP55. */
const SIX_OF_40: Modules = { modules: 6, moduleKeys: 40 };
const THREE_OF_60: Modules = { modules: 3, moduleKeys: 60 };
const THREE_OF_78: Modules = { modules: 3, moduleKeys: 78 };

const desk = (accounts: number, lineKeys: number, modules = NO_MODULES): YealinkModel => ({
  kind: 'desk',
  accounts,
  lineKeys,
  ...modules,
  handsets: 0,
});

const dect = (handsets: number): YealinkModel => ({
  kind: 'dect',
  accounts: handsets,
  lineKeys: 0,
  ...NO_MODULES,
  handsets,
});

/**
 * Administrator's guides of the T2 to T8, CP and W series; the first beginning of the model's name
 * decides.
 */
const MODELS: readonly (readonly [prefix: string, model: YealinkModel])[] = [
  ['T19', desk(1, 0)],
  ['T20', desk(2, 2)],
  ['T21', desk(2, 2)],
  ['T22', desk(3, 3)],
  ['T23', desk(3, 3)],
  ['T27', desk(6, 21, SIX_OF_40)],
  ['T29', desk(16, 27, SIX_OF_40)],
  ['T30', desk(1, 0)],
  ['T31', desk(2, 2)],
  ['T33', desk(4, 12)],
  ['T34', desk(4, 12)],
  ['T40', desk(3, 3)],
  ['T41', desk(6, 15)],
  ['T42', desk(12, 15)],
  ['T43', desk(12, 21, THREE_OF_60)],
  ['T44', desk(12, 24)],
  ['T46U', desk(16, 27, THREE_OF_60)],
  ['T46', desk(16, 27, SIX_OF_40)],
  ['T48U', desk(16, 29, THREE_OF_60)],
  ['T48', desk(16, 29, SIX_OF_40)],
  ['T49', desk(16, 29)],
  ['T52', desk(12, 21, THREE_OF_60)],
  ['T53', desk(12, 21, THREE_OF_60)],
  ['T54', desk(16, 27, THREE_OF_60)],
  ['T56', desk(16, 27, THREE_OF_60)],
  ['T57', desk(16, 29, THREE_OF_60)],
  ['T58', desk(16, 27, THREE_OF_60)],
  ['T73', desk(12, 48, THREE_OF_78)],
  ['T74', desk(16, 60, THREE_OF_78)],
  ['T77', desk(16, 95, THREE_OF_78)],
  ['T85', desk(16, 72, THREE_OF_78)],
  ['T87', desk(16, 95, THREE_OF_78)],
  ['T88', desk(16, 95, THREE_OF_78)],
  ['CP', desk(1, 0)],
  ['W60', dect(8)],
  ['W70', dect(10)],
  ['W80', dect(100)],
  ['W90', dect(250)],
  ['W75', dect(100)],
  ['W5', dect(8)],
];

/**
 * The largest of old firmware: its phones may ask for no boot file, and keep what is not written.
 */
const UNKNOWN_MODEL = desk(16, 29, SIX_OF_40);

/** The largest models, for the names that no free parameter may have. */
export const EVERY_MODEL: readonly YealinkModel[] = [
  desk(16, 95, SIX_OF_40),
  desk(16, 95, THREE_OF_78),
  dect(250),
];

/**
 * Finds a model by a name such as `T46U`, `SIP-T46U` or `sip-t21p_e2`. An unknown one is
 * the largest phone that may ask for no boot file.
 */
export function modelOf(name: string | null): YealinkModel {
  const plain = (name ?? '').toUpperCase().replace(/^(?:YEALINK[ -])?(?:SIP-)?/, '');
  return byPrefix(MODELS, plain) ?? UNKNOWN_MODEL;
}
