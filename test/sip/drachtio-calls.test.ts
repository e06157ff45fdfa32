import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { tagOf } from '../../telephony/sip/name-addr.js';
import type { SipResponse } from '../../telephony/sip/message.js';
import { until } from '../support/wait-for.js';
import {
  ANSWER,
  connectApp,
  event,
  OFFER,
  SHORT_TIMERS,
  Stack,
  startServer,
  type Server,
  type SipReq,
  type SipRes,
  type SrfDialog,
  LIMIT,
} from './drachtio-harness.js';
import { Phone, type Attempt } from './drachtio-phone.js';

let stack: Stack;
let server: Server;
beforeEach(async () => {
  stack = new Stack();
  server = await startServer(stack, { timers: SHORT_TIMERS });
});
afterEach(() => stack.close(), LIMIT);

/** An application that takes every call; its dialogs in the order of the calls. */
async function answering(options: object = { localSdp: ANSWER }): Promise<SrfDialog[]> {
  const dialogs: SrfDialog[] = [];
  await connectApp(stack, server, (app) =>
    app.invite((request, response) => {
      app.createUAS(request, response, options).then(
        (dialog) => dialogs.push(dialog),
        () => undefined,
      );
    }),
  );
  return dialogs;
}

async function call(phone: Phone): Promise<{ attempt: Attempt; answer: SipResponse }> {
  const attempt = phone.send({ method: 'INVITE', body: OFFER });
  return { attempt, answer: await attempt.final };
}

for (const protocol of ['udp', 'tcp'] as const) {
  test(`a call over ${protocol} is answered, acknowledged, and ended by the caller`, LIMIT, async () => {
    const dialogs = await answering();
    const phone = await Phone.open(stack, server, protocol);
    const { attempt, answer } = await call(phone);
    assert.equal(answer.status, 200);
    assert.equal(answer.body.toString(), ANSWER);
    assert.equal(answer.headers.get('Content-Type'), 'application/sdp');
    const transport = protocol === 'tcp' ? ';transport=tcp' : '';
    assert.equal(answer.headers.get('Contact'), `<sip:127.0.0.1:${server.sipPort}${transport}>`);
    const [uas] = await until(() => dialogs.length > 0 && dialogs);
    assert.equal(uas?.remote.sdp, OFFER);
    assert.equal(uas.sip.localTag, tagOf(answer.headers.get('To')));
    const acknowledged = event(uas, 'ack');
    const dialog = phone.acknowledge(attempt, answer);
    await acknowledged;
    const destroyed = event(uas, 'destroy');
    assert.equal((await phone.inDialog(dialog, { method: 'BYE' }).final).status, 200);
    assert.equal((await destroyed).method, 'BYE');
    assert.equal((await phone.inDialog(dialog, { method: 'BYE' }).final).status, 481);
  });

  test(`a call over ${protocol} is ended by the application`, LIMIT, async () => {
    const dialogs = await answering();
    const phone = await Phone.open(stack, server, protocol);
    const { attempt, answer } = await call(phone);
    phone.acknowledge(attempt, answer);
    const [uas] = await until(() => dialogs.length > 0 && dialogs);
    const destroyed = uas!.destroy();
    const bye = await phone.next('BYE');
    assert.equal(bye.request.uri, phone.uri);
    assert.equal(tagOf(bye.request.headers.get('From')), uas!.sip.localTag);
    phone.respond(bye, 200);
    await destroyed;
  });
}

test('a call is rejected with the status and headers the application chose', LIMIT, async () => {
  await connectApp(stack, server, (app) =>
    app.invite((_req, response) => response.send(486, { headers: { 'X-Reason': 'lunch' } })),
  );
  const phone = await Phone.open(stack, server);
  const { answer } = await call(phone);
  assert.equal(answer.status, 486);
  assert.equal(answer.reason, 'Busy Here');
  assert.equal(answer.headers.get('X-Reason'), 'lunch');
});

test('a cancelled call is over for both, and a late answer is refused', LIMIT, async () => {
  const cancelled: SipReq[] = [];
  const refusals: string[] = [];
  await connectApp(stack, server, (app) =>
    app.invite((request, response) => {
      response.send(180);
      request.on('cancel', (cancel: SipReq) => {
        cancelled.push(cancel);
        response.send(200, { body: ANSWER }, (error) => refusals.push(error ?? 'sent'));
      });
    }),
  );
  const phone = await Phone.open(stack, server);
  const attempt = phone.send({ method: 'INVITE', body: OFFER });
  await until(() => attempt.provisional.some(({ status }) => status === 180));
  phone.layer.cancel(attempt.transaction, { Reason: 'SIP;cause=487' });
  assert.equal((await attempt.final).status, 487);
  await until(() => refusals.length > 0);
  assert.equal(cancelled[0]?.get('Reason'), 'SIP;cause=487');
  assert.deepEqual(refusals, ['Response not sent due to unknown transaction']);
});

test('requests inside a call reach the application and are answered, in both directions', LIMIT, async () => {
  const dialogs = await answering();
  const phone = await Phone.open(stack, server);
  const { attempt, answer } = await call(phone);
  const dialog = phone.acknowledge(attempt, answer);
  const [uas] = await until(() => dialogs.length > 0 && dialogs);
  uas!.on('info', (request: SipReq, response: SipRes) =>
    response.send(200, { headers: { 'X-Got': String(request.body.length) } }),
  );
  const headers = { 'Content-Type': 'application/dtmf-relay' };
  const info = phone.inDialog(dialog, { method: 'INFO', headers, body: 'Signal=1\r\nDuration=160\r\n' });
  assert.equal((await info.final).headers.get('X-Got'), '24');

  const asked = uas!.request({ method: 'INFO', headers: { 'Content-Type': 'text/plain' }, body: 'hello' });
  const received = await phone.next('INFO');
  assert.equal(received.request.body.toString(), 'hello');
  phone.respond(received, 200, { headers: { 'X-Answer': 'yes' } });
  assert.equal((await asked).get('X-Answer'), 'yes');
});

test('a call is changed by a re-INVITE from either side', LIMIT, async () => {
  const dialogs = await answering();
  const phone = await Phone.open(stack, server);
  const { attempt, answer } = await call(phone);
  const dialog = phone.acknowledge(attempt, answer);
  const [uas] = await until(() => dialogs.length > 0 && dialogs);
  const held = OFFER.replace('sendrecv', 'sendonly');
  uas!.on('modify', (_req: SipReq, response: SipRes) =>
    response.send(200, { body: ANSWER.replace('sendrecv', 'recvonly') }),
  );
  const reinvite = phone.inDialog(dialog, {
    method: 'INVITE',
    headers: { 'Content-Type': 'application/sdp' },
    body: held,
  });
  const changed = await reinvite.final;
  assert.match(changed.body.toString(), /recvonly/);
  const acknowledged = event(uas!, 'ack');
  phone.acknowledge(reinvite, changed);
  await acknowledged;
  assert.equal(uas!.remote.sdp, held);

  const modified = uas!.modify(ANSWER);
  const incoming = await phone.next('INVITE');
  phone.answer(incoming, OFFER);
  assert.equal(await modified, OFFER);
  const ack = await phone.nextAck();
  assert.equal(ack.headers.get('CSeq'), incoming.request.headers.get('CSeq')?.replace('INVITE', 'ACK'));
});

test('a 200 that is not acknowledged is repeated, then the call is ended with BYE', LIMIT, async () => {
  const dialogs = await answering();
  const phone = await Phone.open(stack, server);
  const { attempt } = await call(phone);
  const [uas] = await until(() => dialogs.length > 0 && dialogs);
  const destroyed = event(uas!, 'destroy');
  const bye = await phone.next('BYE');
  assert.match(bye.request.headers.get('Reason') ?? '', /ACK timeout/);
  phone.respond(bye, 200);
  await destroyed;
  assert.ok(attempt.finals.length > 3, `${attempt.finals.length} times`);
});

test('a subscription is accepted, notified over, and ended', LIMIT, async () => {
  const subscriptions: SrfDialog[] = [];
  await connectApp(stack, server, (app) =>
    app.subscribe((request, response) => {
      void app
        .createUAS(request, response, { headers: { Expires: '60' } })
        .then((dialog) => subscriptions.push(dialog));
    }),
  );
  const phone = await Phone.open(stack, server);
  const accepted = await phone.send({ method: 'SUBSCRIBE', headers: { Event: 'presence', Expires: '60' } })
    .final;
  assert.equal(accepted.status, 202);
  const [dialog] = await until(() => subscriptions.length > 0 && subscriptions);
  const headers = {
    Event: 'presence',
    'Subscription-State': 'active;expires=60',
    'Content-Type': 'text/plain',
  };
  const notified = dialog!.request({ method: 'NOTIFY', headers, body: 'hi' });
  const notify = await phone.next('NOTIFY');
  assert.equal(notify.request.body.toString(), 'hi');
  phone.respond(notify, 200);
  assert.equal((await notified).status, 200);
  const destroyed = dialog!.destroy();
  const last = await phone.next('NOTIFY');
  assert.equal(last.request.headers.get('Subscription-State'), 'terminated');
  phone.respond(last, 200);
  await destroyed;
});

test(
  'a reliable provisional response is repeated until PRACK, which the application hears of',
  LIMIT,
  async () => {
    await connectApp(stack, server, (app) =>
      app.invite((_req, response) => response.send(183, { headers: { Require: '100rel' }, body: ANSWER })),
    );
    const phone = await Phone.open(stack, server);
    const attempt = phone.send({ method: 'INVITE', headers: { Supported: '100rel' }, body: OFFER });
    await until(() => attempt.provisional.filter(({ status }) => status === 183).length >= 2);
    const early = attempt.provisional.find(({ status }) => status === 183)!;
    const rseq = early.headers.get('RSeq');
    assert.ok(rseq);
    const prack = phone.send({
      method: 'PRACK',
      headers: {
        From: attempt.transaction.request.headers.get('From')!,
        To: early.headers.get('To')!,
        'Call-ID': attempt.transaction.request.headers.get('Call-ID')!,
        CSeq: '2 PRACK',
        RAck: `${rseq} 1 INVITE`,
      },
    });
    assert.equal((await prack.final).status, 200);
    const count = attempt.provisional.length;
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(attempt.provisional.length, count);
  },
);

test('UPDATE before the answer reaches the application that has the call', LIMIT, async () => {
  await connectApp(stack, server, (app) =>
    app.invite((request, response) => {
      request.on('update', (_update: SipReq, updateRes: SipRes) => updateRes.send(200, { body: ANSWER }));
      response.send(183, { body: ANSWER });
    }),
  );
  const phone = await Phone.open(stack, server);
  const attempt = phone.send({ method: 'INVITE', body: OFFER });
  const early = await until(() => attempt.provisional.find(({ status }) => status === 183));
  const { headers } = attempt.transaction.request;
  const update = phone.send({
    method: 'UPDATE',
    headers: {
      From: headers.get('From'),
      To: early.headers.get('To'),
      'Call-ID': headers.get('Call-ID'),
      CSeq: '2 UPDATE',
    },
    body: OFFER,
  });
  const updated = await update.final;
  assert.equal(updated.status, 200);
  assert.equal(updated.body.toString(), ANSWER);
});
