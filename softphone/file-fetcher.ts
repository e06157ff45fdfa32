import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { type Trace, maskToken } from './trace.js';

const FETCH_LIMIT_MS = 10_000;

/**
 * Why a phone did not get a file: the server refused it for another reason than not having it, or
 * did not answer.
 */
export class FetchFailed extends Error {
  override readonly name = 'FetchFailed';
}

/**
 * Fetches files as a phone does: its User-Agent, no credentials, conditional where it has the file
 * already.
 */
export class FileFetcher {
  readonly #kept = new Map<string, { etag: string; body: string }>();

  constructor(
    private readonly userAgent: string,
    private readonly trace: Trace,
    /** The phone's own address; null: whichever the system takes. */
    private readonly localAddress: string | null,
  ) {}

  /** The file at a URL; null when there is none (404). */
  async fetch(url: string): Promise<string | null> {
    const kept = this.#kept.get(url);
    const headers: Record<string, string> = { 'User-Agent': this.userAgent };
    if (kept !== undefined) headers['If-None-Match'] = kept.etag;
    const answer = await this.#get(url, headers);
    const body = answer.status === 304 && kept !== undefined ? kept.body : answer.body;
    this.trace({
      kind: 'http',
      method: 'GET',
      url: maskToken(url),
      status: answer.status,
      bytes: Buffer.byteLength(body),
    });
    if (answer.status === 404) return null;
    if (answer.status !== 200 && answer.status !== 304) {
      throw new FetchFailed(`${maskToken(url)} was answered with ${answer.status}.`);
    }
    if (answer.etag !== null) this.#kept.set(url, { etag: answer.etag, body });
    return body;
  }

  async #get(url: string, headers: Record<string, string>): Promise<Fetched> {
    const options = {
      headers,
      agent: false,
      signal: AbortSignal.timeout(FETCH_LIMIT_MS),
      ...(this.localAddress !== null && { localAddress: this.localAddress }),
    };
    const send = url.startsWith('https:') ? requestHttps : requestHttp;
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        send(url, options, resolve).on('error', reject).end();
      });
      const { statusCode: status = 0, headers: answered } = response;
      return { status, etag: answered.etag ?? null, body: await text(response) };
    } catch (cause) {
      throw new FetchFailed(`${maskToken(url)} could not be fetched.`, { cause });
    }
  }
}

interface Fetched {
  status: number;
  etag: string | null;
  body: string;
}
