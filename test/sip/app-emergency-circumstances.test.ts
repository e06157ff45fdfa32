/** Emergency calls when everything else is down, or the caller's credentials are no good. */
import { after, before, beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { UNLESS_EMBEDDED } from '../support/engines.js';
import { LOGIN, startBench, type Bench } from './app-support/bench.js';
import { startGateway, type Gateway } from './app-support/gateway.js';
import type { PhoneCall } from './app-support/phone-call.js';
import { authorization } from './app-support/sip-wire.js';
import { until } from './app-support/wait.js';

describe('an emergency call is connected', () => {
  let bench: Bench;
  let gateway: Gateway;
  before(async () => {
    gateway = await startGateway();
    bench = await startBench({ media: false, emergencyRoute: [`sip:${gateway.address}`] });
  });
  after(async () => {
    await bench.close();
    gateway.close();
  });
  beforeEach(() => {
    gateway.reset();
    bench.internal.hung = false;
    const targets = [`sip:112@${gateway.address}`];
    bench.internal.emergency = { numbers: ['112'], targets, callerIdentity: null };
  });

  const connect = async (headers: [string, string][] = []): Promise<PhoneCall> => {
    const call = await (await bench.phone()).call('112', { login: null, headers });
    await call.answered();
    assert.deepEqual(
      call.received.map(({ status }) => status).filter((status) => status >= 200),
      [200],
      'it is never challenged',
    );
    await call.hangUp();
    return call;
  };

  test('without a media server, while the authentication service cannot be reached', async () => {
    const phone = await bench.phone();
    assert.equal((await (await phone.call('*89')).response()).status, 503);
    await connect();
  });

  test('with credentials that are stale, of an algorithm that nobody knows, or no credentials at all but the name', async () => {
    const phone = await bench.phone();
    const challenged = await (await phone.call('*89', { login: null })).response();
    const stale = authorization(challenged, LOGIN, 'INVITE', 'sip:112@dialgate.test').replace(
      /nonce="[^"]*"/,
      'nonce="of yesterday"',
    );
    const parameters = 'realm="dialgate.test", nonce="x", uri="sip:112@dialgate.test", response="0"';
    for (const value of [
      stale,
      `Digest username="${LOGIN.user}", ${parameters}, algorithm=ROT13`,
      `Digest ${parameters}`,
      'Basic ZGV2LTE6eA==',
    ])
      await connect([['Authorization', value]]);
  });

  // A drachtio-server refuses what it cannot read with 400 before it asks anybody
  // (docs/decisions/0007).
  test('with credentials that cannot be read', UNLESS_EMBEDDED, async () => {
    await connect([['Authorization', 'Digest username="unfinished']]);
  });

  test('while the internal app takes the question and does not answer', async () => {
    bench.internal.hung = true;
    await connect();
  });

  test('while the application is ending, as long as it is there', async () => {
    bench.internal.emergencies.set('1120', [`sip:ringing@${gateway.address}`]);
    const ringing = await (await bench.phone()).call('1120', { login: null });
    await until('180', () => ringing.received.find(({ status }) => status === 180));
    const stopped = bench.application.stop();
    await connect();
    ringing.cancel();
    await stopped;
    assert.deepEqual(
      bench.internal.received.emergencies
        .slice(-2)
        .map(({ dialled }) => dialled)
        .toSorted(),
      ['112', '1120'],
      'and what became of both is told',
    );
  });
});
