import { byPrefix } from '../parameter-table.js';

/** The properties of a model that decide which parameters it has. */
export interface PanasonicModel {
  /** `tgp5` are the TGP500 and TGP55x, whose files have another first line. */
  series: 'hdv' | 'ut' | 'tgp6' | 'tgp5';
  lines: number;
  /** Programmable keys. */
  flexibleKeys: number;
  /** Handsets that a DECT base serves. */
  handsets: number;
}

const desk = (series: 'hdv' | 'ut', lines: number, flexibleKeys: number): PanasonicModel => ({
  series,
  lines,
  flexibleKeys,
  handsets: 0,
});

/** Administrator's guides; the beginning of the model's name decides. */
const MODELS: readonly (readonly [prefix: string, model: PanasonicModel])[] = [
  ['HDV10', desk('hdv', 1, 2)],
  ['HDV13', desk('hdv', 2, 2)],
  ['HDV23', desk('hdv', 6, 24)],
  ['HDV33', desk('hdv', 12, 24)],
  ['HDV34', desk('hdv', 4, 24)],
  ['HDV43', desk('hdv', 16, 24)],
  ['UT11', desk('ut', 2, 0)],
  ['UT12', desk('ut', 2, 0)],
  ['UT13', desk('ut', 4, 24)],
  ['UT', desk('ut', 6, 24)],
  ['TGP5', { series: 'tgp5', lines: 8, flexibleKeys: 0, handsets: 6 }],
  ['TGP', { series: 'tgp6', lines: 8, flexibleKeys: 0, handsets: 8 }],
];

/** The largest phone: a phone ignores what it does not have, and keeps what is not written. */
const UNKNOWN_MODEL = desk('hdv', 16, 24);

/** The largest of each series, for the names that no free parameter may have. */
export const EVERY_MODEL: readonly PanasonicModel[] = [
  UNKNOWN_MODEL,
  ...['UT6', 'TGP6', 'TGP5'].map(modelOf),
];

/** Finds a model by a name such as `KX-HDV130`, `HDV130NE` or `Panasonic KX-HDV130`. */
export function modelOf(name: string | null): PanasonicModel {
  const plain = (name ?? '').toUpperCase().replace(/^(?:PANASONIC[ _-])?(?:KX-?)?/, '');
  return byPrefix(MODELS, plain) ?? UNKNOWN_MODEL;
}
