import type { KeyView } from '../vendor.js';
import type { Table } from '../parameter-table.js';
import type { PhoneModel } from './models.js';

/** A key: by which P-values it is set, and which modes it can have. */
export interface KeyValues {
  mode: number;
  /** Counted from 0. */
  account: number;
  label: number;
  value: number;
  /** Its mode and account without a key in the settings. */
  idle: { mode: string; account: string };
  /** null where the key has no such mode. */
  modes: Record<KeyView['kind'], string | null>;
}

const NOTHING = { mode: '-1', account: '0' };
const FREE_MODES = { 'speed-dial': '0', blf: '1' };

/** The keys of the lines, then the others. */
export function keysOf(model: PhoneModel): KeyValues[] {
  const onDisplay = Array.from({ length: model.lineKeys + model.displayKeys }, (_, at): KeyValues => {
    const values = displayKey(at + 1);
    return at < model.lineKeys
      ? { ...values, idle: idleLine(at, model), modes: lineModes(model) }
      : { ...values, idle: NOTHING, modes: FREE_MODES };
  });
  const beside = Array.from({ length: model.sideKeys }, (_, at): KeyValues => ({
    ...sideKey(at + 1),
    idle: NOTHING,
    modes: FREE_MODES,
  }));
  return [...onDisplay, ...beside];
}

/**
 * A line key without another mode is its account's; keys beyond the number of accounts are the last
 * one's.
 */
function idleLine(at: number, model: PhoneModel): KeyValues['idle'] {
  return { mode: model.series === 'GRP' ? '31' : '0', account: String(Math.min(at, model.accounts - 1)) };
}

/**
 * On the GXP the modes of line keys have their own numbers; those of the small models cannot watch
 * a number.
 */
function lineModes(model: PhoneModel): KeyValues['modes'] {
  if (model.series === 'GRP') return FREE_MODES;
  return { 'speed-dial': '10', blf: model.displayKeys > 0 ? '11' : null };
}

type Numbers = Pick<KeyValues, 'mode' | 'account' | 'label' | 'value'>;

/** The first six are in two series of pairs, the others in fours. */
function displayKey(number: number): Numbers {
  const pair = 2 * (number - 1);
  if (number <= 6) return { mode: 1363 + pair, account: 1364 + pair, label: 1465 + pair, value: 1466 + pair };
  return inFours(23_800 + 4 * (number - 7));
}

/** Of the first seven, the modes are in a series and the rest in threes. */
function sideKey(number: number): Numbers {
  const at = number - 1;
  if (number > 7) return inFours(353 + 4 * (number - 8));
  return { mode: 323 + at, account: 301 + 3 * at, label: 302 + 3 * at, value: 303 + 3 * at };
}

function inFours(first: number): Numbers {
  return { mode: first, account: first + 1, label: first + 2, value: first + 3 };
}

/** What a key does other than a line. */
export type KeyWish = Omit<KeyView, 'kind'> & { mode: string };

/** The parameters of a key. */
export function keyTable({ mode, account, label, value, idle }: KeyValues): Table<[KeyWish]> {
  return {
    [`P${mode}`]: [idle.mode, (wish) => wish.mode],
    [`P${account}`]: [idle.account, (wish) => String(wish.line - 1)],
    [`P${label}`]: ['', (wish) => wish.label],
    [`P${value}`]: ['', (wish) => wish.value],
  };
}
