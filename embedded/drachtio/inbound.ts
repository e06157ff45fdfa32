/**
 * Requests from the network: to the application whose dialog they belong to, to the next one
 * registered for the method, or refused.
 */
import { randomUUID } from 'node:crypto';

import { dialogIdOfRequest, noteRequest } from '../../telephony/sip/dialog.js';
import type { Flow } from '../../telephony/sip/flow.js';
import { newTag } from '../../telephony/sip/identifiers.js';
import { createResponse, type SipRequest } from '../../telephony/sip/message.js';
import { parseNameAddr, tagOf } from '../../telephony/sip/name-addr.js';
import type { ServerTransaction } from '../../telephony/sip/transaction.js';
import { parseUri } from '../../telephony/sip/uri.js';
import type { ServerContext } from './context.js';
import type { DialogRecord } from './dialogs.js';
import { newRequestFrame, received, sentResponse, sipFrame, type TracedMessage } from './frames.js';
import { dialogIdOf, type IncomingRequest } from './incoming-requests.js';
import { ALLOW, roleOutsideDialog } from './methods.js';
import { endsSubscription } from './network-responses.js';
import { followPeer } from './pinning.js';

/** Takes a new request other than ACK and CANCEL. */
export function takeRequest(context: ServerContext, transaction: ServerTransaction): void {
  const { request } = transaction;
  if (!context.incoming.makeRoom((oldest) => refuseForNow(context, oldest.transaction)))
    return refuseForNow(context, transaction);
  // Every response has them, and an application's order for one as well, which its own limit would
  // not let through.
  if (copiedBytes(request) > MAX_COPIED_BYTES) return refuseStranger(context, transaction, 513);
  if (tagOf(request.headers.get('To')) !== undefined) return takeTagged(context, transaction);
  takeNew(context, transaction);
}

/** Of the headers that a response copies. Those of phones have some hundred. */
const MAX_COPIED_BYTES = 2500;

function copiedBytes({ headers }: SipRequest): number {
  const copied = ['From', 'To', 'Call-ID', 'CSeq'].flatMap((name) => headers.all(name));
  return copied.reduce((sum, value) => sum + Buffer.byteLength(value), 0);
}

/** A request that claims to belong to a dialog. */
function takeTagged(context: ServerContext, transaction: ServerTransaction): void {
  const { request } = transaction;
  const record = context.dialogs.ofDialog(dialogIdOfRequest(request));
  if (record !== undefined) return takeInDialog(context, transaction, record);
  const invite = context.incoming.inviteOf(request);
  if (invite !== undefined && takeBeforeAnswer(context, transaction, invite)) return;
  if (request.method === 'INVITE' || roleOutsideDialog(request.method) !== 'for-applications')
    return refuseStranger(context, transaction, 481);
  takeNew(context, transaction);
}

function takeInDialog(context: ServerContext, transaction: ServerTransaction, record: DialogRecord): void {
  const { request } = transaction;
  if (noteRequest(record.dialog, request) === 'out-of-order') return refuse(transaction, 500);
  followPeer(record, request, transaction.flow);
  const { session } = record;
  // Its application is gone; see DialogTable.removeOwnedBy for the usual way this shows.
  if (!session.open) return refuse(transaction, 481);
  const traced = trace(context, transaction);
  const incoming = context.incoming.add({ transaction, session, traced, record, dialogId: record.id });
  const ended = request.method === 'BYE' || (record.method === 'SUBSCRIBE' && endsSubscription(request));
  // Now, not when the application answers: whatever it still sends in this dialog would be refused
  // by the peer.
  if (ended) context.dialogs.remove(record);
  session.send(sipFrame(traced, incoming.id, record.id));
  if (request.method === 'BYE') context.details.stop(traced, 'normal-release');
}

/** PRACK and UPDATE belong to an INVITE that is not answered yet. False for anything else. */
function takeBeforeAnswer(
  context: ServerContext,
  transaction: ServerTransaction,
  invite: IncomingRequest,
): boolean {
  const { request } = transaction;
  const isPrack = request.method === 'PRACK';
  if (isPrack ? !context.reliable.acknowledge(invite, request) : request.method !== 'UPDATE') return false;
  if (isPrack) context.layer.prove(invite.transaction.flow.remoteAddress, transaction.flow);
  const { session, dialogId } = invite;
  const traced = trace(context, transaction);
  const incoming = context.incoming.add({ transaction, session, traced, record: undefined, dialogId });
  session.send(sipFrame(traced, incoming.id, dialogId));
  return true;
}

/** A request outside of dialogs: to the next application that registered for its method. */
function takeNew(context: ServerContext, transaction: ServerTransaction): void {
  const { request, flow } = transaction;
  const role = roleOutsideDialog(request.method);
  if (role === 'dialog-only') return refuseStranger(context, transaction, 481);
  if (role === 'unknown') return refuseStranger(context, transaction, 501, { Allow: ALLOW });
  const founds = request.method === 'INVITE' || request.method === 'SUBSCRIBE';
  if (founds && !canFoundDialog(request)) return refuseStranger(context, transaction, 400);
  if (founds && context.dialogs.full) return refuseForNow(context, transaction);

  const session = context.routes.next(request.method.toLowerCase());
  if (session === undefined) {
    context.log('debug', 'no application for this method', { method: request.method });
    return refuseStranger(context, transaction, 503);
  }
  const traced = trace(context, transaction);
  const dialogId = founds ? dialogIdOf(request) : '';
  const init = { transaction, session, traced, record: undefined, dialogId };
  const incoming = context.incoming.add(
    request.method === 'INVITE' ? { ...init, release: context.layer.transport.holdForCall(flow) } : init,
  );
  session.send(newRequestFrame(traced, incoming.id, flow));
  if (request.method === 'INVITE') context.details.attempt(traced);
}

/**
 * What may stand before the URI (RFC 3261 25.1). With anything else the real server reads no URI at
 * all.
 */
const DISPLAY_NAME = /^[ \t]*(?:"(?:[^"\\]|\\.)*"[ \t]*|[\w\-.!%*+`'~ \t]*)(?:<(?!\s)|sips?:)/i;

/**
 * Without these no dialog can come of it (RFC 3261 8.1.1.8, 12.1.1), and `drachtio-srf` would fail
 * over it.
 */
function canFoundDialog(request: SipRequest): boolean {
  const text = request.headers.first('Contact') ?? '';
  const contact = parseNameAddr(text);
  return (
    contact !== undefined &&
    DISPLAY_NAME.test(text) &&
    parseUri(contact.uri) !== undefined &&
    tagOf(request.headers.get('From')) !== undefined
  );
}

/** A CANCEL for an INVITE that waits; the CANCEL itself has been answered. */
export function takeCancel(
  context: ServerContext,
  invite: ServerTransaction,
  cancel: SipRequest,
  flow: Flow,
  bytes: Buffer,
): void {
  const incoming = context.incoming.ofTransaction(invite.key);
  if (incoming === undefined) return refuse(invite, 487);
  context.incoming.remove(incoming);
  context.reliable.forget(incoming);
  const terminated = createResponse(invite.request, 487, { toTag: incoming.toTag ?? newTag() });
  invite.respond(terminated);
  if (incoming.record === undefined) context.guard.noteAnswer(invite.flow, 'INVITE', 487);
  const traced = received(cancel, flow, bytes.length, context.clock.now());
  incoming.session.send(sipFrame(traced, incoming.id, incoming.dialogId));
  if (incoming.record === undefined) {
    context.details.stop(sentResponse(terminated, flow, context.clock.now()), 'call-canceled');
  }
}

/** An ACK to a 2xx: the application is told once. */
export function takeAck(context: ServerContext, ack: SipRequest, flow: Flow, bytes: Buffer): void {
  const expected = context.accepted.acknowledge(ack, flow);
  const record = context.dialogs.ofDialog(dialogIdOfRequest(ack));
  if (record === undefined || !expected) return;
  followPeer(record, ack, flow);
  record.session.send(
    sipFrame(received(ack, flow, bytes.length, context.clock.now()), randomUUID(), record.id),
  );
}

/** The application had its time (`ANSWER_TIMEOUT`) or is gone. */
export function giveUp(
  context: Pick<ServerContext, 'log' | 'guard'>,
  { transaction, toTag, record }: IncomingRequest,
): void {
  const { flow, request } = transaction;
  context.log('warn', 'application gave no answer', { method: request.method });
  if (record === undefined) context.guard.noteAnswer(flow, request.method, 504);
  transaction.respond(createResponse(request, 504, { toTag: toTag ?? newTag() }));
}

function trace(context: ServerContext, { request, flow, bytes }: ServerTransaction): TracedMessage {
  return received(request, flow, bytes.length, context.clock.now());
}

/** Refuses what belongs to no dialog of ours; it counts as something that came of nothing. */
function refuseStranger(
  context: ServerContext,
  transaction: ServerTransaction,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  context.guard.noteAnswer(transaction.flow, transaction.request.method, status);
  refuse(transaction, status, headers);
}

function refuseForNow(context: ServerContext, transaction: ServerTransaction): void {
  refuseStranger(context, transaction, 503, { 'Retry-After': '10' });
}

function refuse(
  transaction: ServerTransaction,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void {
  transaction.respond(createResponse(transaction.request, status, { toTag: newTag(), headers }));
}
