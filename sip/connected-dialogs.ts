import { SDP_TYPE } from './responses.js';
import type { Dialog, SipRequest, SipResponse } from './sip-messages.js';

/** Makes two dialogs one call: a BYE of one ends the other, re-INVITE and INFO go through. */
export function connectDialogs(left: Dialog, right: Dialog): void {
  connect(left, right);
  connect(right, left);
}

function connect(from: Dialog, to: Dialog): void {
  from.on('destroy', () => {
    if (to.connected) to.destroy().catch(() => undefined); // the other side has gone at the same time, or cannot be reached
  });
  from.on('modify', (request, response) => void modify(request, response, to));
  from.on('info', (request, response) => void passInfo(request, response, to));
}

async function modify(request: SipRequest, response: SipResponse, to: Dialog): Promise<void> {
  try {
    const body = (await to.modify(request.body ?? '')) ?? '';
    response.send(200, { body, headers: { 'Content-Type': SDP_TYPE } });
  } catch {
    response.send(488); // the call goes on as it was
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
