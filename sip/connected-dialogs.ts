import { reinvite, reinviteForOffer } from './media/reinvite.js';
import { SDP_TYPE } from './responses.js';
import { failureStatus, type Dialog, type SipRequest, type SipResponse } from './sip-messages.js';

export type Side = 'left' | 'right';

/**
 * Makes two dialogs one call: a BYE of one ends the other; re-INVITE, UPDATE, INFO and MESSAGE go through. `onEnd` hears, once, which side has ended
 * it.
 */
export function connectDialogs(left: Dialog, right: Dialog, onEnd: (side: Side) => void = () => {}): void {
  let isOver = false;
  const end = (side: Side, other: Dialog): void => {
    if (!isOver) onEnd(side);
    isOver = true;
    if (other.connected) other.destroy().catch(() => undefined); // it has gone at the same time, or cannot be reached
  };
  connect(left, right, () => end('left', right));
  connect(right, left, () => end('right', left));
}

function connect(from: Dialog, to: Dialog, end: () => void): void {
  if (!from.connected) end(); // it has hung up before anybody listened
  from.on('destroy', end);
  from.on('modify', (request, response) => void modify(request, response, from, to));
  for (const method of ['update', 'info', 'message'] as const) {
    from.on(method, (request, response) => void pass(request, response, to));
  }
  from.on('refer', (_request, response) => response.send(405)); // drachtio-srf would say 200 and transfer nobody
}

async function modify(request: SipRequest, response: SipResponse, from: Dialog, to: Dialog): Promise<void> {
  const accept = (body: string): void => response.send(200, { body, headers: { 'Content-Type': SDP_TYPE } });
  try {
    const offer = request.body ?? '';
    if (offer !== '') return accept(await reinvite(to, offer));
    const offered = await reinviteForOffer(to);
    from.once('ack', (ack) => offered.ack(ack.body ?? ''));
    accept(offered.sdp);
  } catch (error) {
    // The call goes on as it was. 491: both sides wanted to change it at once, and whoever asked is to try again (RFC 3261, section 14.1).
    response.send(failureStatus(error) === 491 ? 491 : 488);
  }
}

/** Sends the same within the other dialog, and answers what that is answered. */
async function pass(request: SipRequest, response: SipResponse, to: Dialog): Promise<void> {
  const { method, body = '' } = request;
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
