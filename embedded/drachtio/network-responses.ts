/**
 * Responses from the network to requests that applications sent.
 */
import { createUacDialog, dialogId, noteResponse } from '../../telephony/sip/dialog.js';
import { targetOf, type Destination } from '../../telephony/sip/flow.js';
import type { SipRequest, SipResponse } from '../../telephony/sip/message.js';
import type { ResponseOrigin } from '../../telephony/sip/transaction.js';
import { confirmStrayAnswer, repeatAck } from './acknowledgement.js';
import type { ServerContext } from './context.js';
import type { DialogRecord } from './dialogs.js';
import { received, receivedInPlaceOfPeer, sipFrame, type TracedMessage } from './frames.js';
import type { OutgoingRequest } from './outgoing-requests.js';
import { pinnedFlow } from './pinning.js';

/** Everything about one response: to which request, from where. */
interface Answered {
  readonly outgoing: OutgoingRequest;
  /** The request as sent. */
  readonly request: SipRequest;
  readonly response: SipResponse;
  readonly origin: ResponseOrigin;
  readonly destination: Destination;
}

/**
 * Passes a response to the application that sent the request, and keeps the dialog it founds,
 * changes or ends.
 */
export function deliverResponse(
  context: ServerContext,
  outgoing: OutgoingRequest,
  request: SipRequest,
  response: SipResponse,
  origin: ResponseOrigin,
  destination: Destination,
): void {
  // 100 is for the transaction below; the real server does not pass it on either.
  if (response.status === 100) return;
  if (response.status >= 200) context.outgoing.remove(outgoing);
  const answered: Answered = { outgoing, request, response, origin, destination };
  const record = context.dialogs.get(outgoing.dialogId);
  const isInvite = request.method === 'INVITE';
  if (isInvite && isSuccess(response)) return deliverAnswer(context, answered);
  if (request.method === 'SUBSCRIBE' && isSuccess(response) && record === undefined) found(context, answered);
  else if (isInvite && response.status < 200 && response.headers.has('RSeq') && record === undefined)
    found(context, answered);
  else if (record !== undefined) note(context, record, answered);
  pass(context, answered);
}

/** A 2xx to an INVITE: a new call, a changed one, a repetition, or one too many. */
function deliverAnswer(context: ServerContext, answered: Answered): void {
  const { outgoing, request, response, destination } = answered;
  const dialog = createUacDialog(request, response);
  const record = outgoing.founded ?? context.dialogs.get(outgoing.dialogId);
  if (record !== undefined && (dialog === undefined || dialogId(dialog) === dialogId(record.dialog))) {
    // The 2xx again: its ACK was lost, or the application has not sent one yet.
    if (repeatAck(context, record, request)) return;
    if (record.unacknowledged === request) return;
    noteResponse(record.dialog, response);
    record.unacknowledged = request;
    record.endAfterAck ||= outgoing.cancelled;
    return pass(context, answered);
  }
  if (record?.dialog.state === 'confirmed' || !outgoing.session.open) {
    // A forked INVITE answered twice, or its application is gone: end it, as the other side cannot
    // know (RFC 3261 13.2.2.4).
    if (dialog !== undefined) confirmStrayAnswer(context, dialog, request, answerSource(answered));
    return;
  }
  if (dialog === undefined) {
    context.log('warn', 'answer without usable Contact', {
      method: request.method,
      destination: targetOf(destination).address,
    });
    return pass(context, answered);
  }
  // Another branch rang with a reliable response than the one that answers.
  if (record !== undefined) context.dialogs.remove(record);
  const fresh = found(context, answered);
  outgoing.founded = fresh;
  if (fresh !== undefined) {
    fresh.unacknowledged = request;
    fresh.endAfterAck = outgoing.cancelled;
  }
  pass(context, answered);
}

/** Keeps the dialog that a response founds. */
function found(
  context: ServerContext,
  { outgoing, request, response, origin }: Answered,
): DialogRecord | undefined {
  const dialog = createUacDialog(request, response);
  if (dialog === undefined || origin.kind === 'local') return undefined;
  const method = request.method === 'SUBSCRIBE' ? 'SUBSCRIBE' : 'INVITE';
  const { session, dialogId: id } = outgoing;
  return context.dialogs.add({ id, method, dialog, session, pinned: pinnedFlow(response, origin.flow) });
}

/**
 * A response inside a dialog: BYE ends it, and so does the last NOTIFY of a subscription; a failed
 * INVITE ends the early one.
 */
function note(context: ServerContext, record: DialogRecord, { request, response }: Answered): void {
  noteResponse(record.dialog, response);
  if (response.status < 200) return;
  const challenged = response.status === 401 || response.status === 407;
  const ended = request.method === 'BYE' || (record.method === 'SUBSCRIBE' && endsSubscription(request));
  const failedEarly = request.method === 'INVITE' && record.dialog.state === 'early' && !isSuccess(response);
  if ((ended && !challenged) || failedEarly) context.dialogs.remove(record);
}

/** A NOTIFY that says the subscription is over (RFC 6665 4.1.3). */
export function endsSubscription(request: SipRequest): boolean {
  return (
    request.method === 'NOTIFY' && /^\s*terminated/i.test(request.headers.get('Subscription-State') ?? '')
  );
}

function pass(context: ServerContext, answered: Answered): void {
  const { outgoing, request, response } = answered;
  const traced = trace(context, answered);
  outgoing.session.send(sipFrame(traced, outgoing.id, outgoing.dialogId));
  if (request.method !== 'INVITE') return;
  if (response.status === 200) context.details.start(traced, 'uac');
  else if (response.status >= 300)
    context.details.stop(traced, response.status === 487 ? 'call-canceled' : 'call-rejected');
}

function trace(context: ServerContext, { response, origin, destination }: Answered): TracedMessage {
  const at = context.clock.now();
  if (origin.kind === 'network') return received(response, origin.flow, origin.bytes.length, at);
  return receivedInPlaceOfPeer(response, targetOf(destination).protocol, at);
}

function answerSource({ origin, destination }: Answered): Destination {
  return origin.kind === 'network' ? origin.flow : destination;
}

function isSuccess(response: SipResponse): boolean {
  return response.status >= 200 && response.status < 300;
}
