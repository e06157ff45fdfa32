/**
 * What becomes of an emergency call that is changed, or whose SIP server is lost, or that comes
 * while we stop.
 */
import { after, before, beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench, type Bench } from './app-support/bench.js';
import { startGateway, type Gateway } from './app-support/gateway.js';
import type { PhoneCall } from './app-support/phone-call.js';
import type { Message } from './app-support/sip-wire.js';
import { until } from './app-support/wait.js';

describe('emergency calls that are changed', () => {
  let bench: Bench;
  let gateway: Gateway;
  before(async () => {
    gateway = await startGateway();
    bench = await startBench();
    const targets = [`sip:112@${gateway.address}`];
    bench.internal.emergency = { numbers: ['112'], targets, callerIdentity: null };
  });
  after(async () => {
    await bench.close();
    gateway.close();
  });
  beforeEach(() => gateway.reset());

  const connected = async (): Promise<PhoneCall> => {
    const phone = await bench.phone();
    const call = await phone.call('112', { login: null });
    await call.answered();
    await until('ACK', () => gateway.acks > 0);
    return call;
  };
  const reinvite = (call: PhoneCall, body: string): Promise<Message> => {
    const type: [string, string][] = body === '' ? [] : [['Content-Type', 'application/sdp']];
    return call.request('INVITE', [['Contact', '<sip:caller@127.0.0.1>'], ...type], body);
  };

  test('hold and its end go through, also after one of them was refused', async () => {
    const call = await connected();
    const hold = call.media.offer().replace('a=sendrecv', 'a=sendonly');
    gateway.refusals = [491];
    assert.equal((await reinvite(call, hold)).status, 491, 'the phone learns that it may try again');
    assert.equal((await reinvite(call, hold)).status, 200);
    assert.equal((await reinvite(call, call.media.offer())).status, 200);
    assert.deepEqual(
      gateway.reinvites.map(({ body }) => body),
      [hold, hold, call.media.offer()],
    );
    await call.hangUp();
    await until('BYE at the gateway', () => gateway.byes > 0);
  });

  test('a re-INVITE without an offer gets that of the other side, which gets the answer of the ACK', async () => {
    const call = await connected();
    const acknowledged = gateway.acks;
    call.lateAnswer = call.media.offer();
    const answer = await reinvite(call, '');
    assert.equal(answer.status, 200);
    assert.match(answer.body, new RegExp(`m=audio ${gateway.mediaPort} `));
    await until('ACK at the gateway', () => gateway.acks > acknowledged);
    assert.equal(gateway.ackBody, call.lateAnswer);
    assert.equal((await reinvite(call, call.media.offer())).status, 200, 'and the next one goes through');
    await call.hangUp();
  });
});
