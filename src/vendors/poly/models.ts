import { byPrefix } from '../parameter-table.js';

/** The properties of a model that decide which parameters it has. */
export interface PolyModel {
  /** Lines, each on a key of its own. */
  registrations: number;
  /** Line keys, those of the expansion modules included. */
  lineKeys: number;
}

/** Three expansion modules of forty keys. */
const EXPANSION = 120;

const fixed = (keys: number): PolyModel => ({ registrations: keys, lineKeys: keys });
const expandable = (keys: number): PolyModel => ({ registrations: keys, lineKeys: keys + EXPANSION });

/** Data sheets of the VVX series; the beginning of the model's name decides. */
const MODELS: readonly (readonly [prefix: string, model: PolyModel])[] = [
  ['VVX1500', fixed(6)],
  ['VVX101', { registrations: 1, lineKeys: 2 }],
  ['VVX15', fixed(2)],
  ['VVX20', fixed(2)],
  ['VVX25', fixed(4)],
  ['VVX35', fixed(6)],
  ['VVX3', expandable(6)],
  ['VVX4', expandable(12)],
  ['VVX5', expandable(12)],
];

/** The largest phone: a phone ignores what it does not have, and keeps what is not written. */
const UNKNOWN_MODEL = expandable(16);

/**
 * Finds a model by a name such as `VVX450`, `VVX_450` or `Polycom VVX 450`. Names that are not
 * known get the largest phone.
 */
export function modelOf(name: string | null): PolyModel {
  const plain = (name ?? '').toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
  const model = plain.replace(/^POLY(?:COM)?/, '');
  return byPrefix(MODELS, model) ?? UNKNOWN_MODEL;
}
