import type { ProvingTrust } from './authentication.js';
import { addSeconds } from './time.js';

/**
 * A provisioning token is the identity that a phone holds because a configuration gave it: a path
 * segment of its provisioning URL. bootstrap (came with a minimal configuration) → released (its
 * phone may have the full one) → proven (its phone came back for it).
 */
export const TOKEN_STATES = ['bootstrap', 'released', 'proven', 'revoked'] as const;
export type TokenState = (typeof TOKEN_STATES)[number];

export interface HeldToken {
  id: string;
  state: TokenState;
  releasedAt: Date | null;
}

/** Everything that is remembered of a token. Its secret part is derived, never stored. */
export interface Token extends HeldToken {
  deviceId: string;
  /** Whether a phone ever came back with it (fetched, registered or called). */
  used: boolean;
  /** The address that fetched the configuration which carried it. */
  issuedTo: string | null;
  lastFetchAddress: string | null;
  /**
   * When, and under which trust, the full configuration went out with it although it had not been
   * released.
   */
  fullServedAt: Date | null;
  fullServedUnder: ProvingTrust | null;
  createdAt: Date;
  lastUsedAt: Date;
  keyVersion: number;
}

/** A token as it comes with a minimal configuration, which was fetched at `now` from `address`. */
export function newToken(
  whose: Pick<Token, 'id' | 'deviceId' | 'keyVersion'>,
  address: string | null,
  now: Date,
): Token {
  return {
    ...whose,
    state: 'bootstrap',
    used: false,
    issuedTo: address,
    lastFetchAddress: address,
    fullServedAt: null,
    fullServedUnder: null,
    createdAt: now,
    lastUsedAt: now,
    releasedAt: null,
  };
}

/** How long an unproven token lives without being used. */
export const UNPROVEN_TOKEN_SECONDS = 86_400;

/** How long the phone that made the call has to come for what its token was released for. */
export const RELEASE_SECONDS = 600;

/**
 * Whether a released token has waited for its phone in vain: then it is a bootstrap token again.
 */
export function isReleaseLapsed(token: Pick<HeldToken, 'state' | 'releasedAt'>, now: Date): boolean {
  if (token.state !== 'released') return false;
  return token.releasedAt === null || addSeconds(token.releasedAt, RELEASE_SECONDS) <= now;
}

/** Whether a token by itself opens the full configuration at `now`. */
export function opensFull(token: Pick<HeldToken, 'state' | 'releasedAt'>, now: Date): boolean {
  return token.state === 'proven' || (token.state === 'released' && !isReleaseLapsed(token, now));
}

/**
 * Whether an unproven token that was last used at `lastUsedAt` has lapsed. A proven one never
 * lapses; only a reset ends it.
 */
export function hasLapsed(state: TokenState, lastUsedAt: Date, now: Date): boolean {
  return state !== 'proven' && addSeconds(lastUsedAt, UNPROVEN_TOKEN_SECONDS) <= now;
}

/** Whether a token is valid at `now`: neither revoked nor lapsed. */
export function isLive(token: Pick<Token, 'state' | 'lastUsedAt'>, now: Date): boolean {
  return token.state !== 'revoked' && !hasLapsed(token.state, token.lastUsedAt, now);
}
