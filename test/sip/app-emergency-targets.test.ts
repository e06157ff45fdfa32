/**
 * Several targets: what one does, or does not, leads to the next. All at once, each call with a
 * number and targets of its own.
 */
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { EmergencyReport } from '../../src/contract/messages.js';
import { startBench, type Bench } from './app-support/bench.js';
import { startGateway, type Gateway } from './app-support/gateway.js';
import { until } from './app-support/wait.js';

describe('an emergency call with several targets', { concurrency: true }, () => {
  let bench: Bench;
  let gateway: Gateway;
  before(async () => {
    gateway = await startGateway();
    bench = await startBench();
  });
  after(async () => {
    await bench.close();
    gateway.close();
  });

  let numbers = 1000;
  /**
   * Dials a number that has these targets (the user at our gateway, or a URI); answers the final
   * status and the report.
   */
  const dial = async (
    targets: readonly string[],
    limitMs = 60_000,
  ): Promise<{ status: number; report: EmergencyReport }> => {
    const number = String((numbers += 1));
    const uris = targets.map((one) => (one.includes(':') ? one : `sip:${one}@${gateway.address}`));
    bench.internal.emergencies.set(number, uris);
    const phone = await bench.phone();
    const call = await phone.call(number, { login: null });
    const { status } = await call.response(limitMs);
    if (status === 200) await call.hangUp();
    const report = await until('report', () =>
      bench.internal.received.emergencies.find(({ dialled }) => dialled === number),
    );
    return { status, report };
  };

  for (const refusal of [404, 480, 486, 488, 500, 503, 600, 603, 401, 407]) {
    test(`goes on after a ${refusal}: a target speaks for itself alone`, async () => {
      const { status, report } = await dial([String(refusal), '112']);
      assert.equal(status, 200);
      assert.equal(report.target, `sip:112@${gateway.address}`);
      assert.deepEqual(
        report.tried?.map((one) => one.status),
        [refusal],
      );
    });
  }

  test('follows a redirection', async () => {
    const { status, report } = await dial(['moved', '503']);
    assert.equal(status, 200);
    assert.equal(report.target, `sip:moved@${gateway.address}`);
  });

  test('goes on after a target that is ourselves, is closed, has no address, or shows no sign of life', async () => {
    const ourselves = `sip:112@${bench.sip.host}:${bench.sip.port}`;
    const { status, report } = await dial(
      [ourselves, 'sip:112@127.0.0.1:1', 'sip:112@no-such-host.invalid', 'silent', '112'],
      40_000,
    );
    assert.equal(status, 200);
    assert.equal(report.outcome, 'connected');
    assert.equal(report.tried?.length, 4);
    assert.equal(report.tried?.[3]?.reason, 'no sign of life');
  });

  test('that nobody takes ends with the last status, and all that was tried is reported', async () => {
    const { status, report } = await dial(['404', '486']);
    assert.equal(status, 486);
    assert.deepEqual([report.outcome, report.status], ['failed', 486]);
    assert.deepEqual(report.tried, [
      { target: `sip:404@${gateway.address}`, status: 404, reason: report.tried?.[0]?.reason },
    ]);
  });

  for (const refusal of [401, 407, 305, 603, 421]) {
    test(`that the last target answers ${refusal} is none of the caller's affairs: 503`, async () => {
      const { status, report } = await dial([String(refusal)]);
      assert.equal(status, 503);
      assert.equal(report.status, refusal);
    });
  }

  test('that leads nowhere is answered, and reported', async () => {
    const { status, report } = await dial([]);
    assert.equal(status, 503);
    assert.deepEqual([report.outcome, report.target], ['failed', null]);
  });
});
