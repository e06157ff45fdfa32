import { type Authentication, rearm } from './authentication.js';
import type { Policy } from './policy.js';
import { type HeldToken, opensFull } from './token.js';

type Held = Pick<HeldToken, 'state' | 'releasedAt'>;

/**
 * What authentication remembers of a device once a release has lapsed. A success counts only while
 * a phone holds the token that it released: otherwise no phone has proved itself, and the PAP that
 * was retired cannot be keyed in again. So the device is needed again, with a fresh PAP. `tokens`
 * are those of the device. Answers the same object when nothing is to change.
 */
export function afterLapsedRelease(
  authentication: Authentication,
  tokens: readonly Held[],
  policy: Pick<Policy, 'papDigits' | 'papLifetimeSeconds'>,
  now: Date,
): Authentication {
  if (authentication.state !== 'successful') return authentication;
  if (tokens.some((token) => opensFull(token, now))) return authentication;
  return rearm(authentication, policy, now);
}
