import { randomUUID } from 'node:crypto';

import { BRANCH_MAGIC } from './via.js';

// From UUIDs, because Node draws their random bits in advance: one branch for each request sent
// adds up.

/** A tag for From or To: 60 random bits (RFC 3261 19.3 asks for 32). */
export function newTag(): string {
  return randomUUID().slice(0, 18);
}

/** A branch parameter, unique in space and time (RFC 3261 8.1.1.7). */
export function newBranch(): string {
  return BRANCH_MAGIC + randomUUID();
}

/** A Call-ID (RFC 3261 8.1.1.4), without a host part, which would reveal our address. */
export function newCallId(): string {
  return randomUUID();
}
