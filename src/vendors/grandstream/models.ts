import { byPrefix } from '../parameter-table.js';

/** A desk phone of the GXP or GRP series. */
export interface PhoneModel {
  kind: 'phone';
  /** The two have different numbers for the modes of keys. */
  series: 'GXP' | 'GRP';
  /** Whether it has a delay before it dials by itself (P8388): without one it dials at once. */
  hasWarmLine: boolean;
  accounts: number;
  /** Keys that are lines' by default. */
  lineKeys: number;
  /** Further keys on the display (VPK). */
  displayKeys: number;
  /** Further keys beside the display (MPK), on models that have none on it. */
  sideKeys: number;
  /** The first digits of the P-values of account 5; those of account 6 follow. */
  fifthAccount: 7 | 17;
}

/** An adapter for analogue telephones. */
export interface AdapterModel {
  kind: 'adapter';
  ports: number;
  /**
   * Whether its ports share two profiles, of which each has a SIP server, or each port has its own.
   */
  hasProfiles: boolean;
}

export type GrandstreamModel = PhoneModel | AdapterModel;

const gxp = (accounts: number, lineKeys: number, displayKeys = 0, sideKeys = 0): PhoneModel => ({
  kind: 'phone',
  series: 'GXP',
  hasWarmLine: false,
  accounts,
  lineKeys,
  displayKeys,
  sideKeys,
  fifthAccount: 17,
});

const grp = (accounts: number, lineKeys: number, displayKeys: number, fifthAccount: 7 | 17): PhoneModel => ({
  ...gxp(accounts, lineKeys, displayKeys),
  series: 'GRP',
  hasWarmLine: true,
  fifthAccount,
});

const ht = (ports: number, hasProfiles: boolean): AdapterModel => ({ kind: 'adapter', ports, hasProfiles });

const LARGEST_GRP = grp(16, 12, 36, 17);

/**
 * Administration guides and configuration templates of the series; the beginning of the model's
 * name decides.
 */
const MODELS: readonly (readonly [prefix: string, model: GrandstreamModel])[] = [
  ['GXP1610', gxp(1, 2)],
  ['GXP1615', gxp(1, 2)],
  ['GXP1628', gxp(2, 2, 0, 8)],
  ['GXP1630', gxp(3, 3, 0, 8)],
  ['GXP1', gxp(2, 2)],
  ['GXP2130', gxp(3, 3, 9)],
  ['GXP2135', gxp(4, 8, 24)],
  ['GXP2140', gxp(4, 4, 12)],
  ['GXP2160', gxp(6, 6, 18)],
  ['GXP2170', gxp(12, 12, 36)],
  ['GXP', gxp(6, 6)],
  ['GRP2601', grp(2, 2, 0, 7)],
  ['GRP2602', grp(4, 4, 12, 7)],
  ['GRP260', grp(6, 6, 18, 7)],
  ['GRP2612', grp(4, 4, 12, 17)],
  ['GRP2613', grp(6, 6, 18, 17)],
  ['GRP2614', grp(12, 4, 12, 17)],
  ['GRP2616', grp(6, 6, 10, 17)],
  ['GRP', LARGEST_GRP],
  ['HT801', ht(1, false)],
  ['HT802', ht(2, false)],
  // The HT813, HT841 and HT881 have ports for exchange lines besides; here is the telephone's.
  ['HT813', ht(1, false)],
  ['HT841', ht(1, true)],
  ['HT881', ht(1, true)],
  ['HT812', ht(2, true)],
  ['HT814', ht(4, true)],
  ['HT818', ht(8, true)],
  ['HT', ht(2, false)],
];

/** The largest phone: a phone ignores what it does not have, and keeps what is not written. */
const UNKNOWN_MODEL: GrandstreamModel = { ...LARGEST_GRP, hasWarmLine: false };

/** All models, for the names that no free parameter may have. */
export const EVERY_MODEL: readonly GrandstreamModel[] = [UNKNOWN_MODEL, ...MODELS.map(([, model]) => model)];

/** Finds a model by a name such as `GRP2614` or `Grandstream HT801V2`. */
export function modelOf(name: string | null): GrandstreamModel {
  const plain = (name ?? '').toUpperCase().replace(/^GRANDSTREAM[ -]?/, '');
  return byPrefix(MODELS, plain) ?? UNKNOWN_MODEL;
}
