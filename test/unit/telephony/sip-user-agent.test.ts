import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { IncomingInvite } from '../../../telephony/sip/incoming-invite.js';
import type { SipRequest } from '../../../telephony/sip/message.js';
import { ALICE, ok, openAgent } from './sip-agents.js';
import { Inbox, within } from './sip-peers.js';

for (const transport of ['udp', 'tcp']) {
  test(`a call over ${transport}: offer, answer, INFO, re-INVITE, BYE`, async (t) => {
    const acks = new Inbox<SipRequest>();
    const invites = new Inbox<IncomingInvite>();
    const callee = await openAgent(t, {
      contactUser: 'bob',
      onInvite: (invite) => {
        invite.progress(180);
        invites.put(invite);
      },
    });
    const caller = await openAgent(t);
    const progress: number[] = [];
    const call = caller.agent.invite({
      uri: `${callee.uri};transport=${transport}`,
      from: ALICE,
      body: 'offer',
      onProgress: ({ status }) => progress.push(status),
    });
    const invite = await invites.next();
    assert.equal(invite.request.body.toString(), 'offer');
    const answered = invite.answer({ body: 'answer' });
    const theirs = invite.session!;
    const established = await within(answered, 'ACK');
    assert.equal(established.kind, 'established');
    const outcome = await within(call.outcome, 'outcome');
    assert.ok(outcome.kind === 'established');
    assert.equal(outcome.response.body.toString(), 'answer');
    assert.equal(outcome.response.headers.get('Content-Type'), 'application/sdp');
    assert.deepEqual(progress, [180]);

    theirs.onRequest = (transaction) => {
      acks.put(transaction.request);
      ok(transaction);
    };
    const info = await outcome.session.request({
      method: 'INFO',
      headers: { 'Content-Type': 'application/dtmf-relay' },
      body: 'Signal=5',
    });
    assert.equal(info.status, 200);
    assert.equal((await acks.next()).body.toString(), 'Signal=5');

    assert.equal((await outcome.session.reinvite({ body: 'hold' })).status, 488, 'nobody there to take it');
    theirs.onReinvite = (again) => void again.answer({ body: `re ${again.request.body.toString()}` });
    const again = await outcome.session.reinvite({ body: 'hold' });
    assert.deepEqual([again.status, again.body.toString()], [200, 're hold']);

    await theirs.bye({ Reason: 'SIP;cause=200' });
    const end = await within(outcome.session.ended, 'end');
    assert.equal(end.by, 'remote');
    assert.equal((await theirs.ended).by, 'local');
    assert.deepEqual([caller.agent.sessions.length, callee.agent.sessions.length], [0, 0]);
    assert.equal((await outcome.session.request({ method: 'INFO' })).status, 481, 'after the end');
  });
}

test('a lost 200 and a lost ACK are made good', async (t) => {
  let [okToLose, ackToLose] = [2, 2];
  const outcomes = new Inbox<string>();
  const callee = await openAgent(
    t,
    { onInvite: (invite) => void invite.answer().then(({ kind }) => outcomes.put(kind)) },
    (message) => message.kind === 'response' && message.status === 200 && okToLose-- > 0,
  );
  const caller = await openAgent(
    t,
    {},
    (message) => message.kind === 'request' && message.method === 'ACK' && ackToLose-- > 0,
  );
  const outcome = await within(caller.agent.invite({ uri: callee.uri, from: ALICE }).outcome, 'outcome');
  assert.equal(outcome.kind, 'established');
  assert.equal(await outcomes.next(), 'established');
  assert.ok(caller.sent.all.filter((each) => each.kind === 'request' && each.method === 'ACK').length >= 3);
});

test('without any ACK the callee hangs up', async (t) => {
  const outcomes = new Inbox<unknown>();
  const callee = await openAgent(t, { onInvite: (invite) => void invite.answer().then(outcomes.put) });
  const caller = await openAgent(t, {}, (message) => message.kind === 'request' && message.method === 'ACK');
  const outcome = await within(caller.agent.invite({ uri: callee.uri, from: ALICE }).outcome, 'outcome');
  assert.ok(outcome.kind === 'established');
  assert.deepEqual(await outcomes.next(), { kind: 'failed', reason: 'no-ack' });
  assert.equal((await outcome.session.ended).by, 'remote');
});

test('an offer in the 200 is answered in the ACK', async (t) => {
  const answers = new Inbox<string>();
  const callee = await openAgent(t, {
    onInvite: (invite) =>
      void invite
        .answer({ body: 'offer' })
        .then((outcome) =>
          answers.put(outcome.kind === 'established' ? outcome.ack.body.toString() : outcome.reason),
        ),
  });
  const caller = await openAgent(t);
  caller.agent.invite({
    uri: callee.uri,
    from: ALICE,
    answerInAck: (response) => ({
      contentType: 'application/sdp',
      body: `answer to ${response.body.toString()}`,
    }),
  });
  assert.equal(await answers.next(), 'answer to offer');
});

test('a caller who cancels while it rings gets 487, and the callee is told', async (t) => {
  const cancelled = new Inbox<string>();
  const callee = await openAgent(t, {
    onInvite: (invite) => {
      invite.progress(180);
      invite.onCancelled = () =>
        void invite.answer().then((outcome) => cancelled.put(JSON.stringify(outcome)));
    },
  });
  const caller = await openAgent(t);
  const call = caller.agent.invite({ uri: callee.uri, from: ALICE, onProgress: () => call.cancel() });
  const outcome = await within(call.outcome, 'outcome');
  assert.equal(outcome.kind === 'rejected' && outcome.response.status, 487);
  assert.equal(await cancelled.next(), '{"kind":"failed","reason":"cancelled"}');
});

test('a CANCEL that crosses the 200 ends the session by BYE', async (t) => {
  const ends = new Inbox<string>();
  const callee = await openAgent(t, {
    onInvite: (invite) => {
      void invite.answer();
      void invite.session?.ended.then(({ by }) => ends.put(by));
    },
  });
  const caller = await openAgent(
    t,
    {},
    (message) => message.kind === 'request' && message.method === 'CANCEL',
  );
  const call = caller.agent.invite({ uri: callee.uri, from: ALICE });
  await caller.sent.next();
  call.cancel();
  const outcome = await within(call.outcome, 'outcome');
  assert.equal(outcome.kind === 'rejected' && outcome.response.status, 487);
  assert.equal(await ends.next(), 'remote');
});

test('cancelled before it is sent, a call never leaves', async (t) => {
  const caller = await openAgent(t);
  const call = caller.agent.invite({ uri: 'sip:bob@127.0.0.1:9', from: ALICE });
  call.cancel();
  const outcome = await call.outcome;
  assert.equal(outcome.kind === 'rejected' && outcome.response.status, 487);
  assert.deepEqual(caller.sent.all, []);
});

test('what nobody handles is answered', async (t) => {
  const server = await openAgent(t);
  const phone = await openAgent(t);
  const ask = async (method: string, more: { to?: string } = {}) =>
    (await phone.agent.request({ method, uri: server.uri, from: ALICE, ...more })).status;
  assert.equal(await ask('OPTIONS'), 200);
  assert.equal(await ask('INVITE'), 405);
  assert.equal(await ask('SUBSCRIBE'), 405);
  assert.equal(await ask('BYE', { to: '<sip:bob@127.0.0.1>;tag=unknown' }), 481);
});

function bug(): never {
  throw new Error('bug');
}

test('a handler that throws costs a 500', async (t) => {
  const faults = new Inbox<unknown>();
  const server = await openAgent(t, { onInvite: bug, onRequest: bug, onFault: faults.put });
  const phone = await openAgent(t);
  assert.equal((await phone.agent.request({ method: 'MESSAGE', uri: server.uri, from: ALICE })).status, 500);
  const outcome = await phone.agent.invite({ uri: server.uri, from: ALICE }).outcome;
  assert.equal(outcome.kind === 'rejected' && outcome.response.status, 500);
  assert.equal(faults.all.length, 2);
});

test('a name that leads nowhere gives a local 503', async (t) => {
  const { agent } = await openAgent(t);
  for (const uri of ['tel:112', 'sips:bob@127.0.0.1', 'sip:bob@nowhere.invalid:5060']) {
    assert.equal((await agent.request({ method: 'OPTIONS', uri, from: ALICE })).status, 503);
    assert.equal((await agent.invite({ uri, from: ALICE }).outcome).kind, 'rejected');
  }
});

test('a caller who hangs up before the ACK leaves nothing waiting', async (t) => {
  const outcomes = new Inbox<unknown>();
  const callee = await openAgent(t, { onInvite: (invite) => void invite.answer().then(outcomes.put) });
  const caller = await openAgent(t, {}, (message) => message.kind === 'request' && message.method === 'ACK');
  const outcome = await within(caller.agent.invite({ uri: callee.uri, from: ALICE }).outcome, 'outcome');
  assert.ok(outcome.kind === 'established');
  await outcome.session.bye();
  assert.deepEqual(await outcomes.next(), { kind: 'failed', reason: 'closed' });
});

test('closing an agent ends its sessions and answers those who wait', async (t) => {
  const callee = await openAgent(t, { onInvite: (invite) => void invite.answer() });
  const caller = await openAgent(t);
  const outcome = await within(caller.agent.invite({ uri: callee.uri, from: ALICE }).outcome, 'outcome');
  assert.ok(outcome.kind === 'established');
  const info = outcome.session.request({ method: 'INFO' });
  caller.agent.close();
  assert.equal((await within(info, 'INFO')).status, 503);
  assert.equal((await within(outcome.session.ended, 'end')).by, 'lost');
});
