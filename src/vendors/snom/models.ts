/** What of a model decides how many settings there are. */
export interface SnomModel {
  identities: number;
  functionKeys: number;
}

/** Identities that a model has fewer of than twelve, and the keys, over all pages, that it has more of; the beginning of the name decides. */
const MODELS: readonly (readonly [prefix: string, model: SnomModel])[] = [
  ['D12', { identities: 2, functionKeys: 4 }],
  ['D14', { identities: 2, functionKeys: 4 }],
  ['D15', { identities: 4, functionKeys: 8 }],
  ['D30', { identities: 4, functionKeys: 8 }],
  ['D31', { identities: 4, functionKeys: 8 }],
  ['D710', { identities: 4, functionKeys: 8 }],
  ['D712', { identities: 4, functionKeys: 8 }],
  ['D713', { identities: 4, functionKeys: 12 }],
  ['D715', { identities: 4, functionKeys: 8 }],
  ['D717', { identities: 6, functionKeys: 12 }],
  ['71', { identities: 4, functionKeys: 8 }],
];

/** The largest phone: what a phone does not have it passes over, what it has and is not told it would keep. */
const LARGEST_MODEL: SnomModel = { identities: 12, functionKeys: 48 };

/** Finds a model by a name such as `D785`, `snomD785` or `snom D785`. */
export function modelOf(name: string | null): SnomModel {
  const plain = (name ?? '').toUpperCase().replace(/^SNOM[ -]?/, '');
  return MODELS.find(([prefix]) => plain.startsWith(prefix))?.[1] ?? LARGEST_MODEL;
}
