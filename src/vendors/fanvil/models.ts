import { byPrefix, numbered } from '../parameter-table.js';

/** The properties of a model that decide which elements it has, and how some are written. */
export interface FanvilModel {
  lines: number;
  /** Keys beside the display, of which the first are the lines' own; `dssSide` in the format. */
  side: { pages: number; keysPerPage: number };
  /**
   * Other keys; `internal` in the format. Where there are none beside the display, the lines' own
   * are the first of these.
   */
  internal: { pages: number; keysPerPage: number };
  /** Whether a language is written as its tag or as a number of one of two lists. */
  languages: 'tags' | 'numbers' | 'numbers-v';
}

type Pages = readonly [pages: number, keysPerPage: number];

function phone(
  lines: number,
  side: Pages,
  internal: Pages,
  languages: FanvilModel['languages'] = 'numbers',
): FanvilModel {
  return {
    lines,
    side: { pages: side[0], keysPerPage: side[1] },
    internal: { pages: internal[0], keysPerPage: internal[1] },
    languages,
  };
}

const NONE: Pages = [0, 0];

/** User manuals and templates of the series; the beginning of the model's name decides. */
const MODELS: readonly (readonly [prefix: string, model: FanvilModel])[] = [
  ['X210', phone(20, [1, 10], [3, 32], 'tags')],
  ['X1', phone(2, NONE, [1, 2])],
  ['X2', phone(2, NONE, [1, 2])],
  ['X3U', phone(6, NONE, [1, 6])],
  ['X3', phone(4, NONE, [1, 4])],
  ['X4U', phone(12, [1, 10], [5, 6], 'tags')],
  ['X4', phone(4, NONE, [3, 10])],
  ['X5U', phone(16, [1, 5], [5, 6], 'tags')],
  ['X5', phone(6, NONE, [5, 8])],
  ['X6U', phone(20, [1, 5], [5, 12], 'tags')],
  ['X6', phone(6, NONE, [5, 12])],
  ['X7C', phone(20, [5, 4], NONE, 'tags')],
  ['X7', phone(20, [1, 5], [4, 29], 'tags')],
  ['V61', phone(2, [4, 4], NONE, 'numbers-v')],
  ['V62', phone(6, [4, 7], NONE, 'numbers-v')],
  ['V63', phone(8, [4, 7], NONE, 'numbers-v')],
  ['V64', phone(12, [4, 7], NONE, 'numbers-v')],
  ['V65', phone(20, [4, 9], NONE, 'numbers-v')],
  ['V6', phone(20, [4, 29], NONE, 'numbers-v')],
  ['H', phone(4, NONE, [1, 10])],
  ['I', phone(4, NONE, [1, 10])],
  ['W', phone(4, NONE, [1, 8])],
];

/** The largest phone: a phone ignores what it does not have, and keeps what is not written. */
const UNKNOWN_MODEL = phone(20, [4, 10], [5, 32], 'tags');

/** Finds a model by a name such as `X6U Pro`, `i10SV` or `Fanvil H2U-V2`. */
export function modelOf(name: string | null): FanvilModel {
  const plain = (name ?? '').toUpperCase().replace(/^FANVIL[ -]?/, '');
  return byPrefix(MODELS, plain) ?? UNKNOWN_MODEL;
}

/** Pages of keys by their paths; the first keys are the lines' own. */
export function keyPages(model: FanvilModel): { page: string; keys: string[] }[] {
  return [...pages('dssSide', model.side), ...pages('internal', model.internal)];
}

function pages(name: string, group: FanvilModel['side']): { page: string; keys: string[] }[] {
  return numbered(group.pages, (number) => {
    const page = `dsskey/${name}[${number}]`;
    return { page, keys: numbered(group.keysPerPage, (key) => `${page}/Fkey[${key}]`) };
  });
}
