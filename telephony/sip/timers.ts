/** The timer values of RFC 3261 17 and appendix A table 4, in milliseconds. */
export interface TransactionTimers {
  /**
   * Round-trip time estimate. Timers A, E and G start with it; B, F, H, L and M are 64 times it.
   */
  readonly t1: number;
  /** Largest interval between retransmissions of non-INVITE requests and INVITE responses. */
  readonly t2: number;
  /** How long a message may stay in the network: timers I and K. */
  readonly t4: number;
  /**
   * How long a client INVITE transaction absorbs repeated final responses over UDP: at least 32 s.
   */
  readonly timerD: number;
  /**
   * An INVITE without news for so long after a provisional response is cancelled (timer C, RFC 3261
   * 16.6, 16.8).
   */
  readonly timerC: number;
}

export const RFC_TIMERS: TransactionTimers = { t1: 500, t2: 4000, t4: 5000, timerD: 32_000, timerC: 180_000 };
