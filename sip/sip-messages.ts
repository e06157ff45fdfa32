/**
 * What of drachtio-srf's requests, responses and dialogs this application uses. The types that
 * drachtio-srf brings claim headers that may be missing and promise nothing of what createUAC and
 * request really answer; these are what its code does.
 */

/** A parsed From, To or Contact: `uri` is what stands between the angle brackets. */
export interface NameAddress {
  uri: string;
  params: Record<string, string | undefined>;
}

export interface SipMessage {
  /** Several headers of one name come as one text, a comma between. */
  get(name: string): string | undefined;
  has(name: string): boolean;
  readonly body: string | undefined;
}

/** A request from the network. */
export interface SipRequest extends SipMessage {
  readonly method: string;
  readonly uri: string;
  /** As the SIP server has sent it. */
  readonly raw: string;
  /** The body's parts: one, or several in a multipart body. */
  readonly payload: readonly { type?: string | null; content?: string }[];
  readonly source_address: string;
  readonly source_port: number;
  /** `udp`, `tcp`, `tls`, … */
  readonly protocol: string;
  /** Throws when the header is missing or garbage. */
  getParsedHeader(name: 'from' | 'to'): NameAddress;
  getParsedHeader(name: 'cseq'): { seq: number; method: string };
  on(event: 'cancel', listener: () => void): void;
}

export interface ResponseOptions {
  headers?: Record<string, string>;
  body?: string;
}

/** Our answer to a request. */
export interface SipResponse {
  readonly finalResponseSent: boolean;
  /**
   * @param onSent hears whether it went out: drachtio-server refuses what the other side does not
   *   support.
   * @param onAcknowledged hears of the PRACK for a provisional response that was sent with
   *   `Require: 100rel` (RFC 3262).
   */
  send(
    status: number,
    options?: ResponseOptions,
    onSent?: (error: unknown) => void,
    onAcknowledged?: () => void,
  ): void;
}

/**
 * A response from the network. What the SIP server made up itself (408, 503) has no source address.
 */
export interface ReceivedResponse extends SipMessage {
  readonly status: number;
  readonly reason: string;
  readonly source_address: string;
}

/** A request of ours, as it was sent. */
export interface SentRequest extends SipMessage {
  cancel(options: object, callback: (error: unknown) => void): void;
  on(event: 'response', listener: (response: ReceivedResponse) => void): void;
}

export interface OutgoingRequest {
  method: string;
  headers: Record<string, string>;
  body?: string;
  /** Where to send it, as a SIP URI, instead of where the request URI points to. */
  proxy?: string;
}

/** The other side has answered a re-INVITE without an offer of ours: here is its own. */
export interface OfferedChange {
  sdp: string;
  ack(answer: string): void;
}

export interface Dialog {
  readonly connected: boolean;
  readonly sip: { readonly callId: string; readonly localTag: string; readonly remoteTag: string };
  readonly local: { readonly uri: string };
  readonly remote: { readonly uri: string; readonly sdp: string | undefined };
  /** The other side has ended it (BYE). Not emitted for our own destroy(). */
  on(event: 'destroy', listener: () => void): void;
  /** A request within the dialog, `modify` for a re-INVITE; the listener answers it. */
  on(
    event: 'modify' | 'update' | 'info' | 'message' | 'refer',
    listener: (request: SipRequest, response: SipResponse) => void,
  ): void;
  on(event: 'ack', listener: (request: SipRequest) => void): void;
  once(event: 'ack', listener: (request: SipRequest) => void): void;
  /** Sends BYE. */
  destroy(): Promise<unknown>;
  /**
   * Sends a re-INVITE with this SDP and answers the other side's. Use reinvite(), which mends what
   * this leaves behind.
   */
  modify(sdp: string): Promise<string | undefined>;
  modify(noSdp: '', options: { noAck: true }): Promise<OfferedChange>;
  /** Its own: how many re-INVITEs are under way or wait, and how to let the next one go. */
  readonly _reinvitesInProgress: { count: number; readonly admitOne: (() => void)[] };
  request(request: OutgoingRequest): Promise<ReceivedResponse>;
}

/** The text of what was thrown. drachtio-srf throws and rejects with plain strings too. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * A text that others had a part in, such as a reason phrase, as it can be reported and kept: of a
 * length, and without what no database takes.
 */
export function reportable(text: string): string {
  return text.slice(0, 300).replace(/[\0\p{Cs}]/gu, '');
}

/** The status of the response that made createUAC fail; null when it failed otherwise. */
export function failureStatus(error: unknown): number | null {
  const status: unknown =
    typeof error === 'object' && error !== null && 'status' in error ? error.status : null;
  return typeof status === 'number' && status >= 300 && status < 700 ? status : null;
}

/**
 * A copy of a piece of a message, to be kept: of the piece itself V8 makes a view, which keeps the
 * whole message in memory.
 */
export function ownText(text: string): string {
  return Buffer.from(text).toString();
}
