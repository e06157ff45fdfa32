import { addSeconds } from './time.js';

/** Why a phone is asked to fetch its configuration again. */
export const RESYNC_REASONS = [
  'authenticated',
  'failed',
  'blocked',
  'needed',
  'reset',
  'suspended',
  'resumed',
  'authorized',
  'network',
  'claimed',
  'autoprov',
  'lines',
  'requested',
] as const;
export type ResyncReason = (typeof RESYNC_REASONS)[number];

/**
 * How a phone is told: at the place where it registered here, or, for it is registered at its
 * operator's own registrar since it has its full configuration, through that.
 */
export const RESYNC_WAYS = ['registration', 'registrar'] as const;
export type ResyncWay = (typeof RESYNC_WAYS)[number];

/**
 * How far the last resync of a device has come. `answered` says nothing about the phone: a
 * registrar may answer and not pass it on.
 */
export const RESYNC_PROGRESS = ['due', 'sent', 'answered', 'failed', 'fetched'] as const;
export type ResyncProgress = (typeof RESYNC_PROGRESS)[number];

/**
 * Phones put a resync off, or drop it, while a line is busy; so it is sent one second after the
 * call. What made the phone's state change may also never report its end (the SIP application was
 * killed): then it is sent when a call must be over.
 */
export const AFTER_CALL_SECONDS = 1;
export const CALL_LIMIT_SECONDS = 30;

/** Seconds after the first NOTIFY at which it is sent again while the phone has not fetched. */
const RETRY_SECONDS = [10, 30, 60] as const;

/** How long after the last NOTIFY a phone may still come before it counts as not having come. */
const LAST_CHANCE_SECONDS = 30;

/**
 * No resync is due, and none was sent, so many seconds from now: where one seems to be, the clock
 * has stepped back since. It is due then, lest a phone wait for as long as the step was.
 */
export const FARTHEST_SECONDS = 120;

/**
 * When a resync that has been sent `sent` times since `firstSentAt` is due again; null when it is
 * given up.
 */
export function nextResyncAt(firstSentAt: Date, sent: number): Date | null {
  const after = RETRY_SECONDS[sent - 1];
  return after === undefined ? null : addSeconds(firstSentAt, after);
}

/**
 * Whether all that is ever sent of a resync has been sent: at the next time it is due, it is given
 * up.
 */
export function isLastResync(sent: number): boolean {
  return sent > RETRY_SECONDS.length;
}

/**
 * When a resync must be looked at again that has just been sent for the `sent`-th time: to send
 * or to give it up.
 */
export function resyncDueAfter(firstSentAt: Date, sent: number, now: Date): Date {
  return nextResyncAt(firstSentAt, sent) ?? addSeconds(now, LAST_CHANCE_SECONDS);
}
