/** Emergency calls: whoever calls, in whatever way. */
import { after, before, beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench, type Bench } from './app-support/bench.js';
import { startGateway, type Gateway } from './app-support/gateway.js';
import { first } from './app-support/sip-wire.js';
import { until } from './app-support/wait.js';

describe('emergency calls', () => {
  let bench: Bench;
  let gateway: Gateway;
  before(async () => {
    gateway = await startGateway();
    bench = await startBench({ emergencyRoute: [`sip:${gateway.address}`] });
  });
  after(async () => {
    await bench.close();
    gateway.close();
  });
  beforeEach(() => {
    bench.internal.broken = false;
    bench.internal.received.emergencies.length = 0;
    bench.internal.emergency = {
      numbers: ['112'],
      targets: [`sip:112@${gateway.address}`],
      callerIdentity: null,
    };
    gateway.reset();
  });

  const report = (): Promise<unknown> => until('report', () => bench.internal.received.emergencies[0]);

  test('a caller without credentials is connected, media goes directly, BYE goes through from either side', async () => {
    for (const side of ['caller', 'gateway']) {
      gateway.reset();
      bench.internal.received.emergencies.length = 0;
      const phone = await bench.phone({ login: { user: 'stranger', password: '' } });
      const call = await phone.call('112', { login: null });
      const answer = await call.answered();
      assert.match(answer.body, new RegExp(`m=audio ${gateway.mediaPort} `), "the gateway's own SDP");
      assert.equal(gateway.invites[0]?.body, call.media.offer(), "the caller's own SDP");
      assert.match(gateway.invites[0]?.start ?? '', /^INVITE sip:112@/);
      await until('ACK', () => gateway.acks > 0);
      if (side === 'caller') {
        await call.hangUp();
        await until('BYE at the gateway', () => gateway.byes > 0);
      } else {
        gateway.hangUp();
        await call.ended();
      }
      await report();
      assert.deepEqual(
        bench.internal.received.emergencies.map(({ outcome, target }) => ({ outcome, target })),
        [{ outcome: 'connected', target: `sip:112@${gateway.address}` }],
      );
    }
  });

  test('wrong credentials do not matter, and the identity of the site is shown', async () => {
    bench.internal.emergency.callerIdentity = '+4989123456';
    const phone = await bench.phone({ login: { user: 'dev-1', password: 'wrong' } });
    const call = await phone.call('112', {
      login: null,
      headers: [
        [
          'Authorization',
          'Digest username="dev-1", realm="dialgate.test", nonce="x", uri="sip:112", response="0"',
        ],
      ],
    });
    await call.answered();
    assert.match(first(gateway.invites[0]!, 'from'), /sip:\+4989123456@/);
    assert.equal(bench.internal.received.routes.at(-1)?.user, 'dev-1');
    await call.hangUp();
  });

  test('ringing and early media are passed on', async () => {
    gateway.behaviour = 'early-media';
    const phone = await bench.phone();
    const call = await phone.call('112', { login: null });
    const early = await until('183', () => call.received.find(({ status }) => status === 183));
    assert.match(early.body, new RegExp(`m=audio ${gateway.mediaPort} `));
    await call.answered();
    await call.hangUp();
  });

  test('CANCEL is passed on', async () => {
    gateway.behaviour = 'ring';
    const phone = await bench.phone();
    const call = await phone.call('112', { login: null });
    await until('180', () => call.received.find(({ status }) => status === 180));
    call.cancel();
    assert.equal((await call.response()).status, 487);
    await until('CANCEL at the gateway', () => gateway.cancels > 0);
    await report();
    assert.equal(bench.internal.received.emergencies[0]?.outcome, 'failed');
  });

  test('a target that refuses, is closed, or cannot even be sent to is followed by the next', async () => {
    bench.internal.emergency.targets = [
      `sip:112@${bench.sip.host}:${bench.sip.port}`,
      'sip:112@127.0.0.1:1',
      'sip:112@no-such-host.invalid',
      `sip:503@${gateway.address}`,
      `sip:112@${gateway.address}`,
    ];
    const phone = await bench.phone();
    const call = await phone.call('112', { login: null });
    await call.response(30_000);
    await call.answered();
    await report();
    assert.equal(bench.internal.received.emergencies[0]?.target, `sip:112@${gateway.address}`);
    await call.hangUp();
  });

  test('a target that shows no sign of life is given up for the next', async () => {
    bench.internal.emergency.targets = [`sip:silent@${gateway.address}`, `sip:112@${gateway.address}`];
    const phone = await bench.phone();
    const call = await phone.call('112', { login: null });
    assert.equal((await call.response(12_000)).status, 200);
    await call.hangUp();
  });

  test('when all targets fail the caller gets the last status, and it is reported', async () => {
    bench.internal.emergency.targets = [`sip:503@${gateway.address}`];
    const phone = await bench.phone();
    const call = await phone.call('112', { login: null });
    assert.equal((await call.response()).status, 503);
    await report();
    const [{ outcome, status } = { outcome: null, status: null }] = bench.internal.received.emergencies;
    assert.deepEqual({ outcome, status }, { outcome: 'failed', status: 503 });
  });

  test('a challenge, a redirection or a refusal for all by the last target is none to the caller', async () => {
    const phone = await bench.phone();
    for (const status of [407, 302, 603]) {
      bench.internal.emergency.targets = [`sip:${status}@${gateway.address}`];
      const call = await phone.call('112', { login: null });
      assert.equal((await call.response()).status, 503, String(status));
    }
  });

  test('a caller who makes no offer is connected too', async () => {
    const phone = await bench.phone();
    const call = await phone.call('112', { login: null, lateOffer: true });
    const answer = await call.answered();
    assert.match(answer.body, new RegExp(`m=audio ${gateway.mediaPort} `));
    await until('ACK at the gateway', () => gateway.acks > 0);
    assert.equal(gateway.ackBody, call.media.offer());
    await call.hangUp();
    await until('BYE at the gateway', () => gateway.byes > 0);
  });

  test("without the internal app the installation's numbers and route decide", async () => {
    bench.internal.broken = true;
    const phone = await bench.phone();
    const call = await phone.call('911', { login: null });
    await call.answered();
    assert.match(gateway.invites[0]?.start ?? '', /^INVITE sip:911@/);
    bench.internal.broken = false;
    await report();
    await call.hangUp();
  });

  test('a number that only begins or ends like an emergency number is none', async () => {
    const phone = await bench.phone();
    for (const dialled of ['0112', '1120', '911234']) {
      assert.equal((await (await phone.call(dialled, { login: null })).response()).status, 401, dialled);
    }
    assert.equal(gateway.invites.length, 0);
  });
});
