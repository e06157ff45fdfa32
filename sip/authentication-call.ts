import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import type { Logger } from 'pino';
import type { AttemptVerdict, CallEnd, CallOpened } from '../src/contract/messages.js';
import { CallLimits } from './admission/call-limits.js';
import { dialledKind, type Invitation } from './caller.js';
import { answerCaller, hangUp } from './answered-call.js';
import type { InternalClient } from './internal-client.js';
import { Announcer } from './ivr/announcer.js';
import { converse } from './ivr/conversation.js';
import { Dialogue } from './ivr/dialogue.js';
import { Keypad } from './ivr/keypad.js';
import type { Prompts } from './ivr/prompts.js';
import type { MediaEndpoint } from './media/media-endpoint.js';
import { STAND_IN_OFFER } from './media/late-offer.js';
import { withMediaNowhere } from './media/media-address.js';
import { readOffer, type Offer } from './media/offer.js';
import { SDP_TYPE, send, sendUnavailable } from './responses.js';
import { errorText } from './sip-messages.js';
import { firstOf, within } from './time-limit.js';

/** However a caller goes on, a call is over then. */
const CALL_LIMIT_MS = 180_000;
/**
 * How long calls that were hung up may take to say so to the internal app when the process is to
 * end.
 */
const LAST_REPORTS_MS = 5000;

/** A call that has an endpoint. */
interface Call {
  invitation: Invitation;
  user: string;
  offer: Offer;
  endpoint: MediaEndpoint;
  /** Ours: a Call-ID is the caller's to choose. */
  callId: string;
  log: Logger;
}

/** Calls to the authentication service, from the offer to the BYE. */
export class AuthenticationCalls {
  readonly #inHand = new Set<Promise<void>>();
  readonly #hangUp = new AbortController();
  readonly #limits: CallLimits;
  #closed = false;

  /** @param places of the media servers; null while it is not known. */
  constructor(
    private readonly internal: InternalClient,
    private readonly prompts: Prompts,
    private readonly log: Logger,
    places: () => number | null,
  ) {
    this.#limits = new CallLimits(places);
    setMaxListeners(0, this.#hangUp.signal); // every call listens
  }

  /** Calls in hand. */
  get size(): number {
    return this.#inHand.size;
  }

  /** Takes the call of an authenticated caller. */
  async take(invitation: Invitation, user: string): Promise<void> {
    const leave = this.#closed ? null : this.#limits.enter(user, invitation.caller.source.address);
    if (leave === null) return sendUnavailable(invitation.response);
    const call = this.#take(invitation, user);
    this.#inHand.add(call);
    try {
      await call;
    } finally {
      leave();
      this.#inHand.delete(call);
    }
  }

  /**
   * Takes no more calls; those in hand have this long to end by themselves, then they are hung up.
   */
  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    const timer = setTimeout(() => this.#hangUp.abort(), graceMs);
    try {
      await within(graceMs + LAST_REPORTS_MS, 'end of all calls', Promise.allSettled(this.#inHand));
    } catch (error) {
      this.log.warn({ reason: errorText(error) }, 'calls are left as they are');
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * First the endpoint, then the answer: a caller who is answered can be spoken to, one who has
   * gone leaves nothing behind.
   */
  async #take(invitation: Invitation, user: string): Promise<void> {
    const { request, response, cancelled } = invitation;
    const log = this.log.child({ call: request.get('call-id'), user });
    const offer = readOffer(request);
    if (offer.kind === 'unsupported-type') return send(response, 415, { Accept: SDP_TYPE });
    if (offer.kind === 'no-audio') return send(response, 488);

    const unheard = offer.kind === 'sdp' ? withMediaNowhere(offer.sdp) : STAND_IN_OFFER;
    const made = await invitation.media.createEndpoint(unheard, cancelled);
    if (made.kind === 'left') return send(response, 487);
    if (made.kind === 'not-acceptable') return send(response, 488);
    if (made.kind === 'unavailable') {
      log.error({ reason: made.reason }, 'no media for a call');
      return sendUnavailable(response);
    }
    const { endpoint } = made;
    try {
      await this.#serve({ invitation, user, offer, endpoint, callId: randomUUID(), log });
    } finally {
      if (cancelled.aborted) send(response, 487);
      else sendUnavailable(response); // only if nothing else has been said
      await endpoint.destroy();
    }
  }

  /** What is opened is closed, however the call goes. */
  async #serve(call: Call): Promise<void> {
    const { user, callId, log } = call;
    const startedAt = performance.now();
    const opened = await this.#open(call);
    if (opened === null) return;
    let outcome: CallEnd['outcome'] = 'error';
    try {
      outcome = await this.#talk(call, opened);
    } finally {
      const seconds = Math.round((performance.now() - startedAt) / 1000);
      log.info({ outcome, seconds }, 'call ended');
      await this.internal.endCall(callId, { user, outcome, seconds }).catch((error: unknown) => {
        log.error({ reason: errorText(error) }, 'the end of a call cannot be reported');
      });
    }
  }

  /** null: the caller has been told that it is not possible. */
  async #open({ invitation, user, callId, log }: Call): Promise<CallOpened | null> {
    const { caller, response } = invitation;
    try {
      const dialled = dialledKind(caller.dialled);
      const opened = await this.internal.openCall({ callId, user, dialled, source: caller.source });
      if (opened === null) send(response, 403); // revoked in between
      return opened;
    } catch (error) {
      log.error({ reason: errorText(error) }, 'a call cannot be opened');
      sendUnavailable(response);
      return null;
    }
  }

  async #talk(call: Call, opened: CallOpened): Promise<CallEnd['outcome']> {
    const { invitation, offer, endpoint, log } = call;
    if (invitation.cancelled.aborted || endpoint.gone.aborted) return 'abandoned';
    const keypad = new Keypad();
    endpoint.onDigit((key, source, lasted) => keypad.press(key, source, lasted));
    const wanted = offer.kind === 'sdp' ? offer.sdp : null;
    const answered = await answerCaller(invitation, endpoint, wanted, keypad, log);
    if (answered === null) return 'abandoned';
    answered.gone.addEventListener('abort', () => void endpoint.destroy(), { once: true });
    const over = firstOf([answered.gone, this.#hangUp.signal], CALL_LIMIT_MS);
    try {
      if (offer.kind === 'sdp' && !offer.hasTelephoneEvent) await endpoint.listenForTones();
      return await converse({
        dialogue: new Dialogue(opened, invitation.caller.dialled),
        announcer: new Announcer(endpoint, this.prompts, this.prompts.choose(opened.languages), log),
        keypad,
        attempt: (digits) => this.#attempt(call, digits),
        listenForTones: () => endpoint.listenForTones(),
        over: over.signal,
      });
    } finally {
      over.release();
      await hangUp(answered, invitation, log);
      answered.release();
      void endpoint.destroy();
    }
  }

  async #attempt({ invitation, user, callId, log }: Call, digits: string): Promise<AttemptVerdict | null> {
    try {
      return await this.internal.attempt(callId, { user, digits, source: invitation.caller.source });
    } catch (error) {
      log.error({ reason: errorText(error) }, 'no verdict');
      return null;
    }
  }
}
