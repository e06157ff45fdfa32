import { reinvite, reinviteForOffer } from './media/reinvite.js';
import { SDP_TYPE } from './responses.js';
import { failureStatus, type Dialog, type SipRequest, type SipResponse } from './sip-messages.js';

export type Side = 'left' | 'right';

export interface ConnectionOptions {
  /** Hears, once, which side has ended the call. */
  onEnd?: (side: Side) => void;
  /**
   * The SDP that a change from the left is passed on with; null: it is refused, and the call goes
   * on as it was.
   */
  fromLeft?: (request: SipRequest) => string | null;
}

type Passing = (request: SipRequest) => string | null;

/** How long the ACK to a re-INVITE may take that brings the answer to an offer. */
const ACK_LIMIT_MS = 30_000;

const asItIs: Passing = ({ body = '' }) => body;

/**
 * Makes two dialogs one call: a BYE of one ends the other; re-INVITE, UPDATE, INFO and MESSAGE go
 * through.
 */
export function connectDialogs(
  left: Dialog,
  right: Dialog,
  { onEnd = () => {}, fromLeft = asItIs }: ConnectionOptions = {},
): void {
  let isOver = false;
  const end = (side: Side, other: Dialog): void => {
    if (!isOver) onEnd(side);
    isOver = true;
    // it has gone at the same time, or cannot be reached
    if (other.connected) other.destroy().catch(() => undefined);
  };
  connect(left, right, fromLeft, () => end('left', right));
  connect(right, left, asItIs, () => end('right', left));
}

function connect(from: Dialog, to: Dialog, passing: Passing, end: () => void): void {
  if (!from.connected) end(); // it has hung up before anybody listened
  from.on('destroy', end);
  from.on('modify', (request, response) => void modify(request, response, { from, to, passing }));
  from.on('update', (request, response) => {
    const body = passing(request);
    if (body === null) response.send(488);
    else void pass(request, body, response, to);
  });
  for (const method of ['info', 'message'] as const) {
    from.on(method, (request, response) => void pass(request, request.body ?? '', response, to));
  }
  // drachtio-srf would answer 200 and do nothing
  from.on('refer', (_request, response) => response.send(405));
}

async function modify(
  request: SipRequest,
  response: SipResponse,
  { from, to, passing }: { from: Dialog; to: Dialog; passing: Passing },
): Promise<void> {
  const accept = (body: string): void => response.send(200, { body, headers: { 'Content-Type': SDP_TYPE } });
  try {
    const offer = passing(request);
    if (offer === null) return response.send(488);
    if (offer !== '') return accept(await reinvite(to, offer));
    const offered = await reinviteForOffer(to);
    // What the other side offered is acknowledged in any case; without an answer by an echo, which
    // changes nothing for the side that gave none.
    const limit = setTimeout(() => offered.ack(offered.sdp), ACK_LIMIT_MS).unref();
    from.once('ack', (ack) => {
      clearTimeout(limit);
      offered.ack(passing(ack) || offered.sdp);
    });
    accept(offered.sdp);
  } catch (error) {
    // The call goes on as it was. 491: both sides wanted to change it at once, and the one that
    // asked is to try again (RFC 3261 14.1).
    response.send(failureStatus(error) === 491 ? 491 : 488);
  }
}

/** Sends the same within the other dialog, and answers what that is answered. */
async function pass(request: SipRequest, body: string, response: SipResponse, to: Dialog): Promise<void> {
  const { method } = request;
  try {
    const answer = await to.request({ method, headers: typeOf(request), body });
    const content = answer.body ?? '';
    response.send(answer.status, content === '' ? {} : { body: content, headers: typeOf(answer) });
  } catch {
    response.send(481);
  }
}

function typeOf(message: Pick<SipRequest, 'get'>): Record<string, string> {
  const type = message.get('content-type');
  return type === undefined ? {} : { 'Content-Type': type };
}
