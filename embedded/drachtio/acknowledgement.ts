/**
 * ACKs to 2xx responses. The application says when, because in a call without an offer the ACK
 * carries its answer; the server repeats it whenever the 2xx is repeated (RFC 3261 13.2.2.4). ACKs
 * to other responses are the transaction layer's.
 */
import { randomUUID } from 'node:crypto';
import { buildAck, type Dialog } from '../../telephony/sip/dialog.js';
import { parseCSeq, type SipRequest } from '../../telephony/sip/message.js';
import type { Destination } from '../../telephony/sip/flow.js';
import { contentTypeOf, type SketchedRequest } from './application-sip.js';
import type { ServerContext } from './context.js';
import type { DialogRecord } from './dialogs.js';
import { requestConfirmation, sentRequest } from './frames.js';
import { locatePeer } from './locate.js';
import { endCall, endStrayCall } from './own-bye.js';

/**
 * Sends the application's ACK. The message is only a sketch: its Request-URI and headers follow
 * from the dialog and the INVITE.
 */
export function sendAck(
  context: ServerContext,
  messageId: string,
  record: DialogRecord,
  sketch: SketchedRequest,
): void {
  const invite = record.unacknowledged;
  if (invite === undefined)
    return record.session.answer(messageId, 'NOK', 'Server error: no answered INVITE waits for an ACK');
  record.unacknowledged = undefined;
  const contentType = contentTypeOf(sketch);
  if (contentType.kind === 'detected') sketch.headers.set('Content-Type', contentType.type);
  const ack = buildAck(record.dialog, invite, { headers: sketch.headers, body: sketch.body });
  locatePeer(context, record, ([destination]) => {
    if (destination === undefined)
      return record.session.answer(messageId, 'NOK', 'Server error: unable to find route for ACK');
    const bytes = context.layer.sendAck(ack, destination);
    record.lastAck = { sequence: sequenceOf(invite), bytes, destination };
    const traced = sentRequest(bytes, destination, context.endpoint, context.clock.now());
    record.session.answer(messageId, 'OK', requestConfirmation(traced, randomUUID()));
    if (record.endAfterAck) endCall(context, record, 'ACK-BYE due to cancel race condition');
  });
}

/** Sends the ACK to this INVITE again; false when there was none yet. */
export function repeatAck(context: ServerContext, record: DialogRecord, invite: SipRequest): boolean {
  const last = record.lastAck;
  if (last === undefined || last.sequence !== sequenceOf(invite)) return false;
  context.layer.transport.send(last.bytes, last.destination);
  return true;
}

/** Acknowledges an answer that no application wants and ends that call at once. */
export function confirmStrayAnswer(
  context: ServerContext,
  dialog: Dialog,
  invite: SipRequest,
  destination: Destination,
): void {
  context.layer.sendAck(buildAck(dialog, invite), destination);
  endStrayCall(context, dialog, destination);
}

function sequenceOf(invite: SipRequest): number {
  return parseCSeq(invite.headers.get('CSeq'))?.sequence ?? 0;
}
