import { sqlStateOf } from './transactions.js';

/**
 * The database cannot do what it is asked at the moment: it is away, hangs, is full or refuses to
 * write. Not the fault of what was asked.
 */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';

  constructor(cause: unknown) {
    super('the database is unavailable', { cause });
  }
}

/**
 * Connection exceptions, insufficient resources (a full disk, too many connections), operator
 * intervention (a shutdown, a start, a statement that took too long) and system errors: PostgreSQL,
 * appendix A. 25006: it only reads, as a standby does.
 */
const UNAVAILABLE_STATES = /^(?:08|53|57|58)...$|^25006$/;

/**
 * What the system says of connections, and names (errno(3), getaddrinfo(3)); a full disk says it of
 * the embedded database.
 */
const UNAVAILABLE_ERRNOS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOSPC',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

/** What the driver says of them, which has no codes. */
const DRIVER_WORDS = /^Connection terminated|^timeout exceeded when trying to connect|not queryable$/;

/** The same error, or that the database is unavailable where that is what it means. */
export function asUnavailable(error: unknown): unknown {
  const code = sqlStateOf(error);
  const isUnavailable =
    UNAVAILABLE_STATES.test(code) ||
    UNAVAILABLE_ERRNOS.has(code) ||
    (error instanceof Error && DRIVER_WORDS.test(error.message));
  return isUnavailable ? new DatabaseUnavailable(error) : error;
}
