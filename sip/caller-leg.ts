import type { Logger } from 'pino';
import type { Invitation } from './invitation.js';
import { infoDigit } from './ivr/info-digit.js';
import { offerToCaller } from './late-offer.js';
import type { Keypad } from './ivr/keypad.js';
import type { MediaEndpoint } from './media-endpoint.js';
import { ALLOWED_METHODS, SDP_TYPE, send } from './responses.js';
import { errorText, type Dialog, type SipRequest, type SipResponse } from './sip-messages.js';
import { firstOf, unlessAborted, within } from './time-limit.js';

const ACK_LIMIT_MS = 5000;

/** The caller's side of a call that has been answered. */
export interface Answered {
  dialog: Dialog;
  /** Aborted when the caller has hung up, or when one of the two sides is lost. */
  gone: AbortSignal;
  /** To be called when the call is over. */
  release: () => void;
}

/**
 * Answers the caller with the endpoint's SDP, and connects what he sends to it. null: he had gone, or (late offer) his answer did not
 * fit; the endpoint is then the only thing left to clean up.
 */
export async function answerCaller(
  { request, response, server }: Invitation,
  endpoint: MediaEndpoint,
  lateOffer: boolean,
  keypad: Keypad,
  log: Logger,
): Promise<Answered | null> {
  const hungUp = new AbortController();
  let acknowledged: Promise<SipRequest> | null = null;
  const headers = { Allow: ALLOWED_METHODS };
  const localSdp = lateOffer ? offerToCaller(endpoint.localSdp) : endpoint.localSdp;
  if (localSdp === null) {
    send(response, 488);
    return null;
  }
  let dialog: Dialog;
  try {
    dialog = await server.answer(request, response, { localSdp, headers }, (fresh) => {
      fresh.on('destroy', () => hungUp.abort());
      fresh.on('info', (info, answer) => takeInfo(info, answer, keypad));
      fresh.on('modify', (reinvite, answer) => void renegotiate(reinvite, answer, endpoint, log));
      if (lateOffer) acknowledged = new Promise((resolve) => fresh.once('ack', resolve));
    });
  } catch (error) {
    log.debug({ reason: errorText(error) }, 'the caller has gone before the answer');
    return null;
  }
  const over = firstOf([hungUp.signal, endpoint.gone, server.lost]);
  const answered = { dialog, gone: over.signal, release: over.release };
  if (acknowledged === null || (await takeLateAnswer(acknowledged, endpoint, answered, log))) return answered;
  over.release();
  return null;
}

/** In a call without an offer the caller's answer comes with his ACK, and only then is there anywhere to send sound to. */
async function takeLateAnswer(
  acknowledged: Promise<SipRequest>,
  endpoint: MediaEndpoint,
  { dialog, gone }: Answered,
  log: Logger,
): Promise<boolean> {
  try {
    const ack = await within(ACK_LIMIT_MS, 'ACK', unlessAborted(gone, acknowledged));
    if (ack?.body === undefined || ack.body === '') throw new Error('no SDP in the ACK');
    await endpoint.renegotiate(ack.body);
    return true;
  } catch (error) {
    log.info({ reason: errorText(error) }, 'no media with a caller who made no offer');
    if (dialog.connected)
      await within(ACK_LIMIT_MS, 'answer to BYE', dialog.destroy()).catch(() => undefined); // he has gone, or his server
    return false;
  }
}

/** A key that comes as SIP INFO. FreeSWITCH never sees it: it comes on the caller's dialog, not on the media server's. */
function takeInfo(info: SipRequest, answer: SipResponse, keypad: Keypad): void {
  const digit = infoDigit(info.get('content-type'), info.body);
  if (digit !== null) keypad.press(digit, 'info');
  answer.send(200);
}

/** A re-INVITE (hold, another address) goes on to the media server. */
async function renegotiate(
  reinvite: SipRequest,
  answer: SipResponse,
  endpoint: MediaEndpoint,
  log: Logger,
): Promise<void> {
  try {
    const offer = reinvite.body ?? '';
    const body = offer === '' ? endpoint.localSdp : await endpoint.renegotiate(offer);
    answer.send(200, { body, headers: { 'Content-Type': SDP_TYPE } });
  } catch (error) {
    log.info({ reason: errorText(error) }, 're-INVITE refused');
    answer.send(488);
  }
}
