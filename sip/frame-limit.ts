import type { SipRequest } from './sip-messages.js';

/**
 * What drachtio-server takes from us in one message is limited, and one that is longer (12,228
 * bytes) hangs the connection with all its calls. Of what we send these parts come from others:
 * headers that are copied into every response, and an offer that goes on to another server.
 */
const MAX_COPIED_BYTES = 2500;
const MAX_BODY_BYTES = 7500;
/** A refusal has the copied headers and little else. */
const MAX_REFUSED_BYTES = 10_000;

/**
 * Milliseconds between two messages of many: drachtio-server drops the connection when they come in
 * bursts.
 */
export const SPACING_MS = 15;

/** `too-large` is to be refused; of what is `unanswerable`, even the refusal would be too long. */
export function sizeOf(request: SipRequest): 'usual' | 'too-large' | 'unanswerable' {
  const copied = ['from', 'to', 'call-id', 'cseq'].reduce(
    (sum, name) => sum + Buffer.byteLength(request.get(name) ?? ''),
    0,
  );
  if (copied > MAX_REFUSED_BYTES) return 'unanswerable';
  if (copied > MAX_COPIED_BYTES) return 'too-large';
  return Buffer.byteLength(request.body ?? '') > MAX_BODY_BYTES ? 'too-large' : 'usual';
}
