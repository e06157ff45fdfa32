/**
 * What the two hear of each other before and while they are connected: ringing, early media, and
 * changes of either side.
 */
import { after, before, beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench, type Bench } from './app-support/bench.js';
import { startGateway, type Gateway } from './app-support/gateway.js';
import type { PhoneCall } from './app-support/phone-call.js';
import { first, type Message } from './app-support/sip-wire.js';
import { until } from './app-support/wait.js';

const SDP_TYPE: [string, string] = ['Content-Type', 'application/sdp'];

describe('an emergency call', () => {
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
  beforeEach(() => {
    gateway.reset();
    bench.internal.received.emergencies.length = 0;
    bench.internal.received.emergencyEnds.length = 0;
  });

  const dial = async (headers: [string, string][] = []): Promise<PhoneCall> =>
    (await bench.phone()).call('112', { login: null, headers });
  const connected = async (): Promise<PhoneCall> => {
    const call = await dial();
    await call.answered();
    await until('ACK', () => gateway.acks > 0);
    return call;
  };
  const early = (call: PhoneCall): Promise<Message> =>
    until('183', () => call.received.find(({ status }) => status === 183));

  test('whose gateway sends early media reliably gets its PRACK, and a caller who knows none of that hears it all the same', async () => {
    gateway.behaviour = 'reliable-early-media';
    const call = await dial();
    const progress = await early(call);
    assert.match(progress.body, new RegExp(`m=audio ${gateway.mediaPort} `));
    assert.equal(first(progress, 'rseq'), '', 'to him it is not reliable');
    await call.answered();
    const prack = gateway.others.find(({ method }) => method === 'PRACK');
    assert.match(first(prack!, 'rack'), /^7 \d+ INVITE$/);
    await call.hangUp();
  });

  for (const demand of ['Require', 'Supported']) {
    test(`whose caller has ${demand}: 100rel gets it reliably, and is answered after his PRACK`, async () => {
      gateway.behaviour = 'reliable-early-media';
      const call = await dial([[demand, '100rel']]);
      const progress = await early(call);
      assert.match(progress.body, new RegExp(`m=audio ${gateway.mediaPort} `));
      assert.match(first(progress, 'require'), /100rel/);
      await until('PRACK at the gateway', () => gateway.others.length > 0);
      assert.ok(!call.received.some(({ status }) => status === 200), 'he has not acknowledged it yet');
      assert.equal((await call.prack(progress)).status, 200);
      await call.answered();
      await call.hangUp();
    });
  }

  test('is changed by UPDATE of either side, end to end', async () => {
    const call = await connected();
    const offer = call.media.offer().replace('a=sendrecv', 'a=sendonly');
    const answer = await call.request('UPDATE', [['Contact', call.contact], SDP_TYPE], offer);
    assert.equal(answer.status, 200);
    assert.equal(answer.body, offer, 'the answer is that of the gateway, which says what it is told');
    assert.equal(gateway.others.find(({ method }) => method === 'UPDATE')?.body, offer);

    gateway.request('UPDATE', [SDP_TYPE], offer);
    const update = await until('UPDATE at the caller', () =>
      call.received.find(({ method }) => method === 'UPDATE'),
    );
    assert.equal(update.body, offer);
    const back = await until('its answer', () =>
      gateway.responses.find((one) => first(one, 'cseq').endsWith('UPDATE')),
    );
    assert.equal(back.body, offer);
    await call.hangUp();
  });

  test('carries messages, and transfers nobody', async () => {
    const call = await connected();
    const text: [string, string] = ['Content-Type', 'text/plain'];
    assert.equal((await call.request('MESSAGE', [text], 'help')).status, 200);
    assert.equal(gateway.others.find(({ method }) => method === 'MESSAGE')?.body, 'help');
    assert.equal((await call.request('REFER', [['Refer-To', '<sip:201@127.0.0.1>']])).status, 405);
    await call.hangUp();
  });

  for (const side of ['caller', 'target'] as const) {
    test(`that the ${side} ends is reported with its end`, async () => {
      const call = await connected();
      if (side === 'caller') await call.hangUp();
      else gateway.hangUp();
      const end = await until('report of the end', () => bench.internal.received.emergencyEnds[0]);
      assert.deepEqual([end.endedBy, end.dialled, end.target], [side, '112', `sip:112@${gateway.address}`]);
      assert.ok(end.seconds >= 0 && end.seconds < 60);
      assert.ok(Math.abs(Date.parse(end.at ?? '') - Date.now()) < 60_000);
      await until('BYE at the other side', () => (side === 'caller' ? gateway.byes > 0 : call.endedAt));
    });
  }
});
