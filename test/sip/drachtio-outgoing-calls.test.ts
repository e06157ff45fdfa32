import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import { tagOf } from '../../telephony/sip/name-addr.js';
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
import { Phone } from './drachtio-phone.js';

let stack: Stack;
let server: Server;
beforeEach(async () => {
  stack = new Stack();
  server = await startServer(stack, { timers: SHORT_TIMERS });
});
afterEach(() => stack.close(), LIMIT);

test('an application calls: early media, answer, ACK, and BYE from the called phone', LIMIT, async () => {
  const app = await connectApp(stack, server);
  const phone = await Phone.open(stack, server);
  const progress: SipRes[] = [];
  const calling = app.createUAC(
    phone.uri,
    { localSdp: OFFER, callingNumber: '100', headers: { Subject: 'test' } },
    { cbProvisional: (response: SipRes) => progress.push(response) },
  );
  const invite = await phone.next('INVITE');
  assert.match(
    invite.request.headers.get('From') ?? '',
    new RegExp(`^<sip:100@127.0.0.1:${server.sipPort}>;tag=`),
  );
  assert.equal(invite.request.headers.get('Contact'), `<sip:100@127.0.0.1:${server.sipPort}>`);
  phone.respond(invite, 183, { toTag: 'callee', body: ANSWER });
  await until(() => progress.length > 0);
  assert.equal(progress[0]?.status, 183);
  assert.equal(progress[0].body, ANSWER);
  const dialog = phone.answer(invite, ANSWER, 'callee');
  const uac = await calling;
  const ack = await phone.nextAck();
  assert.equal(ack.uri, phone.uri);
  assert.equal(uac.remote.sdp, ANSWER);
  const destroyed = event(uac, 'destroy');
  assert.equal((await phone.inDialog(dialog, { method: 'BYE' }).final).status, 200);
  await destroyed;
});

test('a repeated 200 is acknowledged again without the application', LIMIT, async () => {
  const app = await connectApp(stack, server);
  const phone = await Phone.open(stack, server, 'udp');
  const calling = app.createUAC(phone.uri, { localSdp: OFFER });
  const invite = await phone.next('INVITE');
  const answer = phone.respond(invite, 200, { toTag: 'callee', body: ANSWER });
  await calling;
  await phone.nextAck();
  invite.respond(answer);
  const again = await phone.nextAck();
  assert.equal(again.headers.get('CSeq'), invite.request.headers.get('CSeq')?.replace('INVITE', 'ACK'));
});

test('an application cancels its call before it is answered', LIMIT, async () => {
  const app = await connectApp(stack, server);
  const phone = await Phone.open(stack, server);
  const calling = app.createUAC(
    phone.uri,
    { localSdp: OFFER },
    {
      cbRequest: (_error: Error | null, request: SipReq) => setTimeout(() => request.cancel(), 30),
    },
  );
  const invite = await phone.next('INVITE');
  phone.respond(invite, 180);
  await assert.rejects(calling, { status: 487 });
  assert.equal(phone.cancelled.length, 1);
});

test('an answer that crosses the CANCEL is acknowledged and the call ended', LIMIT, async () => {
  const app = await connectApp(stack, server);
  const phone = await Phone.open(stack, server);
  phone.onCancel = (invite) => void phone.answer(invite, ANSWER);
  // The callback form: answer and BYE may come in one read, and what follows an `await` would be
  // too late for the BYE.
  const destroyed = new Promise<void>((resolve, reject) => {
    const cbRequest = (_error: Error | null, request: SipReq): void => request.cancel();
    app.createUAC(phone.uri, { localSdp: OFFER }, { cbRequest }, (error: Error | null, dialog: SrfDialog) => {
      if (error === null) dialog.on('destroy', () => resolve());
      else reject(error);
    });
  });
  await phone.next('INVITE');
  await phone.nextAck();
  const bye = await phone.next('BYE');
  assert.match(bye.request.headers.get('Reason') ?? '', /cancel race/);
  phone.respond(bye, 200);
  await destroyed;
});

test('a call without an offer: the answer is in the ACK', LIMIT, async () => {
  const app = await connectApp(stack, server);
  const phone = await Phone.open(stack, server);
  const calling = app.createUAC(phone.uri, { noAck: true }) as unknown as Promise<{
    sdp: string;
    ack: (sdp: string) => Promise<SrfDialog>;
  }>;
  const invite = await phone.next('INVITE');
  assert.equal(invite.request.body.length, 0);
  phone.answer(invite, OFFER);
  const { sdp, ack } = await calling;
  assert.equal(sdp, OFFER);
  await ack(ANSWER);
  const received = await phone.nextAck();
  assert.equal(received.body.toString(), ANSWER);
  assert.equal(received.headers.get('Content-Type'), 'application/sdp');
});

test('a silent peer and a closed port end a call with 408 and 503', LIMIT, async () => {
  const app = await connectApp(stack, server);
  const elsewhere = new Stack();
  const phone = await Phone.open(elsewhere, server, 'udp', { beforeSend: () => false });
  await assert.rejects(app.createUAC(phone.uri, { localSdp: OFFER }), { status: 408 });
  const { uri } = phone;
  await elsewhere.close();
  await assert.rejects(app.createUAC(uri.replace('sip:phone', 'sip:other'), { localSdp: OFFER }), {
    status: 503,
  });
});

test('a reliable provisional response is acknowledged with PRACK', LIMIT, async () => {
  const app = await connectApp(stack, server);
  const phone = await Phone.open(stack, server);
  const calling = app.createUAC(phone.uri, { localSdp: OFFER, headers: { Supported: '100rel' } });
  const invite = await phone.next('INVITE');
  const headers = { Require: '100rel', RSeq: '17' };
  phone.respond(invite, 183, { toTag: 'callee', body: ANSWER, headers });
  const prack = await phone.next('PRACK');
  assert.equal(prack.request.headers.get('RAck'), `17 ${invite.request.headers.get('CSeq')}`);
  phone.respond(prack, 200);
  phone.answer(invite, ANSWER, 'callee');
  await calling;
  await phone.nextAck();
});

test('a second answer, from another branch of a forked call, is acknowledged and ended', LIMIT, async () => {
  const app = await connectApp(stack, server);
  const phone = await Phone.open(stack, server);
  const calling = app.createUAC(phone.uri, { localSdp: OFFER });
  const invite = await phone.next('INVITE');
  phone.answer(invite, ANSWER, 'one');
  const uac = await calling;
  const acknowledged = (tag: string): boolean =>
    phone.acks.some(({ headers }) => tagOf(headers.get('To')) === tag);
  await until(() => acknowledged('one'));
  phone.respond(invite, 200, { toTag: 'two', body: ANSWER });
  await until(() => acknowledged('two'));
  const bye = await phone.next('BYE');
  assert.equal(tagOf(bye.request.headers.get('To')), 'two');
  phone.respond(bye, 200);
  assert.equal(uac.sip.remoteTag, 'one');
});

test('hanging up while a re-INVITE is unanswered cancels it first', LIMIT, async () => {
  const app = await connectApp(stack, server);
  const phone = await Phone.open(stack, server);
  const calling = app.createUAC(phone.uri, { localSdp: OFFER });
  phone.answer(await phone.next('INVITE'), ANSWER);
  const uac = await calling;
  await phone.nextAck();
  const modified = uac.modify(ANSWER).catch((error: { status: number }) => error.status);
  await phone.next('INVITE');
  const destroyed = uac.destroy();
  phone.respond(await phone.next('BYE'), 200);
  await destroyed;
  await until(() => phone.cancelled.length > 0);
  assert.equal(await modified, 487);
});
