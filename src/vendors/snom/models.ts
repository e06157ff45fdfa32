import { byPrefix } from '../parameter-table.js';

/** The properties of a desk phone that decide which settings it has. */
export interface DeskModel {
  kind: 'desk';
  identities: number;
  /**
   * Over all pages, those of three expansion modules (18 each) included where they can be added.
   */
  functionKeys: number;
}

/** The same of a DECT base. Each extension has a handset of its own. */
export interface DectModel {
  kind: 'dect';
  extensions: number;
}

export type SnomModel = DeskModel | DectModel;

const MODULE_KEYS = 3 * 18;

const desk = (identities: number, functionKeys: number): DeskModel => ({
  kind: 'desk',
  identities,
  functionKeys,
});
const dect = (extensions: number): DectModel => ({ kind: 'dect', extensions });

/**
 * Data sheets and manuals; the first beginning of the name decides. The older names of the D7xx
 * have no `D`.
 */
const MODELS: readonly (readonly [prefix: string, model: SnomModel])[] = [
  ['M3', dect(20)],
  ['M4', dect(20)],
  // A group of bases can have a thousand; more would make the document too large.
  ['M7', dect(250)],
  ['M9', dect(250)],
  ['D12', desk(2, 4)],
  ['D14', desk(2, 4)],
  ['D15', desk(4, 8)],
  ['D30', desk(4, 5 + MODULE_KEYS)],
  ['D31', desk(4, 5 + MODULE_KEYS)],
  ['D33', desk(12, 32 + MODULE_KEYS)],
  ['D34', desk(12, 48 + MODULE_KEYS)],
  ['D37', desk(12, 12 + MODULE_KEYS)],
  ['D38', desk(12, 48 + MODULE_KEYS)],
  ['D712', desk(4, 8)],
  ['D713', desk(4, 12)],
  ['D715', desk(4, 8 + MODULE_KEYS)],
  ['D717', desk(6, 12 + MODULE_KEYS)],
  ['D710', desk(4, 8)],
  ['D72', desk(12, 18 + MODULE_KEYS)],
  ['D73', desk(12, 32 + MODULE_KEYS)],
  ['D74', desk(12, 32 + MODULE_KEYS)],
  ['D76', desk(12, 16 + MODULE_KEYS)],
  ['D78', desk(12, 24 + MODULE_KEYS)],
];

/** The largest phone: a phone ignores what it does not have, and keeps what is not written. */
const UNKNOWN_MODEL = desk(12, 48 + MODULE_KEYS);

/** Finds a model by a name such as `D785`, `snomD785`, `snom D785`, `715` or `M900`. */
export function modelOf(name: string | null): SnomModel {
  const plain = (name ?? '')
    .toUpperCase()
    .replace(/^SNOM[ -]?/, '')
    .replace(/^7\d\d/, 'D$&');
  return byPrefix(MODELS, plain) ?? UNKNOWN_MODEL;
}
