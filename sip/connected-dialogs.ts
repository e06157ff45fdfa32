import { reinvite, reinviteForOffer } from './reinvite.js';
import { SDP_TYPE } from './responses.js';
import { failureStatus, type Dialog, type SipRequest, type SipResponse } from './sip-messages.js';

/** Makes two dialogs one call: a BYE of one ends the other, re-INVITE and INFO go through. */
export function connectDialogs(left: Dialog, right: Dialog): void {
  connect(left, right);
  connect(right, left);
}

function end(dialog: Dialog): void {
  if (dialog.connected) dialog.destroy().catch(() => undefined); // the other side has gone at the same time, or cannot be reached
}

function connect(from: Dialog, to: Dialog): void {
  if (!from.connected) end(to); // it has hung up before anybody listened
  from.on('destroy', () => end(to));
  from.on('modify', (request, response) => void modify(request, response, from, to));
  from.on('info', (request, response) => void passInfo(request, response, to));
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

async function passInfo(request: SipRequest, response: SipResponse, to: Dialog): Promise<void> {
  try {
    const contentType = request.get('content-type');
    const answer = await to.request({
      method: 'INFO',
      headers: contentType === undefined ? {} : { 'Content-Type': contentType },
      body: request.body ?? '',
    });
    response.send(answer.status);
  } catch {
    response.send(481);
  }
}
