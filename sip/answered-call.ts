import { randomInt } from 'node:crypto';
import type { Logger } from 'pino';
import type { Source } from '../src/contract/messages.js';
import { isFromHost, signallingSource, type Invitation } from './caller.js';
import { INFO_TYPES, readInfo } from './ivr/info-digit.js';
import type { Keypad } from './ivr/keypad.js';
import { answerAsOffer, offerToCaller } from './media/late-offer.js';
import { hasTelephoneEvent, withMediaAtSource } from './media/media-address.js';
import type { MediaEndpoint } from './media/media-endpoint.js';
import { ALLOWED_METHODS, SDP_TYPE, send } from './responses.js';
import { errorText, type Dialog, type SipRequest, type SipResponse } from './sip-messages.js';
import { firstOf, unlessAborted, within } from './time-limit.js';

/**
 * The answer is repeated after 0.5, 1.5, 3.5 and 7.5 s; a phone that acknowledges none of these has
 * not heard it.
 */
const ACK_LIMIT_MS = 10_000;
const BYE_LIMIT_MS = 5000;

/** The caller's side of a call that has been answered. */
export interface AnsweredCall {
  dialog: Dialog;
  /** Aborted when the caller has hung up, or when one of the two sides is lost. */
  gone: AbortSignal;
  /** Aborted when the SIP server that has the dialog is lost; it may be back since. */
  lost: AbortSignal;
  /** To be called when the call is over. */
  release: () => void;
}

/**
 * Answers the caller with the endpoint's SDP, and connects the caller's audio to it. Until the ACK
 * has come from the address of the INVITE, the media server sends nothing: a sender with a forged
 * address never sees the answer that is to be acknowledged. null: the caller had hung up, has not
 * acknowledged, or (late offer) sent an answer that did not fit; then only the endpoint is left to
 * clean up.
 *
 * @param offer with the media at the caller's address; null: the INVITE had none, and the answer
 *   comes with the ACK.
 */
export async function answerCaller(
  invitation: Invitation,
  endpoint: MediaEndpoint,
  offer: string | null,
  keypad: Keypad,
  log: Logger,
): Promise<AnsweredCall | null> {
  const { request, response, server, caller } = invitation;
  const hungUp = new AbortController();
  let acknowledge: ((ack: SipRequest) => void) | undefined;
  const acknowledged = new Promise<SipRequest>((resolve) => (acknowledge = resolve));
  const headers = { Allow: ALLOWED_METHODS };
  const description = offer === null ? offerToCaller(endpoint.localSdp) : endpoint.localSdp;
  if (description === null) {
    send(response, 488);
    return null;
  }
  const ours = new LocalDescription();
  const localSdp = ours.tell(description);
  const { lost } = server;
  let dialog: Dialog;
  try {
    dialog = await server.answer(request, response, { localSdp, headers }, (fresh) => {
      const negotiation = { dialog: fresh, endpoint, ours, source: caller.source, log };
      fresh.on('destroy', () => hungUp.abort());
      fresh.on('ack', (ack) => {
        if (isFromHost(ack, caller.source)) acknowledge?.(ack);
        else log.info({ address: ack.source_address }, 'an ACK from another address does not count');
      });
      fresh.on('info', (info, answer) => takeInfo(info, answer, keypad));
      fresh.on('modify', (reinvite, answer) => {
        void renegotiate(negotiation, reinvite, answer);
      });
      fresh.on('update', (update, answer) => {
        if ((update.body ?? '') === '') answer.send(200);
        else void renegotiate(negotiation, update, answer);
      });
    });
  } catch (error) {
    log.debug({ reason: errorText(error) }, 'the caller has gone before the answer');
    return null;
  }
  const over = firstOf([hungUp.signal, endpoint.gone, lost]);
  const answered = { dialog, gone: over.signal, lost, release: over.release };
  try {
    const ack = await within(ACK_LIMIT_MS, 'ACK', unlessAborted(over.signal, acknowledged));
    if (ack === undefined) throw new Error('the call is over');
    if (offer === null) await takeAnswer(endpoint, ack);
    else await endpoint.renegotiate(offer);
    return answered;
  } catch (error) {
    log.info({ reason: errorText(error) }, 'no media with a caller');
    await hangUp(answered, invitation, log);
    over.release();
    return null;
  }
}

/** BYE, unless the caller was faster; where the SIP server was lost, when it is back. */
export async function hangUp(
  { dialog, gone, lost }: AnsweredCall,
  { server, caller }: Invitation,
  log: Logger,
): Promise<void> {
  if (!dialog.connected) return;
  const ending = dialog.destroy();
  ending.catch(() => {
    if (lost.aborted) server.belatedByes.add(dialog, caller.source);
  });
  try {
    await within(BYE_LIMIT_MS, 'answer to BYE', unlessAborted(gone, ending));
  } catch (error) {
    log.debug({ reason: errorText(error) }, 'BYE not answered');
  }
}

/**
 * A key that comes as SIP INFO; a body that cannot be read is refused, so that its phone may try
 * another way. FreeSWITCH never sees it: it comes on the caller's dialog, not on the media
 * server's.
 */
function takeInfo(info: SipRequest, answer: SipResponse, keypad: Keypad): void {
  const read = readInfo(info.get('content-type'), info.body);
  if (read.kind === 'unsupported') return answer.send(415, { headers: { Accept: INFO_TYPES } });
  if (read.kind === 'keys') for (const key of read.keys) keypad.press(key, 'info');
  answer.send(200);
}

interface Renegotiation {
  dialog: Dialog;
  endpoint: MediaEndpoint;
  ours: LocalDescription;
  /** Where the call comes from. */
  source: Source;
  log: Logger;
}

/**
 * A re-INVITE or UPDATE (hold, another port, another codec) goes on to the media server. A
 * re-INVITE without an offer gets what may be had from us, and its answer goes on when it comes.
 * From another address than the call's nothing is changed, and the call goes on as it was: the
 * digest has proved that one address, and no other is to be sent audio.
 */
async function renegotiate(
  { dialog, endpoint, ours, source, log }: Renegotiation,
  reinvite: SipRequest,
  answer: SipResponse,
): Promise<void> {
  const accept = (sdp: string): void =>
    answer.send(200, { body: ours.tell(sdp), headers: { 'Content-Type': SDP_TYPE } });
  if (!isFromHost(reinvite, source)) {
    log.info({ address: reinvite.source_address }, 'a change of media from another address is refused');
    return answer.send(488);
  }
  try {
    const offer = reinvite.body ?? '';
    if (offer !== '') {
      const sdp = await endpoint.renegotiate(withMediaAtSource(offer, source.address));
      if (!hasTelephoneEvent(offer)) void endpoint.listenForTones();
      return accept(sdp);
    }
    dialog.once('ack', (ack) => {
      if (!isFromHost(ack, source)) return;
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
async function takeAnswer(endpoint: MediaEndpoint, ack: SipRequest): Promise<void> {
  const { body = '' } = ack;
  if (body === '') throw new Error('no SDP in the ACK');
  await endpoint.renegotiate(withMediaAtSource(answerAsOffer(body), signallingSource(ack).address));
  if (!hasTelephoneEvent(body)) await endpoint.listenForTones();
}

/**
 * Our SDP in one call, whichever part wrote it: the origin stays the same, and its
 * version rises by one with every change.
 */
export class LocalDescription {
  readonly #session = randomInt(1, 2 ** 47);
  #version = 0;
  #told = '';

  /** An SDP with our origin (RFC 3264 8). */
  tell(sdp: string): string {
    const told = sdp.replace(/^o=\S+ \d+ \d+ /m, '');
    if (told !== this.#told) this.#version += 1;
    this.#told = told;
    return sdp.replace(/^o=\S+ \d+ \d+ /m, `o=dialgate ${this.#session} ${this.#version} `);
  }
}
