import type { Logger } from 'pino';
import { isFromHost, type Invitation } from '../caller.js';
import { isDescription, mediaOfCaller, offerOfCaller } from './caller-media.js';
import type { CallerProgress } from './caller-progress.js';
import { connectDialogs, type Side } from '../connected-dialogs.js';
import { emergencyHeaders, type Shown } from './emergency-headers.js';
import { ALLOWED_METHODS } from '../responses.js';
import { errorText, failureStatus, type Dialog, type SentRequest, type SipRequest } from '../sip-messages.js';
import type { LegProgress, OfferedLeg } from '../leg.js';
import { firstOf, unlessAborted, within } from '../time-limit.js';

/** A target that shows no sign of life for so long is given up, if there is another. */
const SIGN_OF_LIFE_MS = 6000;
/**
 * And so is one that has been trying for so long without anything ringing: telephone networks take
 * 11 s to get there in nearly all calls (ITU-T E.721, table 2). Once it rings somewhere, only the
 * caller gives up.
 */
const PROGRESS_MS = 15_000;
/**
 * How long an answered caller may take to acknowledge. Until then only the target's audio is on its
 * way, and it goes to an address that may be forged: so a caller who is not known and calls over
 * UDP has less time. The answer is repeated after 0.5, 1.5, 3.5 and 7.5 s.
 */
const ACK_LIMIT_MS = 30_000;
const UNPROVEN_ACK_LIMIT_MS = 8000;

export type TargetOutcome =
  { kind: 'connected' } | { kind: 'cancelled' } | { kind: 'failed'; status: number | null; reason: string };

export interface TargetCall {
  /** The URI to call. */
  target: string;
  /** As whom the caller is shown. */
  shown: Shown;
  isLast: boolean;
  progress: CallerProgress;
  /** Called when the two are connected; what it answers hears which side has ended the call. */
  onConnected: () => (side: Side) => void;
}

type Leg = { uri: string; headers: Record<string, string>; followRedirects: true };

/**
 * Calls one target with the caller's own offer and, when it answers, the caller with its answer.
 * Made of the two legs and not of drachtio-srf's createB2BUA, because that answers the caller 500
 * when a target cannot even be sent to, and then there is no next one.
 */
export async function callTarget(
  invitation: Invitation,
  call: TargetCall,
  log: Logger,
): Promise<TargetOutcome> {
  const { cancelled } = invitation;
  if (cancelled.aborted) return { kind: 'cancelled' };
  const attempt = new TargetAttempt(invitation, call);
  const giveUp = (): void => attempt.cancel();
  cancelled.addEventListener('abort', giveUp, { once: true });
  try {
    const offer = offerOfCaller(invitation, call.shown.isKnown);
    const headers = emergencyHeaders(invitation, { target: call.target, offer }, call.shown);
    const leg: Leg = { uri: call.target, headers, followRedirects: true };
    const ringing =
      offer.body === '' ? attempt.callForOffer(leg) : attempt.call({ ...leg, localSdp: offer.body });
    return await attempt.outcome(ringing, log);
  } catch (error) {
    if (cancelled.aborted) return { kind: 'cancelled' };
    return { kind: 'failed', status: failureStatus(error), reason: errorText(error) };
  } finally {
    cancelled.removeEventListener('abort', giveUp);
  }
}

/** One INVITE to one target, and how far it is. */
class TargetAttempt implements LegProgress {
  #sent: SentRequest | null = null;
  #cancelled = false;
  #limit: NodeJS.Timeout | undefined;
  readonly #slow = new AbortController();

  constructor(
    private readonly invitation: Invitation,
    private readonly target: TargetCall,
  ) {}

  onSent(request: SentRequest): void {
    this.#sent = request;
    if (this.#cancelled) this.cancel();
  }

  /** Ringing and early media go on to the caller. */
  onProvisional(response: { status: number; body: string | undefined; has(name: string): boolean }): void {
    const { status, body = '' } = response;
    clearTimeout(this.#limit);
    if (status === 100) this.#giveUpAfter(PROGRESS_MS);
    if (!this.#cancelled) this.target.progress.pass({ status, body, reliable: response.has('RSeq') });
  }

  /** Takes the call back; should it be answered all the same, it is ended then. */
  cancel(): void {
    this.#cancelled = true;
    // what comes of it is seen in the response to the INVITE
    this.#sent?.cancel({}, () => undefined);
  }

  async call(leg: Leg & { localSdp: string }): Promise<() => Promise<void>> {
    const callee = await this.invitation.server.call(leg, this);
    return this.#answerWith(callee.remote.sdp ?? '', callee, (caller) => {
      const onEnd = this.#connect(caller, callee);
      const unacknowledged = this.#acknowledgement(caller);
      unacknowledged.catch(() => {
        if (!caller.connected) return;
        onEnd('left');
        // it has gone, or its server
        for (const side of [caller, callee]) if (side.connected) side.destroy().catch(() => undefined);
      });
    });
  }

  /**
   * The caller made no offer: the target's goes to the caller, and the answer in the caller's ACK
   * to the target.
   */
  async callForOffer(leg: Leg): Promise<() => Promise<void>> {
    const callee = await this.invitation.server.callForOffer(leg, this);
    if (callee.kind === 'no-offer') {
      await callee.dialog.destroy().catch(() => undefined); // the next target is called
      throw new Error('the target made no offer');
    }
    return this.#answerWith(callee.sdp, callee, (caller) => void this.#join(caller, callee));
  }

  /**
   * Both legs end here if the caller does not acknowledge, or answers the target's offer with
   * something that is no answer.
   */
  async #join(caller: Dialog, callee: OfferedLeg): Promise<void> {
    let onEnd: ((side: Side) => void) | undefined;
    try {
      const { body = '' } = await this.#acknowledgement(caller);
      if (!isDescription(body)) throw new Error('no SDP in the ACK');
      const other = await callee.ack(this.#media(body));
      onEnd = this.#connect(caller, other);
    } catch {
      (onEnd ?? this.target.onConnected())('left');
      await Promise.allSettled([caller.connected ? caller.destroy() : undefined, callee.destroy()]);
    }
  }

  /**
   * The caller's ACK, from where the call comes. Rejects when it does not come in time, or the
   * caller hangs up instead.
   */
  async #acknowledgement(caller: Dialog): Promise<SipRequest> {
    const { source } = this.invitation.caller;
    const hungUp = new AbortController();
    const over = firstOf([hungUp.signal, this.invitation.server.lost]);
    caller.on('destroy', () => hungUp.abort());
    const acknowledged = new Promise<SipRequest>((resolve) =>
      caller.on('ack', (ack) => {
        if (isFromHost(ack, source)) resolve(ack);
      }),
    );
    try {
      const isProven = this.target.shown.isKnown || source.protocol !== 'udp';
      const limit = isProven ? ACK_LIMIT_MS : UNPROVEN_ACK_LIMIT_MS;
      const ack = await within(limit, 'ACK', unlessAborted(over.signal, acknowledged));
      if (ack === undefined) throw new Error('the call is over');
      return ack;
    } finally {
      over.release();
    }
  }

  #media(sdp: string): string {
    return mediaOfCaller(sdp, this.invitation.caller.source.address, this.target.shown.isKnown);
  }

  async outcome(ringing: Promise<() => Promise<void>>, log: Logger): Promise<TargetOutcome> {
    const slow = new Promise<'slow'>((resolve) =>
      this.#slow.signal.addEventListener('abort', () => resolve('slow')),
    );
    this.#giveUpAfter(SIGN_OF_LIFE_MS);
    try {
      const answer = await Promise.race([ringing, slow]);
      if (answer !== 'slow') {
        await answer();
        return { kind: 'connected' };
      }
    } finally {
      clearTimeout(this.#limit);
      this.#limit = undefined;
    }
    this.cancel();
    ringing.then(
      (answer) =>
        answer().catch((error: unknown) => log.debug({ reason: errorText(error) }, 'late target ended')),
      () => undefined, // given up anyway
    );
    return { kind: 'failed', status: 408, reason: 'no sign of life' };
  }

  /** The last target is given all the time that the caller has. */
  #giveUpAfter(milliseconds: number): void {
    if (!this.target.isLast) this.#limit = setTimeout(() => this.#slow.abort(), milliseconds);
  }

  #connect(caller: Dialog, callee: Dialog): (side: Side) => void {
    const { source } = this.invitation.caller;
    const onEnd = this.target.onConnected();
    connectDialogs(caller, callee, {
      onEnd,
      // From another address nothing is changed: it may be forged, and whose audio it asked for
      // would be sent there.
      fromLeft: (request) => (isFromHost(request, source) ? this.#media(request.body ?? '') : null),
    });
    return onEnd;
  }

  /**
   * What to do once the target has answered: answer the caller, unless this attempt is no longer
   * wanted.
   */
  #answerWith(
    sdp: string,
    callee: { destroy(): Promise<unknown> },
    connect: (caller: Dialog) => void,
  ): () => Promise<void> {
    return async () => {
      const { server, request, response } = this.invitation;
      try {
        if (this.#cancelled) throw new Error('cancelled');
        await this.target.progress.settled();
        await server.answer(
          request,
          response,
          { localSdp: sdp, headers: { Allow: ALLOWED_METHODS } },
          connect,
        );
      } catch (error) {
        await callee.destroy().catch(() => undefined); // the reason that counts is the first one
        throw error;
      }
    };
  }
}
