import type { Logger } from 'pino';
import type { DueResync, ResyncOutcome } from '../src/contract/messages.js';
import { answerChallenge, chooseChallenge, type Challenge } from './digest/digest-answer.js';
import { SPACING_MS } from './frame-limit.js';
import type { InternalClient } from './internal-client.js';
import { LongPoll } from './long-poll.js';
import {
  errorText,
  reportable,
  type OutgoingRequest,
  type ReceivedResponse,
  type SentRequest,
} from './sip-messages.js';
import type { SipFronts } from './sip-fronts.js';
import type { SipServer } from './sip-server.js';
import { flowUri, hostInUri } from './sip-uri.js';
import { pause, within } from './time-limit.js';

const RETRY_MS = 2000;
/** Above the SIP server's own limit for a request without an answer (RFC 3261, timer F: 32 s). */
const ANSWER_LIMIT_MS = 35_000;
/** A proxy and a registrar, and each of them a second time because a nonce has become stale. */
const MAX_CHALLENGES = 4;

/**
 * Fetches the resyncs that are due from the internal app, and sends each: to where the phone
 * registered, over the same flow; or to its line, whose registrar passes it on.
 */
export class ResyncSender {
  readonly #poll: LongPoll<DueResync[]>;

  /**
   * @param serverFor the SIP server that a phone has registered through, or any for one that has
   *   not; null when there is none.
   */
  constructor(
    private readonly internal: InternalClient,
    private readonly serverFor: (resync: DueResync) => SipServer | null,
    private readonly fronts: SipFronts,
    private readonly realm: string,
    private readonly log: Logger,
  ) {
    this.#poll = new LongPoll({
      ask: (signal) => internal.dueResyncs(signal),
      hear: (due, signal) => this.#deliverAll(due, signal),
      onFailure: (error) => log.warn({ reason: errorText(error) }, 'due resyncs cannot be fetched'),
      retryMs: RETRY_MS,
    });
  }

  start(): void {
    this.#poll.start();
  }

  stop(): Promise<void> {
    return this.#poll.stop();
  }

  async #deliverAll(due: readonly DueResync[], signal: AbortSignal): Promise<void> {
    for (const resync of due) {
      void this.#deliver(resync);
      await pause(SPACING_MS, signal);
    }
  }

  async #deliver(resync: DueResync): Promise<void> {
    const outcome = await this.#send(resync);
    this.log.info({ resync: resync.id, user: resync.user, ...outcome }, 'resync');
    try {
      await this.internal.reportResync(resync.id, outcome);
    } catch (error) {
      this.log.error(
        { resync: resync.id, reason: errorText(error) },
        'the outcome of a resync cannot be reported',
      );
    }
  }

  async #send(resync: DueResync): Promise<ResyncOutcome> {
    const server = this.serverFor(resync);
    if (server === null) return { kind: 'failed', status: null, reason: 'no SIP server' };
    const notify = this.#notify(resync);
    const outcome = await this.#deliverTo(server, resync, notify);
    const isLost = outcome.kind === 'failed' && outcome.status === null;
    if (!isLost || resync.source === null || resync.source.protocol === 'udp') return outcome;
    // The connection that it registered by is gone, and there may be a way to it all the same: the
    // Contact, or the proxy in front of it.
    const [, first] = /<([^>]+)>/.exec(resync.path ?? '') ?? [];
    const { proxy: _flow, ...direct } = notify;
    return this.#deliverTo(server, resync, first === undefined ? direct : { ...direct, proxy: first });
  }

  /**
   * Sends it, and answers what it is challenged with: once, and again when that was too old; by a
   * proxy and by who is behind it.
   */
  async #deliverTo(server: SipServer, resync: DueResync, notify: OutgoingRequest): Promise<ResyncOutcome> {
    try {
      let request = notify;
      for (let challenges = 0; ; challenges++) {
        const { sent, response } = await exchange(server, resync.contact, request);
        if (response.status !== 401 && response.status !== 407) return outcomeOf(response);
        const challenge = challengeIn(response);
        const isNew =
          !Object.hasOwn(request.headers, headersOf(response).answer) || challenge?.isStale === true;
        const answer =
          challenge === null || !isNew || challenges >= MAX_CHALLENGES
            ? null
            : await this.#answer(resync, sent, { challenge, header: headersOf(response).answer });
        if (answer === null)
          return { kind: 'failed', status: response.status, reason: 'the challenge cannot be answered' };
        request = { ...request, headers: { ...request.headers, ...answer } };
      }
    } catch (error) {
      return { kind: 'failed', status: null, reason: reportable(errorText(error)) };
    }
  }

  /**
   * As Asterisk sends it to all the phones that know it: outside of any subscription, and therefore
   * the end of one (RFC 6665).
   */
  #notify(resync: DueResync): OutgoingRequest {
    const { contact, source, nextHop, path, event, headers, body } = resync;
    const front = source && this.fronts.wayTo(source, path);
    const proxy = front?.proxy ?? (source === null ? nextHop : flowUri(source));
    const address = source === null ? withoutPort(contact) : contact;
    return {
      method: 'NOTIFY',
      ...(proxy !== null && { proxy }),
      headers: {
        // A registrar knows only its own users, and wants the credentials of the user in From.
        From: source === null ? `<${address}>` : `<sip:dialgate@${hostInUri(this.realm)}>`,
        ...(path !== null && { Route: path }),
        To: `<${address}>`,
        Contact: '<sip:dialgate@localhost>',
        Event: event,
        'Subscription-State': 'terminated',
        ...front?.headers,
        ...headers,
      },
      ...(body === null ? {} : { body }),
    };
  }

  /** The headers with which the same request is sent again (RFC 3261 22.2). */
  async #answer(
    resync: DueResync,
    sent: SentRequest,
    { challenge, header }: { challenge: Challenge; header: string },
  ): Promise<Record<string, string> | null> {
    const ha1 =
      resync.source === null
        ? await this.internal.lineHa1(resync.id, challenge.realm)
        : await this.internal.ha1(resync.user, challenge.realm);
    const [, sequence] = /^\s*(\d+)/.exec(sent.get('cseq') ?? '') ?? [];
    if (ha1 === null || sequence === undefined) return null;
    const request = { user: resync.user, method: 'NOTIFY', uri: resync.contact, ha1 };
    return {
      [header]: answerChallenge(challenge, request),
      'Call-ID': sent.get('call-id') ?? '',
      From: sent.get('from') ?? '',
      CSeq: `${Number(sequence) + 1} NOTIFY`,
    };
  }
}

/** Where a challenge stands in a 401 or 407, and where its answer does. */
function headersOf({ status }: ReceivedResponse): { challenge: string; answer: string } {
  return status === 407
    ? { challenge: 'proxy-authenticate', answer: 'Proxy-Authorization' }
    : { challenge: 'www-authenticate', answer: 'Authorization' };
}

function challengeIn(response: ReceivedResponse): Challenge | null {
  return chooseChallenge(response.get(headersOf(response).challenge) ?? '');
}

function outcomeOf(response: ReceivedResponse): ResyncOutcome {
  if (response.status < 300) return { kind: 'answered', status: response.status };
  const byPhone = Boolean(response.source_address);
  return {
    kind: 'failed',
    status: byPhone ? response.status : null,
    reason: byPhone ? reportable(response.reason) : 'no answer',
  };
}

/** An address-of-record has none in From and To (RFC 3261 19.1.1). */
function withoutPort(uri: string): string {
  return uri.replace(/(@(?:\[[^\]]*\]|[^:;]*)):\d+/, '$1');
}

async function exchange(
  server: SipServer,
  uri: string,
  request: OutgoingRequest,
): Promise<{ sent: SentRequest; response: ReceivedResponse }> {
  return within(ANSWER_LIMIT_MS, 'answer to NOTIFY', server.request(uri, request));
}
