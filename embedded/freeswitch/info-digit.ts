import type { SipRequest } from '../../telephony/sip/message.js';
import { digitOf } from '../../telephony/media/telephone-event.js';
import { DEFAULT_DURATION } from './digit-queue.js';
import type { QueuedDigit } from './digit-queue.js';

/**
 * The digit in a SIP INFO: `application/dtmf-relay` ("Signal=5", "Duration=160", milliseconds) or
 * `application/dtmf`, whose body is an RFC 4733 event code: 10 for `*`, 11 for `#`. Like the real
 * one, it takes a `*` or `#` there for 0.
 */
export function readInfoDigit(request: SipRequest): QueuedDigit | undefined {
  const type = (request.headers.get('Content-Type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  const body = request.body.toString('latin1');
  if (type === 'application/dtmf') return toDigit(digitOf(Number.parseInt(body, 10) || 0), DEFAULT_DURATION);
  if (type !== 'application/dtmf-relay') return undefined;
  const signal = /^signal\s*=\s*([0-9]{1,2}|[*#A-D])/im.exec(body)?.[1];
  if (signal === undefined) return undefined;
  const ms = Number.parseInt(/^duration\s*=\s*(\d{1,6})/im.exec(body)?.[1] ?? '', 10);
  const digit = /^\d+$/.test(signal) ? digitOf(Number.parseInt(signal, 10)) : signal.toUpperCase();
  return toDigit(digit, ms > 0 ? ms * 8 : DEFAULT_DURATION);
}

function toDigit(digit: string | undefined, duration: number): QueuedDigit | undefined {
  return digit === undefined ? undefined : { digit, duration, source: 'ENDPOINT' };
}
