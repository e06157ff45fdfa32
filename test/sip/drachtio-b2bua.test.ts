import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import type { SipResponse } from '../../telephony/sip/message.js';
import type { ServerTransaction } from '../../telephony/sip/transaction.js';
import { until } from '../support/wait-for.js';
import {
  ANSWER,
  connectApp,
  OFFER,
  SHORT_TIMERS,
  Stack,
  startServer,
  type Server,
  type SrfDialog,
  LIMIT,
} from './drachtio-harness.js';
import { Phone, type Attempt } from './drachtio-phone.js';

interface Legs {
  uas: SrfDialog;
  uac: SrfDialog;
}

let stack: Stack;
let server: Server;
let caller: Phone;
let callee: Phone;
let connected: Legs[];
let failures: { status?: number }[];

beforeEach(async () => {
  stack = new Stack();
  server = await startServer(stack, { timers: SHORT_TIMERS });
  callee = await Phone.open(stack, server);
  caller = await Phone.open(stack, server, 'tcp');
  connected = [];
  failures = [];
  await connectApp(stack, server, (app) =>
    app.invite((request, response) => {
      const legs = app.createB2BUA(request, response, callee.uri, { localSdpB: request.body });
      void legs.then(tie, (error: { status?: number }) => failures.push(error));
    }),
  );
});
afterEach(() => stack.close(), LIMIT);

/** As every application does it: the end of one leg ends the other. */
function tie(legs: Legs): void {
  connected.push(legs);
  legs.uas.on('destroy', () => void legs.uac.destroy().catch(() => undefined));
  legs.uac.on('destroy', () => void legs.uas.destroy().catch(() => undefined));
}

async function ring(): Promise<{ attempt: Attempt; invite: ServerTransaction }> {
  const attempt = caller.send({ method: 'INVITE', body: OFFER });
  const invite = await callee.next('INVITE');
  assert.equal(invite.request.body.toString(), OFFER);
  return { attempt, invite };
}

async function connect() {
  const { attempt, invite } = await ring();
  const calleeDialog = callee.answer(invite, ANSWER);
  const answer: SipResponse = await attempt.final;
  assert.equal(answer.body.toString(), ANSWER);
  const callerDialog = caller.acknowledge(attempt, answer);
  await callee.nextAck();
  await until(() => connected.length > 0);
  return { callerDialog, calleeDialog };
}

test('early media is passed on before the answer', LIMIT, async () => {
  const { attempt, invite } = await ring();
  callee.respond(invite, 180, { toTag: 'b' });
  callee.respond(invite, 183, { toTag: 'b', body: ANSWER });
  const early = await until(() => attempt.provisional.find(({ status }) => status === 183));
  assert.equal(early.body.toString(), ANSWER);
  callee.answer(invite, ANSWER, 'b');
  assert.equal((await attempt.final).status, 200);
});

test('the caller hangs up and so does the callee', LIMIT, async () => {
  const { callerDialog } = await connect();
  assert.equal((await caller.inDialog(callerDialog, { method: 'BYE' }).final).status, 200);
  callee.respond(await callee.next('BYE'), 200);
});

test('the callee hangs up and so does the caller', LIMIT, async () => {
  const { calleeDialog } = await connect();
  assert.equal((await callee.inDialog(calleeDialog, { method: 'BYE' }).final).status, 200);
  caller.respond(await caller.next('BYE'), 200);
});

test('the caller cancels and the callee stops ringing', LIMIT, async () => {
  const { attempt, invite } = await ring();
  callee.respond(invite, 180);
  await until(() => attempt.provisional.some(({ status }) => status === 180));
  caller.layer.cancel(attempt.transaction);
  assert.equal((await attempt.final).status, 487);
  await until(() => callee.cancelled.length > 0);
  await until(() => failures.length > 0);
  assert.equal(failures[0]?.status, 487);
});

test('a rejection is passed on', LIMIT, async () => {
  const { attempt, invite } = await ring();
  callee.respond(invite, 486);
  assert.equal((await attempt.final).status, 486);
  await until(() => failures.length > 0);
});

test('a callee that cannot be reached ends the call with 503', LIMIT, async () => {
  const attempt = caller.send({ method: 'INVITE', body: OFFER });
  await callee.layer.transport.close();
  assert.equal((await attempt.final).status, 503);
});

test('an offer in the 200 is answered in the ACK, through both legs', LIMIT, async () => {
  const attempt = caller.send({ method: 'INVITE' });
  const invite = await callee.next('INVITE');
  assert.equal(invite.request.body.length, 0);
  callee.answer(invite, OFFER);
  const answer = await attempt.final;
  assert.equal(answer.body.toString(), OFFER);
  caller.acknowledge(attempt, answer, ANSWER);
  assert.equal((await callee.nextAck()).body.toString(), ANSWER);
  await until(() => connected.length > 0);
});
