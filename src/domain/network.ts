import type { Policy } from './policy.js';
import type { Prefix } from './prefix.js';
import { addSeconds } from './time.js';

/** A trusted public address or prefix of a tenant. */
export const NETWORK_KINDS = ['permanent', 'temporary'] as const;
export type NetworkKind = (typeof NETWORK_KINDS)[number];

/**
 * Why it is trusted: the success of a phone that fetches from there, or an administrator's word.
 */
export const NETWORK_REASONS = ['pap', 'code', 'administrator'] as const;
export type NetworkReason = (typeof NETWORK_REASONS)[number];

/** The network of its tenant that a request came from. */
export interface RequestNetwork {
  id: string;
  prefix: string;
  kind: NetworkKind;
  openedAt: Date;
  /** null: permanent. */
  expiresAt: Date | null;
  /** How many devices it has let in, and whether this one is among them. */
  devices: number;
  hasDevice: boolean;
}

type NetworkPolicy = Pick<Policy, 'temporaryNetworkSeconds' | 'temporaryNetworkMaxSeconds'>;

/**
 * Until when a temporary network is trusted after a success or a full fetch at `now`. Leaflet,
 * "Temporary whitelisting": eight hours from then, again and again; ours ends at last,
 * `temporaryNetworkMaxSeconds` after it opened.
 */
export function trustedUntil(openedAt: Date, policy: NetworkPolicy, now: Date): Date {
  const wished = addSeconds(now, policy.temporaryNetworkSeconds);
  const last = addSeconds(openedAt, policy.temporaryNetworkMaxSeconds);
  return wished < last ? wished : last;
}

/** Of the time that one success gives: an extension by less is not told. */
const TOLD_PART = 0.01;

/**
 * How many steps that are worth telling lie between the opening of a temporary network and its end:
 * an extension is told when it makes them more, so that many small ones are told as seldom as the
 * large ones that they make together.
 */
export function stepsOf(
  { openedAt }: Pick<RequestNetwork, 'openedAt'>,
  expiresAt: Date,
  { temporaryNetworkSeconds }: Pick<Policy, 'temporaryNetworkSeconds'>,
): number {
  const step = temporaryNetworkSeconds * 1000 * TOLD_PART;
  return Math.floor((expiresAt.getTime() - openedAt.getTime()) / step);
}

/** Whether a temporary network has room for the device of a request. */
export function hasRoom(
  network: Pick<RequestNetwork, 'devices' | 'hasDevice'>,
  policy: Pick<Policy, 'temporaryNetworkMaxDevices'>,
): boolean {
  return network.hasDevice || network.devices < policy.temporaryNetworkMaxDevices;
}

/**
 * Whether successes open temporary networks, and full fetches extend them. Observing changes
 * nothing, and `strict` has none.
 */
export function opensNetworks({ strict, enforce }: Pick<Policy, 'strict' | 'enforce'>): boolean {
  return enforce && !strict;
}

/**
 * Prefixes shorter than `least` would trust half the Internet; those shorter than `ordinary` are a
 * slip, unless it is confirmed.
 */
const LENGTHS = { ipv4: { least: 8, ordinary: 16 }, ipv6: { least: 16, ordinary: 32 } } as const;

/**
 * Why a prefix is too short to be trusted; null when it is not. `force`: the administrator has
 * confirmed it.
 */
export type WidthFault = { kind: 'too-wide'; least: number } | { kind: 'wide'; ordinary: number };

export function widthFault({ family, length }: Prefix, force: boolean): WidthFault | null {
  const { least, ordinary } = LENGTHS[family];
  if (length < least) return { kind: 'too-wide', least };
  return length < ordinary && !force ? { kind: 'wide', ordinary } : null;
}

/** Why a network that an administrator adds cannot end at the given time; null when it can. */
export type ExpiryFault =
  { kind: 'permanent-expires' } | { kind: 'expired' } | { kind: 'expires-too-late'; last: Date };

/** A temporary network ends at last when one that a success opens would. */
export function expiryFault(
  kind: NetworkKind,
  expiresAt: Date | null,
  policy: Pick<Policy, 'temporaryNetworkMaxSeconds'>,
  now: Date,
): ExpiryFault | null {
  if (expiresAt === null) return null;
  if (kind === 'permanent') return { kind: 'permanent-expires' };
  if (expiresAt <= now) return { kind: 'expired' };
  const last = addSeconds(now, policy.temporaryNetworkMaxSeconds);
  return expiresAt > last ? { kind: 'expires-too-late', last } : null;
}
