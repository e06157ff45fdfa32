import { byPrefix } from '../parameter-table.js';

/**
 * Three generations of bases, of which each has its own parameters. N510 and N720 share a syntax.
 */
export type Series = 'n510' | 'n720' | 'n870';

/** The properties of a model that decide which parameters it has. */
export interface GigasetModel {
  series: Series;
  handsets: number;
  /** Places for the servers that lines are registered with. */
  providers: number;
}

/**
 * Data sheets; the beginning of the model's name decides. On the N510 every account has its own
 * server.
 */
const MODELS: readonly (readonly [prefix: string, model: GigasetModel])[] = [
  ['N510', { series: 'n510', handsets: 6, providers: 6 }],
  ['N720', { series: 'n720', handsets: 100, providers: 10 }],
  ['N530', { series: 'n870', handsets: 8, providers: 8 }],
  ['N610', { series: 'n870', handsets: 8, providers: 8 }],
  ['N670', { series: 'n870', handsets: 20, providers: 20 }],
  ['N770', { series: 'n870', handsets: 100, providers: 20 }],
];

/**
 * The largest of those still sold: a base ignores what it does not have, and keeps what is not
 * written.
 */
const UNKNOWN_MODEL: GigasetModel = { series: 'n870', handsets: 250, providers: 20 };

/**
 * Finds a model by a name such as `N670`, `N870E IP PRO`, `Gigaset N720 DM PRO` or `N720-DM-PRO`.
 */
export function modelOf(name: string | null): GigasetModel {
  const plain = (name ?? '').toUpperCase().replace(/^GIGASET[ -]?/, '');
  return byPrefix(MODELS, plain) ?? UNKNOWN_MODEL;
}
