import { type AccessDecision, type RequestedDevice, decide } from '../../domain/access.js';
import { sourceText } from '../../domain/prefix.js';
import { opensFull } from '../../domain/token.js';
import type { PresentedToken, ProvisioningWindow } from '../../domain/window.js';
import type { FetchFacts } from '../../store/fetch-lookup.js';
import type { FetchCase } from './draft.js';
import type { TokenFinding } from './fetch-token.js';

/** What a phone that asks for its configuration is served. */
export type ServedConfiguration = AccessDecision & {
  /** The token that the configuration carries. */
  tokenId: string;
  /** Whether it was made for this answer, so that no other answer has the same bytes. */
  isNewToken: boolean;
};

export interface ConfigurationFetch {
  facts: FetchFacts;
  finding: TokenFinding;
  address: string | null;
  /** Whether the request names another MAC beside the device's. */
  isContradictory?: boolean;
}

/** `decide` for a fetch. */
export function decideFetch(
  device: RequestedDevice,
  fetch: Pick<FetchCase, 'policy' | 'network' | 'address' | 'isContradictory'>,
  token: PresentedToken | null,
  now: Date,
): AccessDecision {
  const { policy, network, address, isContradictory } = fetch;
  return decide(device, policy, { token, network, source: sourceText(address), isContradictory }, now);
}

/**
 * Whether the phone that is kept back is the one that proved itself, after too long a silence: then
 * its window is shut until it is approved.
 */
export function isFallenSilent(
  decision: AccessDecision,
  { firstSyncedAt }: ProvisioningWindow,
  token: PresentedToken | null,
  now: Date,
): boolean {
  const isUnauthorized = decision.kind === 'minimal' && decision.reason === 'unauthorized';
  return isUnauthorized && firstSyncedAt !== null && token !== null && opensFull(token, now);
}
