/** What phones offer besides plain audio, and what is no offer at all. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startBench, type Bench } from './app-support/bench.js';
import type { PhoneCall } from './app-support/phone-call.js';
import { until } from './app-support/wait.js';

const CRYPTO = 'a=crypto:8 AES_CM_128_HMAC_SHA1_80 inline:QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB';

/** As phones with optional SRTP write it: the same audio twice. */
function twice(plain: string, secureFirst: boolean): string {
  const at = plain.indexOf('m=audio');
  const audio = plain.slice(at);
  const secure = audio.replace('RTP/AVP', 'RTP/SAVP').replace('\r\n', `\r\n${CRYPTO}\r\n`);
  return plain.slice(0, at) + (secureFirst ? secure + audio : audio + secure);
}

const portsOf = (body: string): string[] =>
  [...body.matchAll(/^m=(\S+ \d+)/gm)].map(([, media = '']) => media);

describe('offers', { concurrency: true }, () => {
  let bench: Bench;
  before(async () => {
    bench = await startBench();
    bench.internal.opened = {
      languages: ['en'],
      asks: 'pap',
      papDigits: 6,
      state: 'needed',
      attemptsLeft: 3,
    };
    bench.internal.verdicts = Array.from({ length: 10 }, () => ({ kind: 'accepted' as const }));
  });
  after(() => bench.close());

  const callWith = async (change: (plain: string) => string): Promise<PhoneCall> => {
    const phone = await bench.phone();
    return phone.call('*89', { changeOffer: change });
  };

  for (const secureFirst of [true, false]) {
    test(`optional SRTP, ${secureFirst ? 'SRTP first' : 'plain first'}: the plain audio is taken, in a re-INVITE too`, async () => {
      const call = await callWith((plain) => twice(plain, secureFirst));
      await call.answered();
      const plainAt = secureFirst ? 1 : 0;
      const check = (body: string): void => {
        const ports = portsOf(body);
        assert.equal(ports.length, 2);
        assert.match(ports[plainAt] ?? '', /^audio [1-9]/);
        assert.equal(ports[1 - plainAt], 'audio 0');
      };
      check(call.received.find(({ status }) => status === 200)?.body ?? '');
      await call.heard('enter-pin-6', 1, 20_000);
      const type: [string, string] = ['Content-Type', 'application/sdp'];
      const offer = twice(call.media.offer(), secureFirst);
      check((await call.request('INVITE', [['Contact', call.contact], type], offer)).body);
      const digits = secureFirst ? '111111' : '222222';
      call.media.key(`${digits}#`);
      await until('attempt', () => bench.internal.received.attempts.some((one) => one.digits === digits));
      await call.ended();
    });
  }

  test('SRTP alone, and what cannot be read, is 488, and the next caller is served all the same', async () => {
    const changes: ((plain: string) => string)[] = [
      (plain) => plain.replace('RTP/AVP', 'RTP/SAVP'),
      (plain) => plain.replace('v=0\r\n', ''),
      (plain) => plain.replace('v=0', 'v=7'),
      () => 'hello',
      (plain) => plain.replace(/^m=audio \d+/m, 'm=audio 70000'),
      (plain) => plain.replace(/^c=.*\r\n/gm, ''),
      (plain) => plain.replace(/^m=.*$/m, 'm=audio 4000 RTP/AVP 18').replaceAll(/^a=rtpmap.*\r\n/gm, ''),
    ];
    for (const change of changes) {
      const call = await callWith(change);
      assert.equal((await call.response()).status, 488);
    }
    const call = await callWith((plain) => plain);
    await call.answered();
    await call.hangUp();
    assert.ok(!bench.logged.some((line) => line.includes('no media for a call')));
  });
});
