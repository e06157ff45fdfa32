import type { Invitation } from '../caller.js';
import { SDP_TYPE } from '../responses.js';
import { within } from '../time-limit.js';

/** A PRACK that has not come by then is not waited for: somebody calls for help. */
const ACKNOWLEDGEMENT_MS = 2000;

/** A provisional response of the target, as far as the caller is concerned. */
export interface Progress {
  status: number;
  body: string;
  /** Whether the target sent it reliably (RFC 3262). */
  reliable: boolean;
}

/**
 * What a caller hears and sees of the targets until one has answered: ringing and early media, in
 * their order. Sent reliably where the caller demands it, and where the target did so and the
 * caller can; the next one then waits for the PRACK (RFC 3262 3), and so does the answer (RFC 3262
 * 5).
 */
export class CallerProgress {
  readonly #demands: boolean;
  readonly #supports: boolean;
  #last: Promise<void> = Promise.resolve();

  constructor(private readonly invitation: Invitation) {
    const has100rel = (name: string): boolean => /\b100rel\b/i.test(invitation.request.get(name) ?? '');
    this.#demands = has100rel('require');
    this.#supports = this.#demands || has100rel('supported');
  }

  pass(progress: Progress): void {
    if (progress.status === 100) return; // the caller had one of ours
    if (!this.#demands && !(progress.reliable && this.#supports)) return this.#send(progress);
    this.#last = this.#last.then(() => this.#sendReliably(progress));
  }

  /** Resolves when the caller may be answered. */
  settled(): Promise<void> {
    return this.#last;
  }

  #send(progress: Progress): void {
    const { response } = this.invitation;
    if (!response.finalResponseSent) response.send(known(progress.status), { ...content(progress.body) });
  }

  async #sendReliably({ status, body }: Progress): Promise<void> {
    const { response, cancelled } = this.invitation;
    if (response.finalResponseSent || cancelled.aborted) return;
    const { body: sdp, headers } = content(body);
    const acknowledged = new Promise<void>((resolve) => {
      const options = { ...(sdp !== undefined && { body: sdp }), headers: { ...headers, Require: '100rel' } };
      const onSent = (error: unknown): void => {
        if (error) resolve();
      };
      response.send(known(status), options, onSent, resolve);
    });
    // the call is answered all the same
    await within(ACKNOWLEDGEMENT_MS, 'PRACK', acknowledged).catch(() => undefined);
  }
}

function content(body: string): { body?: string; headers: Record<string, string> } {
  return body === '' ? { headers: {} } : { body, headers: { 'Content-Type': SDP_TYPE } };
}

/**
 * drachtio-srf sends no status that it has no words for. Any other says that there is progress (RFC
 * 3261, section 8.1.3.2).
 */
function known(status: number): number {
  return [180, 181, 182, 183].includes(status) ? status : 183;
}
