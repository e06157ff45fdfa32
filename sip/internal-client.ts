import type {
  Account,
  Admission,
  Attempt,
  AttemptVerdict,
  CallEnd,
  CallOpened,
  CallOpening,
  DueResync,
  EmergencyEnd,
  EmergencyReport,
  Ha1,
  Heartbeat,
  Registered,
  Registration,
  ResyncOutcome,
  RouteAnswer,
  RouteQuery,
} from '../src/contract/messages.js';
import { afterWaiting, awaitedNow } from './awaited-time.js';
import { firstOf, pause } from './time-limit.js';

/**
 * The internal app did not answer, or answered something that is no answer. The text holds no
 * secret.
 */
export class InternalAppUnavailable extends Error {
  /** @param status of an answer that is none; null when there was no answer. */
  constructor(
    request: string,
    reason: string,
    readonly status: number | null = null,
  ) {
    super(`${request}: ${reason}`);
    this.name = 'InternalAppUnavailable';
  }
}

/** Somebody waits at the phone, and is connected without the answer. */
const ROUTE_LIMIT_MS = 1500;
/**
 * An internal app that has answered nothing for so long is not there. As long as it answers others,
 * it is only busy.
 */
const REQUEST_LIMIT_MS = 4000;
/**
 * Phones repeat a request for 32 s (RFC 3261, timer F), and an answer to the first is an answer to
 * all.
 */
const BUSY_LIMIT_MS = 25_000;
/**
 * How long the internal app may hold our question for due resyncs, and how much later we give it
 * up.
 */
const POLL_SECONDS = 25;
const POLL_LIMIT_MS = (POLL_SECONDS + 10) * 1000;
/**
 * Pauses before a report is tried again: reports are idempotent, and a phone waits for what they
 * set going.
 */
const REPORT_PAUSES_MS = [250, 500, 1000, 2000, 4000, 8000] as const;

interface Ask {
  body?: unknown;
  /**
   * Milliseconds of the clock; without it the request is waited for as long as the internal app
   * answers others.
   */
  limit?: number;
  signal?: AbortSignal;
  /**
   * Asking twice does no harm: a kept-alive connection that the other side has just closed is worth
   * a second try.
   */
  repeatable?: boolean;
}

/**
 * Everything this application may ask or tell the rest of Dialgate. Failures are
 * InternalAppUnavailable; "no such" is null.
 */
export class InternalClient {
  /**
   * When it has answered a request, other than one that it holds until there is news; in awaited
   * time.
   */
  #answeredAt = -Infinity;

  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /**
   * @param isHurried the caller is not authenticated yet, and may be calling for help: then the
   *   call is connected without an answer.
   */
  async route(query: RouteQuery, isHurried = true): Promise<RouteAnswer> {
    const limit = isHurried ? { limit: ROUTE_LIMIT_MS } : {};
    return this.#expect('POST', '/v1/calls/route', { body: query, repeatable: true, ...limit });
  }

  /** Waits until it is another one than is known, or half a minute. */
  async admission(known: string | null, signal: AbortSignal): Promise<Admission> {
    const path = `/v1/admission?wait=${POLL_SECONDS}${known === null ? '' : `&known=${encodeURIComponent(known)}`}`;
    return this.#expect('GET', path, { limit: POLL_LIMIT_MS, signal });
  }

  async account(user: string): Promise<Account | null> {
    return this.#ask('GET', `/v1/accounts/${encodeURIComponent(user)}`, { repeatable: true });
  }

  async ha1(user: string, realm: string): Promise<Ha1 | null> {
    return this.#ask('POST', `/v1/accounts/${encodeURIComponent(user)}/ha1`, { body: { realm } });
  }

  /** That of the line which an open resync is for. */
  async lineHa1(resyncId: string, realm: string): Promise<Ha1 | null> {
    return this.#ask('POST', `/v1/resyncs/${encodeURIComponent(resyncId)}/ha1`, { body: { realm } });
  }

  async register(user: string, registration: Registration): Promise<Registered | null> {
    return this.#ask('PUT', `/v1/registrations/${encodeURIComponent(user)}`, { body: registration });
  }

  async openCall(opening: CallOpening): Promise<CallOpened | null> {
    return this.#ask('POST', '/v1/calls', { body: opening });
  }

  /** Never repeated: an answer that was lost may have been a verdict. */
  async attempt(callId: string, attempt: Attempt): Promise<AttemptVerdict> {
    return this.#expect('POST', `/v1/calls/${encodeURIComponent(callId)}/attempts`, { body: attempt });
  }

  async endCall(callId: string, end: CallEnd): Promise<void> {
    await this.#report(`/v1/calls/${encodeURIComponent(callId)}/end`, end);
  }

  async reportEmergency(report: EmergencyReport): Promise<void> {
    await this.#ask('POST', '/v1/emergency-calls', { body: report });
  }

  async reportEmergencyEnd(end: EmergencyEnd): Promise<void> {
    await this.#ask('POST', '/v1/emergency-calls/end', { body: end });
  }

  /** Waits until there are resyncs to send, or half a minute. */
  async dueResyncs(signal: AbortSignal): Promise<DueResync[]> {
    const path = `/v1/resyncs?wait=${POLL_SECONDS}`;
    const answer = await this.#expect<{ resyncs: DueResync[] }>('GET', path, {
      limit: POLL_LIMIT_MS,
      signal,
    });
    return answer.resyncs;
  }

  async reportResync(id: string, outcome: ResyncOutcome): Promise<void> {
    await this.#report(`/v1/resyncs/${encodeURIComponent(id)}/outcome`, outcome);
  }

  async heartbeat(heartbeat: Heartbeat): Promise<void> {
    await this.#ask('POST', '/v1/heartbeat', { body: heartbeat });
  }

  async #report(path: string, body: unknown): Promise<void> {
    for (const milliseconds of REPORT_PAUSES_MS) {
      try {
        await this.#ask('POST', path, { body });
        return;
      } catch {
        // the last try reports what was wrong
        await pause(milliseconds, new AbortController().signal);
      }
    }
    await this.#ask('POST', path, { body });
  }

  async #expect<T>(method: string, path: string, ask: Ask): Promise<T> {
    const answer = await this.#ask<T>(method, path, ask);
    if (answer === null) throw new InternalAppUnavailable(`${method} ${path}`, 'an answer without content');
    return answer;
  }

  async #ask<T>(method: string, path: string, ask: Ask): Promise<T | null> {
    const timeUp = new AbortController();
    const giveUp = (): void => timeUp.abort();
    const timer = ask.limit === undefined ? undefined : setTimeout(giveUp, ask.limit);
    const endPatience = ask.limit === undefined ? this.#whileBusy(giveUp) : undefined;
    const { signal, release } = firstOf([timeUp.signal, ...(ask.signal === undefined ? [] : [ask.signal])]);
    const send = async (): Promise<T | null> => {
      const answer = await this.#fetch<T>(method, path, ask.body, signal);
      if (ask.limit === undefined) this.#answeredAt = awaitedNow();
      return answer;
    };
    try {
      return await send().catch((error: unknown) => {
        if (ask.repeatable === true && isConnectionFault(error)) return send();
        throw error;
      });
    } catch (error) {
      throw unavailable(method, path, error);
    } finally {
      clearTimeout(timer);
      endPatience?.();
      release();
    }
  }

  /**
   * Gives a request up when the internal app has answered none for a while, at the latest when its
   * phone has; answers what ends that.
   */
  #whileBusy(giveUp: () => void): () => void {
    const sentAt = awaitedNow();
    let end: () => void;
    const look = (): void => {
      const now = awaitedNow();
      const left = Math.min(
        Math.max(sentAt, this.#answeredAt) + REQUEST_LIMIT_MS - now,
        sentAt + BUSY_LIMIT_MS - now,
      );
      if (left <= 0) giveUp();
      else end = afterWaiting(left, look);
    };
    end = afterWaiting(REQUEST_LIMIT_MS, look);
    return () => end();
  }

  async #fetch<T>(method: string, path: string, body: unknown, signal: AbortSignal): Promise<T | null> {
    const response = await fetch(this.url + path, {
      method,
      signal,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status === 404 || response.status === 204) return null;
    if (!response.ok)
      throw new InternalAppUnavailable(`${method} ${path}`, `status ${response.status}`, response.status);
    return JSON.parse(text) as T;
  }
}

/** What fetch throws when there is no connection, or it broke. */
function isConnectionFault(error: unknown): boolean {
  return error instanceof TypeError;
}

function unavailable(method: string, path: string, error: unknown): InternalAppUnavailable {
  if (error instanceof InternalAppUnavailable) return error;
  const { name, message, cause } = error instanceof Error ? error : new Error(String(error));
  // JSON.parse quotes what it could not read in its message: that may be a secret
  const detail = error instanceof SyntaxError ? 'an answer that is no JSON' : `${name}: ${message}`;
  return new InternalAppUnavailable(
    `${method} ${path}`,
    cause instanceof Error ? `${detail} (${cause.message})` : detail,
  );
}
