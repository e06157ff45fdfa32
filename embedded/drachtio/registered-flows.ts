/**
 * The connections (TCP, TLS) phones registered over. A phone behind NAT is reached over no other,
 * and its Contact does not say which it is.
 */
import type { Clock } from '../clock.js';
import { isStream, type Flow } from '../../telephony/sip/flow.js';
import type { SipRequest, SipResponse } from '../../telephony/sip/message.js';
import { parseNameAddr } from '../../telephony/sip/name-addr.js';
import { parseUri } from '../../telephony/sip/uri.js';

/**
 * Registrations remembered; beyond that the oldest is forgotten, and its phone is reached by its
 * Contact or not at all.
 */
const MAX_FLOWS = 20_000;

export class RegisteredFlows {
  readonly #flows = new Map<string, { flow: Flow; until: number }>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Takes note of an answered REGISTER or SUBSCRIBE: `Expires` of the response (0 or none ends it),
   * Contact of the request.
   */
  note(request: SipRequest, response: SipResponse, flow: Flow): void {
    if (!isStream(flow.protocol) || response.status < 200 || response.status > 299) return;
    const contact = request.headers.first('Contact');
    const key = keyOf(contact === undefined ? undefined : parseNameAddr(contact)?.uri);
    if (key === undefined) return;
    const seconds = expiryOf(response);
    this.#flows.delete(key);
    if (seconds === 0) return;
    if (this.#flows.size >= MAX_FLOWS) this.#evict();
    this.#flows.set(key, { flow, until: this.#clock.now().getTime() + seconds * 1000 });
  }

  /**
   * The connection of the phone that registered with this Contact URI, user and host being what is
   * compared.
   */
  find(uri: string): Flow | undefined {
    const key = keyOf(uri);
    const entry = key === undefined ? undefined : this.#flows.get(key);
    if (key === undefined || entry === undefined) return undefined;
    if (entry.until > this.#clock.now().getTime()) return entry.flow;
    this.#flows.delete(key);
    return undefined;
  }

  #evict(): void {
    const [oldest] = this.#flows.keys();
    if (oldest !== undefined) this.#flows.delete(oldest);
  }
}

function keyOf(uri: string | undefined): string | undefined {
  const parsed = uri === undefined ? undefined : parseUri(uri);
  return parsed === undefined ? undefined : `${parsed.user ?? ''}@${parsed.host}`;
}

/** Seconds that a response to REGISTER or SUBSCRIBE grants; 0 when it grants nothing. */
export function expiryOf(response: SipResponse): number {
  const contact = response.headers.first('Contact');
  const expires = contact === undefined ? undefined : parseNameAddr(contact)?.params.get('expires');
  const seconds = Number(typeof expires === 'string' ? expires : (response.headers.get('Expires') ?? 0));
  return Number.isSafeInteger(seconds) && seconds > 0 ? seconds : 0;
}
