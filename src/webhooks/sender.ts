import http, { type ClientRequest, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { TargetRefused, type WebhookTargets } from './targets.js';

/** From the look-up of the name to the status of the answer. */
const ANSWER_MS = 15_000;

/**
 * Nothing is made of what an answer says. So much of it, for so long, is waited for, that the
 * connection can be used again.
 */
const MAX_ANSWER_BYTES = 65_536;
const REST_MS = 1_000;

export interface Sent {
  /** null: there was no answer. */
  status: number | null;
  /** Why it was not delivered; null when it was. */
  error: string | null;
}

/**
 * Sends messages to one receiver, over connections that it keeps. Certificates are verified, no
 * redirect is followed, no proxy used.
 */
export class Sender {
  readonly #http: http.Agent;
  readonly #https: https.Agent;

  constructor(
    private readonly targets: WebhookTargets,
    private readonly answerMs = ANSWER_MS,
  ) {
    const options = { keepAlive: true, lookup: targets.lookup };
    this.#http = new http.Agent(options);
    this.#https = new https.Agent({ ...options, rejectUnauthorized: true });
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  /** Posts a message. Anything but an answer 2xx is a failure; never rejects. */
  async send(url: URL, headers: Record<string, string>, body: string, ending: AbortSignal): Promise<Sent> {
    const refusal = this.targets.refusalOfLiteral(url);
    if (refusal !== null) return { status: null, error: refused(refusal) };
    const tooLate = AbortSignal.timeout(this.answerMs);
    try {
      const response = await this.#post(url, headers, body, AbortSignal.any([ending, tooLate]));
      return sentBy(response.statusCode ?? 0);
    } catch (error) {
      if (tooLate.aborted) return { status: null, error: `no answer within ${this.answerMs / 1000} s` };
      return { status: null, error: causeOf(error) };
    }
  }

  async #post(
    url: URL,
    headers: Record<string, string>,
    body: string,
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    for (;;) {
      const request = this.#request(url, { ...headers, 'content-length': Buffer.byteLength(body) }, signal);
      try {
        const response = await answerTo(request, body);
        await drain(response);
        return response;
      } catch (error) {
        // The receiver has closed a kept connection at this very moment (Node's documentation of
        // `request.reusedSocket`). One that it has not kept tells otherwise.
        if (!request.reusedSocket || signal.aborted || codeOf(error) !== 'ECONNRESET') throw error;
      }
    }
  }

  #request(url: URL, headers: http.OutgoingHttpHeaders, signal: AbortSignal): ClientRequest {
    const options = { method: 'POST', headers, signal };
    return url.protocol === 'https:'
      ? https.request(url, { ...options, agent: this.#https })
      : http.request(url, { ...options, agent: this.#http });
  }
}

function answerTo(request: ClientRequest, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    // Stays after the answer, for a connection that breaks then is no fault of ours.
    request.on('error', reject);
    request.end(body);
  });
}

/** Reads the rest of an answer and forgets it; what is too long, or too slow, is cut off. */
async function drain(response: IncomingMessage): Promise<void> {
  let bytes = 0;
  const cut = setTimeout(() => response.destroy(), REST_MS);
  await new Promise<void>((resolve) => {
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) response.destroy();
    });
    response.once('error', () => resolve());
    response.once('close', resolve);
  });
  clearTimeout(cut);
}

function sentBy(status: number): Sent {
  if (status >= 200 && status < 300) return { status, error: null };
  const isRedirect = status >= 300 && status < 400;
  return { status, error: isRedirect ? 'redirects are not followed' : `answered ${status}` };
}

const refused = (why: string): string => `not sent: ${why} (WEBHOOK_PRIVATE_ADDRESSES)`;

/** Codes of the system, of TLS and of the parser; their messages may quote what was received. */
function causeOf(error: unknown): string {
  return error instanceof TargetRefused ? refused(error.message) : (codeOf(error) ?? 'the request failed');
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
