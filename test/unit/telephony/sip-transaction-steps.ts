import assert from 'node:assert/strict';

import { createResponse, type SipMessage, type SipResponse } from '../../../telephony/sip/message.js';
import type { ResponseOrigin, ServerTransaction } from '../../../telephony/sip/transaction.js';
import { Inbox, type Peer } from './sip-peers.js';

/** Drops the first n messages that the condition names. */
export function dropFirst(
  count: number,
  condition: (message: SipMessage) => boolean,
): (message: SipMessage) => boolean {
  let left = count;
  return (message) => condition(message) && left-- > 0;
}

export const isRequest = (method: string) => (message: SipMessage) =>
  message.kind === 'request' && message.method === method;
export const isStatus = (status: number) => (message: SipMessage) =>
  message.kind === 'response' && message.status === status;
export const count = (peer: Peer, condition: (message: SipMessage) => boolean) =>
  peer.sent.all.filter(condition).length;

export interface Answer {
  readonly response: SipResponse;
  readonly origin: ResponseOrigin;
}

/** Answers as they come, and the end of the transaction. */
export function listen() {
  const answers = new Inbox<Answer>();
  const terminated = new Inbox<true>();
  const handlers = {
    onResponse: (response: SipResponse, origin: ResponseOrigin) => answers.put({ response, origin }),
    onTerminated: () => terminated.put(true),
  };
  return { answers, terminated, handlers };
}

export const respondWith = (status: number) => (transaction: ServerTransaction) => {
  assert.ok(transaction.respond(createResponse(transaction.request, status, { toTag: 'uas' })));
};
