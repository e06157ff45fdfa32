import { FRAME_MS } from '../../../telephony/media/format.js';
import type { Channel } from '../channel.js';
import type { Frame } from './application.js';

export interface Collected {
  readonly status: 'success' | 'timeout' | 'failed';
  readonly digits: string;
  readonly terminator: string | undefined;
}

export interface CollectLimits {
  readonly max: number;
  readonly terminators: string;
  /** Until the first digit of this collection, from now. Milliseconds. */
  readonly firstTimeout: number;
  /** From digit to digit. Milliseconds. */
  readonly digitTimeout: number;
}

/**
 * Collects digits behind those there are, until a terminator, `max` digits or silence. What comes
 * after the last one wanted stays in the queue, its terminator included.
 */
export function* collectDigits(
  channel: Channel,
  begun: string,
  limits: CollectLimits,
): Generator<Frame, Collected> {
  const { max, terminators, digitTimeout } = limits;
  for (const [index, digit] of begun.split('').entries()) {
    if (terminators.includes(digit))
      return { status: 'success', digits: begun.slice(0, index), terminator: digit };
  }
  let digits = begun;
  let timeout = limits.firstTimeout;
  let since = channel.ticks;
  while (channel.ready) {
    if ((channel.ticks - since) * FRAME_MS >= timeout)
      return { status: 'timeout', digits, terminator: undefined };
    for (let taken = channel.digits.take(); taken !== undefined; taken = channel.digits.take()) {
      timeout = digitTimeout;
      since = channel.ticks;
      if (terminators.includes(taken.digit)) return { status: 'success', digits, terminator: taken.digit };
      digits += taken.digit;
      if (digits.length >= max) return { status: 'success', digits, terminator: undefined };
    }
    yield undefined;
  }
  return { status: 'failed', digits, terminator: undefined };
}
