import type { Logger } from 'pino';
import { connectDialogs } from './connected-dialogs.js';
import type { Invitation } from './invitation.js';
import { ALLOWED_METHODS, SDP_TYPE } from './responses.js';
import type { LegProgress } from './sip-server.js';
import { errorText, failureStatus, type Dialog, type SentRequest } from './sip-messages.js';
import { escapeUser } from './sip-uri.js';

/** A target that shows no sign of life for so long is given up, if there is another. */
const SIGN_OF_LIFE_MS = 6000;

export type TargetOutcome =
  { kind: 'connected' } | { kind: 'cancelled' } | { kind: 'failed'; status: number | null; reason: string };

export interface TargetCall {
  /** The URI to call. */
  target: string;
  /** Who is to be seen as the caller: a number or a SIP URI; null for the caller's own user. */
  identity: string | null;
  isLast: boolean;
}

/**
 * Calls one target with the caller's own offer and, when it answers, the caller with its answer. Made of the two legs and not of
 * drachtio-srf's createB2BUA, because that answers the caller 500 when a target cannot even be sent to, and then there is no next one.
 */
export async function callTarget(
  invitation: Invitation,
  call: TargetCall,
  log: Logger,
): Promise<TargetOutcome> {
  const { request, cancelled } = invitation;
  const attempt = new TargetAttempt(invitation, call);
  const giveUp = (): void => attempt.cancel();
  cancelled.addEventListener('abort', giveUp, { once: true });
  try {
    const leg = { uri: call.target, headers: legHeaders(invitation, call) };
    const offer = request.body ?? '';
    const ringing = offer === '' ? attempt.callForOffer(leg) : attempt.call({ ...leg, localSdp: offer });
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
  #silence: NodeJS.Timeout | undefined;
  #silent = new AbortController();

  constructor(
    private readonly invitation: Invitation,
    private readonly target: TargetCall,
  ) {}

  onSent(request: SentRequest): void {
    this.#sent = request;
    if (this.#cancelled) this.cancel();
  }

  /** Ringing and early media go on to the caller. */
  onProvisional(response: { status: number; body: string | undefined }): void {
    clearTimeout(this.#silence);
    const toCaller = this.invitation.response;
    if (response.status === 100 || this.#cancelled || toCaller.finalResponseSent) return;
    const body = response.body ?? '';
    toCaller.send(response.status, body === '' ? {} : { body, headers: { 'Content-Type': SDP_TYPE } });
  }

  /** Takes the call back; should it be answered all the same, it is ended then. */
  cancel(): void {
    this.#cancelled = true;
    this.#sent?.cancel({}, () => undefined); // what comes of it is seen in the response to the INVITE
  }

  async call(leg: {
    uri: string;
    headers: Record<string, string>;
    localSdp: string;
  }): Promise<() => Promise<void>> {
    const callee = await this.invitation.server.call(leg, this);
    return this.#answerWith(callee.remote.sdp ?? '', callee, (caller) => connectDialogs(caller, callee));
  }

  /** The caller made no offer: the target's goes to him, and his answer, in his ACK, to the target. */
  async callForOffer(leg: { uri: string; headers: Record<string, string> }): Promise<() => Promise<void>> {
    const callee = await this.invitation.server.callForOffer(leg, this);
    return this.#answerWith(callee.sdp, callee, (caller) =>
      caller.once('ack', (ack) => {
        const joining = callee.ack(ack.body ?? '').then((other) => connectDialogs(caller, other));
        joining.catch(() => caller.destroy().catch(() => undefined)); // the target is unusable, the caller is told so
      }),
    );
  }

  async outcome(ringing: Promise<() => Promise<void>>, log: Logger): Promise<TargetOutcome> {
    const silent = new Promise<'silent'>((resolve) =>
      this.#silent.signal.addEventListener('abort', () => resolve('silent')),
    );
    if (!this.target.isLast) this.#silence = setTimeout(() => this.#silent.abort(), SIGN_OF_LIFE_MS);
    try {
      const answer = await Promise.race([ringing, silent]);
      if (answer !== 'silent') {
        await answer();
        return { kind: 'connected' };
      }
    } finally {
      clearTimeout(this.#silence);
    }
    this.cancel();
    ringing.then(
      (answer) =>
        answer().catch((error: unknown) => log.debug({ reason: errorText(error) }, 'late target ended')),
      () => undefined, // given up anyway
    );
    return { kind: 'failed', status: 408, reason: 'no sign of life' };
  }

  /** What to do once the target has answered: answer the caller, unless this attempt is no longer wanted. */
  #answerWith(
    sdp: string,
    callee: { destroy(): Promise<unknown> },
    connect: (caller: Dialog) => void,
  ): () => Promise<void> {
    return async () => {
      const { server, request, response } = this.invitation;
      try {
        if (this.#cancelled) throw new Error('cancelled');
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

function legHeaders(
  { request, caller }: Invitation,
  { target, identity }: TargetCall,
): Record<string, string> {
  const shown = identity ?? caller.user ?? 'anonymous';
  // drachtio puts its own address in the place of localhost
  const from = /^(sips?|tel):[^\s<>]+$/i.test(shown) ? shown : `sip:${escapeUser(shown)}@localhost`;
  const contentType = request.get('content-type');
  return {
    From: `<${from}>`,
    To: `<${target}>`,
    'P-Asserted-Identity': `<${from}>`,
    'Max-Forwards': String(Number(request.get('max-forwards') ?? 70) - 1),
    ...(contentType === undefined ? {} : { 'Content-Type': contentType }),
  };
}
