/**
 * How many unproven and ended tokens a device has, and which make room. A stranger who knows a MAC
 * is issued tokens for it, so the places are divided among sources: a source first drops tokens of
 * its own, and a token whose phone is registered or in a call is dropped last. docs/security.md,
 * "Tokens that strangers are issued", has the argument.
 */
import { sourceText, subscriberText } from './prefix.js';
import type { Token } from './token.js';

/**
 * Unproven tokens of one device that were issued to one source (an IPv4 address, an IPv6 /64), and
 * to all together.
 */
export const MAX_UNPROVEN_PER_SOURCE = 8;
export const MAX_UNPROVEN_TOKENS = 64;

/**
 * Revoked and lapsed tokens of one device that are remembered: an emergency call may still be
 * routed by them.
 */
export const MAX_ENDED_TOKENS = 32;

/**
 * A registration protects its token for so long after it has expired: a phone that restarts, or a
 * network that is down, is back by then.
 */
export const REGISTRATION_GRACE_SECONDS = 3600;

/** A call protects its token for so long, if its end is never reported. */
export const CALL_PROTECTION_SECONDS = 3600;

/** A live token that is not proven. */
export type UnprovenToken = Pick<Token, 'id' | 'state' | 'issuedTo' | 'createdAt' | 'lastUsedAt' | 'used'> & {
  /** Its phone is registered, or was until a moment ago, or is in a call. */
  isProtected: boolean;
};

/**
 * Which tokens make room when one more is issued to `address`. Beyond the source's own bound,
 * tokens of that source. Beyond the device's bound, of the tokens without protection those of the
 * subscriber (IPv6: a /48) that has most of them; only where all are protected, those too. A
 * released token is never dropped: it is its phone's only way to the full configuration.
 */
export function tokensToDrop(unproven: readonly UnprovenToken[], address: string | null): string[] {
  const source = sourceText(address);
  const own = unproven.filter((token) => sourceText(token.issuedTo) === source);
  const dropped = own
    .filter(isDroppable)
    .toSorted(byWorth)
    .slice(0, Math.max(0, own.length + 1 - MAX_UNPROVEN_PER_SOURCE));
  const left = unproven.filter((token) => !dropped.includes(token));
  while (left.length + 1 > MAX_UNPROVEN_TOKENS) {
    const next = leastWorth(left.filter(isDroppable));
    if (next === null) break;
    left.splice(left.indexOf(next), 1);
    dropped.push(next);
  }
  return dropped.map(({ id }) => id);
}

function isDroppable({ state }: UnprovenToken): boolean {
  return state !== 'released';
}

/**
 * Of one source, the first is dropped first. Without protection: tokens that no phone came back
 * with, then the longest unused, so that a new phone has time to register. With protection: the
 * latest first, so that the phone that was there before all others stays, however many come after
 * it. A call counts no more than a registration: else calls of strangers would evict the phone
 * that waits.
 */
function byWorth(a: UnprovenToken, b: UnprovenToken): number {
  if (a.isProtected !== b.isProtected) return Number(a.isProtected) - Number(b.isProtected);
  return (a.isProtected ? 0 : Number(a.used) - Number(b.used)) || byAge(a, b);
}

/**
 * Among subscribers the longest unused goes first, whether a phone came back with it or not: a
 * phone that was reset has used the tokens that it has lost, and not yet the one that it needs.
 */
function byAge(a: UnprovenToken, b: UnprovenToken): number {
  return a.isProtected
    ? b.createdAt.getTime() - a.createdAt.getTime()
    : a.lastUsedAt.getTime() - b.lastUsedAt.getTime();
}

/**
 * Of the tokens without protection, or of all where there is none, one of the subscriber that has
 * most of them.
 */
function leastWorth(tokens: readonly UnprovenToken[]): UnprovenToken | null {
  const unprotected = tokens.filter(({ isProtected }) => !isProtected);
  const candidates = unprotected.length > 0 ? unprotected : tokens;
  const shares = countBy(candidates, ({ issuedTo }) => subscriberText(issuedTo) ?? '');
  const shareOf = ({ issuedTo }: UnprovenToken): number => shares.get(subscriberText(issuedTo) ?? '') ?? 0;
  return candidates.toSorted((a, b) => shareOf(b) - shareOf(a) || byAge(a, b))[0] ?? null;
}

/**
 * Which ended tokens are forgotten. Each subscriber keeps its latest before another keeps a second
 * one, so that the tokens of a stranger do not take the place of the one by which a phone's
 * emergency call is still routed.
 */
export function tokensToForget(
  ended: readonly Pick<Token, 'id' | 'issuedTo' | 'used' | 'lastUsedAt'>[],
): string[] {
  const places = new Map<string, number>();
  return ended
    .toSorted((a, b) => Number(b.used) - Number(a.used) || b.lastUsedAt.getTime() - a.lastUsedAt.getTime())
    .map((token) => {
      const subscriber = subscriberText(token.issuedTo) ?? '';
      const place = places.get(subscriber) ?? 0;
      places.set(subscriber, place + 1);
      return { token, place };
    })
    .toSorted((a, b) => a.place - b.place)
    .slice(MAX_ENDED_TOKENS)
    .map(({ token }) => token.id);
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
