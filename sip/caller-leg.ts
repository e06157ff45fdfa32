import type { Logger } from 'pino';
import type { Invitation } from './invitation.js';
import { infoDigit } from './ivr/info-digit.js';
import type { Keypad } from './ivr/keypad.js';
import { answerAsOffer, offerToCaller } from './media/late-offer.js';
import { LocalDescription } from './media/local-description.js';
import { hasTelephoneEvent, withMediaAtSource } from './media/media-address.js';
import type { MediaEndpoint } from './media/media-endpoint.js';
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
  const description = lateOffer ? offerToCaller(endpoint.localSdp) : endpoint.localSdp;
  if (description === null) {
    send(response, 488);
    return null;
  }
  const ours = new LocalDescription();
  const localSdp = ours.tell(description);
  let dialog: Dialog;
  try {
    dialog = await server.answer(request, response, { localSdp, headers }, (fresh) => {
      fresh.on('destroy', () => hungUp.abort());
      fresh.on('info', (info, answer) => takeInfo(info, answer, keypad));
      fresh.on('modify', (reinvite, answer) => {
        void renegotiate({ dialog: fresh, endpoint, ours, log }, reinvite, answer);
      });
      fresh.on('update', (update, answer) => {
        if ((update.body ?? '') === '') answer.send(200);
        else void renegotiate({ dialog: fresh, endpoint, ours, log }, update, answer);
      });
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
    if (ack === undefined) throw new Error('the call is over');
    await takeAnswer(endpoint, ack);
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

interface Renegotiation {
  dialog: Dialog;
  endpoint: MediaEndpoint;
  ours: LocalDescription;
  log: Logger;
}

/**
 * A re-INVITE or UPDATE (hold, another address, another codec) goes on to the media server. A re-INVITE without an offer gets what may be had from us, and
 * its answer goes on when it comes.
 */
async function renegotiate(
  { dialog, endpoint, ours, log }: Renegotiation,
  reinvite: SipRequest,
  answer: SipResponse,
): Promise<void> {
  const accept = (sdp: string): void =>
    answer.send(200, { body: ours.tell(sdp), headers: { 'Content-Type': SDP_TYPE } });
  try {
    const offer = reinvite.body ?? '';
    if (offer !== '') {
      const sdp = await endpoint.renegotiate(withMediaAtSource(offer, reinvite.source_address));
      if (!hasTelephoneEvent(offer)) void endpoint.listenForTones();
      return accept(sdp);
    }
    dialog.once('ack', (ack) => {
      takeAnswer(endpoint, ack).catch((error: unknown) => {
        log.info(
          { reason: errorText(error) },
          'the answer to an offer in a call is not taken: media stay as they were',
        );
      });
    });
    accept(offerToCaller(endpoint.localSdp) ?? endpoint.localSdp);
  } catch (error) {
    log.info({ reason: errorText(error) }, 're-INVITE refused');
    answer.send(488);
  }
}

/** The answer to an offer of ours, in an ACK: only now is there anywhere to send sound to. */
async function takeAnswer(endpoint: MediaEndpoint, { body = '', source_address }: SipRequest): Promise<void> {
  if (body === '') throw new Error('no SDP in the ACK');
  await endpoint.renegotiate(withMediaAtSource(answerAsOffer(body), source_address));
  if (!hasTelephoneEvent(body)) await endpoint.listenForTones();
}
