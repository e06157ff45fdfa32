/**
 * Which final response a proxy passes back when no branch has succeeded (RFC 3261 16.7 step 6).
 */

/** Statuses that tell the caller what to change; they are worth more than other 4xx. */
const INSTRUCTIVE: ReadonlySet<number> = new Set([401, 407, 415, 420, 484]);

/** The best of several final responses; undefined when there is none. */
export function bestResponse<R extends { readonly status: number }>(responses: readonly R[]): R | undefined {
  return responses.toSorted((a, b) => rank(a.status) - rank(b.status))[0];
}

/**
 * 6xx settles the matter for everybody; else the lowest class, in it the instructive ones; 503 is
 * this hop's own trouble, so it comes last.
 */
function rank(status: number): number {
  if (status >= 600) return 0;
  if (INSTRUCTIVE.has(status)) return 400;
  return status === 503 ? 599 : Math.floor(status / 100) * 100 + 50;
}
