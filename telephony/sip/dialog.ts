import { parseCSeq, createRequest, type SipMessage, type SipRequest, type SipResponse } from './message.js';
import { SipHeaders, type HeadersInit } from './headers.js';
import { parseNameAddr, tagOf } from './name-addr.js';
import { parseUri } from './uri.js';

/** Dialog state, RFC 3261 12. Plain data: the functions below read and change it, none does I/O. */
export interface Dialog {
  readonly callId: string;
  readonly localTag: string;
  /** Empty when the peer is an RFC 2543 element without tags. */
  readonly remoteTag: string;
  /** Our From value in requests of ours, with tag. */
  readonly local: string;
  /** Our To value in requests of ours, with tag. */
  readonly remote: string;
  /** Our Contact value; undefined leaves it out. */
  localContact: string | undefined;
  /** URI of the peer's Contact: the Request-URI of our requests. */
  remoteTarget: string;
  /** Route values in the order they are written. */
  readonly routeSet: readonly string[];
  /** CSeq of our last request. */
  localSequence: number;
  /** CSeq of the peer's last request; undefined until there is one. */
  remoteSequence: number | undefined;
  state: 'early' | 'confirmed';
  readonly role: 'uac' | 'uas';
}

/** A key for maps: Call-ID, local and remote tag. */
export type DialogId = string;

export function dialogId(dialog: Pick<Dialog, 'callId' | 'localTag' | 'remoteTag'>): DialogId {
  return `${dialog.callId}\n${dialog.localTag}\n${dialog.remoteTag}`;
}

/**
 * The dialog a received request belongs to: its To tag is ours. undefined without one: it is
 * outside of any dialog.
 */
export function dialogIdOfRequest(request: SipRequest): DialogId | undefined {
  const { headers } = request;
  const localTag = tagOf(headers.get('To'));
  if (localTag === undefined) return undefined;
  const remoteTag = tagOf(headers.get('From')) ?? '';
  return dialogId({ callId: headers.get('Call-ID') ?? '', localTag, remoteTag });
}

/**
 * Dialog made by a response of ours (12.1.1). undefined when Contact of the request, our tag or
 * CSeq are missing.
 */
export function createUasDialog(request: SipRequest, response: SipResponse): Dialog | undefined {
  const local = response.headers.get('To');
  const remote = request.headers.get('From');
  const localTag = tagOf(local);
  const remoteTarget = contactUri(request);
  const cseq = parseCSeq(request.headers.get('CSeq'));
  if (local === undefined || remote === undefined || localTag === undefined) return undefined;
  if (remoteTarget === undefined || cseq === undefined) return undefined;
  return {
    callId: request.headers.get('Call-ID') ?? '',
    localTag,
    remoteTag: tagOf(remote) ?? '',
    local,
    remote,
    localContact: response.headers.get('Contact'),
    remoteTarget,
    routeSet: request.headers.all('Record-Route'),
    localSequence: 0,
    remoteSequence: cseq.sequence,
    state: response.status < 200 ? 'early' : 'confirmed',
    role: 'uas',
  };
}

/**
 * Dialog made by a response to a request of ours (12.1.2). undefined when tags or CSeq are missing.
 * A peer that leaves out its Contact, against 12.1.1, is reached where the request went.
 */
export function createUacDialog(request: SipRequest, response: SipResponse): Dialog | undefined {
  const local = request.headers.get('From');
  const remote = response.headers.get('To');
  const localTag = tagOf(local);
  const cseq = parseCSeq(request.headers.get('CSeq'));
  if (local === undefined || remote === undefined || localTag === undefined || cseq === undefined)
    return undefined;
  return {
    callId: request.headers.get('Call-ID') ?? '',
    localTag,
    remoteTag: tagOf(remote) ?? '',
    local,
    remote,
    localContact: request.headers.get('Contact'),
    remoteTarget: contactUri(response) ?? request.uri,
    routeSet: response.headers.all('Record-Route').toReversed(),
    localSequence: cseq.sequence,
    remoteSequence: undefined,
    state: response.status < 200 ? 'early' : 'confirmed',
    role: 'uac',
  };
}

export interface InDialogRequestInit {
  readonly method: string;
  /**
   * Added to the dialog's own headers; those of the same name are replaced, except From, To,
   * Call-ID, CSeq.
   */
  readonly headers?: HeadersInit;
  readonly body?: Buffer | string;
}

/**
 * Methods that carry a Contact and by it may give a dialog a new target (RFC 3261 12.2, RFC 3311,
 * RFC 6665).
 */
const TARGET_REFRESH: ReadonlySet<string> = new Set(['INVITE', 'UPDATE', 'SUBSCRIBE', 'NOTIFY', 'REFER']);
const DIALOG_HEADERS: ReadonlySet<string> = new Set(['From', 'To', 'Call-ID', 'CSeq']);

/**
 * The next request in the dialog (12.2.1.1): counts localSequence up; strict and loose routing. It
 * goes to {@link dialogNextHop}.
 */
export function buildRequest(dialog: Dialog, init: InDialogRequestInit): SipRequest {
  dialog.localSequence += 1;
  return build(dialog, dialog.localSequence, init);
}

/** The ACK to a 2xx (13.2.2.4): CSeq number and credentials of the INVITE it belongs to. */
export function buildAck(
  dialog: Dialog,
  invite: SipRequest,
  init: { readonly headers?: HeadersInit; readonly body?: Buffer | string } = {},
): SipRequest {
  const sequence = parseCSeq(invite.headers.get('CSeq'))?.sequence ?? dialog.localSequence;
  const ack = build(dialog, sequence, { ...init, method: 'ACK' });
  for (const name of ['Authorization', 'Proxy-Authorization']) {
    for (const value of invite.headers.all(name)) ack.headers.add(name, value);
  }
  return ack;
}

/**
 * The URI that requests of the dialog are sent to: the first route, strict or loose, else the
 * peer's Contact.
 */
export function dialogNextHop(dialog: Dialog): string {
  const route = dialog.routeSet[0];
  return (route === undefined ? undefined : parseNameAddr(route)?.uri) ?? dialog.remoteTarget;
}

function build(dialog: Dialog, sequence: number, init: InDialogRequestInit): SipRequest {
  const { uri, routes } = routing(dialog);
  const headers = new SipHeaders({
    'Max-Forwards': '70',
    From: dialog.local,
    To: dialog.remote,
    'Call-ID': dialog.callId,
    CSeq: `${sequence} ${init.method}`,
    Contact: TARGET_REFRESH.has(init.method) ? dialog.localContact : undefined,
    Route: routes,
  });
  const extra = new SipHeaders(init.headers);
  for (const name of new Set([...extra].map(([each]) => each))) {
    if (!DIALOG_HEADERS.has(name)) headers.set(name, extra.all(name));
  }
  return createRequest({
    method: init.method,
    uri,
    headers,
    ...(init.body === undefined ? {} : { body: init.body }),
  });
}

function routing(dialog: Dialog): { uri: string; routes: readonly string[] } {
  const [first, ...rest] = dialog.routeSet;
  const uri = first === undefined ? undefined : parseNameAddr(first)?.uri;
  if (uri === undefined || parseUri(uri)?.params.has('lr') === true) {
    return { uri: dialog.remoteTarget, routes: dialog.routeSet };
  }
  // A strict router (RFC 2543) wants itself in the Request-URI and the real target at the end of
  // the routes.
  return { uri, routes: [...rest, `<${dialog.remoteTarget}>`] };
}

/**
 * Takes note of a request received in the dialog (12.2.2): CSeq order. `out-of-order` is to be
 * answered with 500. ACK and CANCEL do not count.
 */
export function noteRequest(dialog: Dialog, request: SipRequest): 'accepted' | 'out-of-order' {
  if (request.method === 'ACK' || request.method === 'CANCEL') return 'accepted';
  const sequence = parseCSeq(request.headers.get('CSeq'))?.sequence;
  if (sequence === undefined || (dialog.remoteSequence !== undefined && sequence < dialog.remoteSequence)) {
    return 'out-of-order';
  }
  dialog.remoteSequence = sequence;
  return 'accepted';
}

/**
 * Takes the new target of a request that is answered with a 2xx, where it is a target refresh. One
 * that is refused moves nothing (RFC 6141 4.5).
 */
export function refreshTarget(dialog: Dialog, request: SipRequest): void {
  if (TARGET_REFRESH.has(request.method)) dialog.remoteTarget = contactUri(request) ?? dialog.remoteTarget;
}

/**
 * Takes note of a response to a request of ours in the dialog: early becomes confirmed, target
 * refresh (12.2.1.2).
 */
export function noteResponse(dialog: Dialog, response: SipResponse): void {
  if (response.status < 200 || response.status >= 300) return;
  dialog.state = 'confirmed';
  const method = parseCSeq(response.headers.get('CSeq'))?.method ?? '';
  if (TARGET_REFRESH.has(method)) dialog.remoteTarget = contactUri(response) ?? dialog.remoteTarget;
}

function contactUri(message: SipMessage): string | undefined {
  const contact = message.headers.first('Contact');
  return contact === undefined ? undefined : parseNameAddr(contact)?.uri;
}
