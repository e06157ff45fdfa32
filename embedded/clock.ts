/**
 * Where the engines take the time of day from; timers for pacing and retransmission are not its
 * business.
 */
export interface Clock {
  now(): Date;
}
