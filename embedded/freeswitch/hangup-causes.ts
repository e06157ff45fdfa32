/**
 * Causes for which a channel ends here or by name from a client, with their numbers in ITU-T Q.850.
 */
const CAUSES = {
  UNSPECIFIED: 0,
  UNALLOCATED_NUMBER: 1,
  NO_ROUTE_DESTINATION: 3,
  NORMAL_CLEARING: 16,
  USER_BUSY: 17,
  NO_USER_RESPONSE: 18,
  NO_ANSWER: 19,
  CALL_REJECTED: 21,
  DESTINATION_OUT_OF_ORDER: 27,
  NORMAL_UNSPECIFIED: 31,
  NORMAL_CIRCUIT_CONGESTION: 34,
  NETWORK_OUT_OF_ORDER: 38,
  NORMAL_TEMPORARY_FAILURE: 41,
  RECOVERY_ON_TIMER_EXPIRE: 102,
  ORIGINATOR_CANCEL: 487,
  ALLOTTED_TIMEOUT: 602,
  MEDIA_TIMEOUT: 604,
  MANAGER_REQUEST: 503,
} as const;

export type HangupCause = keyof typeof CAUSES;

/** The cause of that name; an unknown one is normal clearing. */
export function hangupCause(name: string): HangupCause {
  const upper = name.trim().toUpperCase();
  return Object.hasOwn(CAUSES, upper) ? (upper as HangupCause) : 'NORMAL_CLEARING';
}

/**
 * The Reason header of a BYE (RFC 3326). Numbers above 127 are no Q.850 and go under their own
 * protocol name.
 */
export function reasonHeader(cause: HangupCause): string {
  const number = CAUSES[cause];
  return number < 128
    ? `Q.850;cause=${number};text="${cause}"`
    : `FreeSWITCH;cause=${number};text="${cause}"`;
}
