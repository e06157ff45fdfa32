/**
 * What the media server holds at a moment: tests and the bench look for leaks by it.
 */
export interface HeldMedia {
  readonly channels: number;
  readonly rtpPorts: number;
  /** SIP dialogs with clients. */
  readonly sessions: number;
  readonly transactions: number;
  /** Calls that are sent a packet every 20 ms. */
  readonly paced: number;
}
