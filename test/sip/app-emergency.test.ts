/** Emergency calls, from any caller, in any way. */
import { after, before, beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { EmergencyReport } from '../../src/contract/messages.js';
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

  const report = (): Promise<EmergencyReport> =>
    until('report', () => bench.internal.received.emergencies[0]);

  let mendedAt = 0;
  const reportOnceMended = async (): Promise<EmergencyReport> => {
    mendedAt = Date.now();
    bench.internal.broken = false;
    return report();
  };

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
    bench.internal.emergency.callerIdentity = { name: 'Example "Ltd", Wien', number: '+4989123456' };
    assert.equal((await (await bench.phone()).register()).status, 200);
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
    for (const header of ['from', 'p-asserted-identity']) {
      const shown = first(gateway.invites[0]!, header);
      assert.match(shown, /^"Example \\"Ltd\\", Wien" <sip:\+4989123456@dialgate\.test>/, header);
    }
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

  test('without an identity nobody is asserted to be the caller, and what the phone says of its place goes on', async () => {
    const phone = await bench.phone();
    assert.equal((await phone.register()).status, 200);
    const place: [string, string] = ['Geolocation', '<cid:target123@example.com>'];
    const call = await phone.call('112', { login: null, headers: [place] });
    await call.answered();
    const [invite] = gateway.invites;
    assert.match(first(invite!, 'from'), /^<sip:dev-1@dialgate\.test>/);
    assert.equal(first(invite!, 'p-asserted-identity'), '');
    assert.equal(first(invite!, 'geolocation'), place[1]);
    await call.hangUp();
  });

  test('a number is known in every form that phones dial it in', async () => {
    bench.internal.emergency.numbers = ['112', '+49110'];
    const forms: Record<string, string> = {
      'sip:112@dialgate.test;user=phone': '112',
      'sip:112;phone-context=+49@dialgate.test;user=phone': '112',
      'sip:1%2012@dialgate.test': '112',
      'sip:1-1-2@dialgate.test': '112',
      'sip:112%23@dialgate.test': '112',
      'sip:112:secret@dialgate.test': '112',
      'tel:112;phone-context=+49': '112',
      'tel:+49-110': '+49110',
      'sip:%2B49110@dialgate.test;user=phone': '+49110',
      'urn:service:sos': '112',
      'urn:service:sos.fire': '112',
    };
    const phone = await bench.phone();
    for (const [uri, number] of Object.entries(forms)) {
      bench.internal.emergency.targets = [`sip:${number}@${gateway.address}`];
      gateway.reset();
      const call = await phone.call(uri, { login: null });
      await call.answered().catch((error: unknown) => assert.fail(`${uri}: ${String(error)}`));
      assert.ok(gateway.invites[0]?.start.startsWith(`INVITE sip:${number}@`), uri);
      await call.hangUp();
    }
  });

  test("without the internal app the installation's numbers and route decide", async () => {
    bench.internal.broken = true;
    const phone = await bench.phone({ login: { user: 'stranger', password: '' } });
    const call = await phone.call('911', { login: null });
    await call.answered();
    assert.match(gateway.invites[0]?.start ?? '', /^INVITE sip:911@/);
    const { at, dialled } = await reportOnceMended();
    assert.equal(dialled, '911');
    assert.ok(Date.parse(at ?? '') < mendedAt, 'dated when it happened');
    await call.hangUp();
  });

  test('without the internal app a phone that has registered is connected by what held then, whoever says he is that phone', async () => {
    bench.internal.plan = {
      numbers: ['144'],
      route: [`sip:site@${gateway.address}`],
      callerIdentity: { name: 'Wien', number: '+431234' },
    };
    const phone = await bench.phone();
    assert.equal((await phone.register()).status, 200);
    bench.internal.broken = true;
    const call = await phone.call('144', { login: null });
    await call.answered();
    assert.match(gateway.invites[0]?.start ?? '', /^INVITE sip:144@/);
    assert.match(first(gateway.invites[0]!, 'from'), /^"Wien" <sip:\+431234@/);
    await call.hangUp();
    const other = await phone.call('911', { login: null });
    assert.equal((await other.response()).status, 503, 'the numbers of the site replace the others');
    await reportOnceMended();
  });

  test('a number that only begins or ends like an emergency number is none', async () => {
    const phone = await bench.phone();
    for (const dialled of ['0112', '1120', '911234']) {
      assert.equal((await (await phone.call(dialled, { login: null })).response()).status, 401, dialled);
    }
    assert.equal(gateway.invites.length, 0);
  });
});
