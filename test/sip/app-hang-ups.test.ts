/**
 * Callers who go in the middle of something, and callers who should not be there. Nothing is left
 * behind.
 */
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { LOGIN, startBench, type Bench } from './app-support/bench.js';
import { first, formatMessage } from './app-support/sip-wire.js';
import { sleep, until } from './app-support/wait.js';

describe('callers who go, or are not let in', () => {
  let bench: Bench;
  before(async () => {
    bench = await startBench();
  });
  after(() => bench.close());
  afterEach(() => bench.settle());
  beforeEach(() => {
    const { internal } = bench;
    internal.verdicts = [{ kind: 'accepted' }];
    internal.verdictDelay = 0;
    internal.broken = false;
  });

  const ended = (): Promise<unknown> => until('end', () => bench.internal.received.ends[0]);

  test('hanging up during the question, an entry, the verdict or the announcement ends the call once', async () => {
    const phone = await bench.phone();
    bench.internal.verdictDelay = 300;
    const moments: [
      outcome: string,
      keys: string,
      wait: (call: Awaited<ReturnType<typeof phone.call>>) => Promise<unknown>,
    ][] = [
      ['abandoned', '', (call) => until('sound', () => call.media.hearing.firstSoundAt)],
      ['abandoned', '123', () => sleep(600)],
      ['accepted', '123456#', () => until('attempt', () => bench.internal.received.attempts.length > 0)],
      ['accepted', '123456#', (call) => call.heard('authenticated')],
    ];
    for (const [outcome, keys, wait] of moments) {
      bench.internal.received.openings.length = bench.internal.received.ends.length = 0;
      bench.internal.received.attempts.length = 0;
      const call = await phone.call('*89');
      await call.answered();
      call.media.key(keys);
      await wait(call);
      assert.equal((await call.hangUp()).status, 200);
      await ended();
      assert.deepEqual(
        bench.internal.received.ends.map((end) => end.outcome),
        [outcome],
      );
    }
  });

  test('CANCEL at any moment before the answer leaves no call behind', async () => {
    const phone = await bench.phone();
    for (const wait of [0, 5, 10, 20, 30, 45, 60]) {
      const call = await phone.call('*89');
      await sleep(wait);
      call.cancel();
      const response = await call.response();
      assert.ok([487, 200].includes(response.status), response.start);
      if (response.status === 200) await call.hangUp();
    }
    const call = await phone.call('*89');
    await call.answered();
    await call.heard('enter-pin-6');
    await call.hangUp();
  });

  test('a wrong password and an unknown user get the same answer, with the same headers', async () => {
    const answers = [];
    for (const login of [
      { ...LOGIN, password: 'wrong' },
      { user: 'nobody', password: 'wrong' },
    ]) {
      const phone = await bench.phone({ login });
      answers.push(await (await phone.call('*89')).response());
    }
    const [known, unknown] = answers;
    assert.equal(known!.status, 403);
    assert.equal(unknown!.status, 403);
    const names = (message: typeof known): string[] => message!.headers.map(([name]) => name).sort();
    assert.deepEqual(names(known), names(unknown));
  });

  test('what cannot be a call to us is refused by its own status', async () => {
    const phone = await bench.phone();
    const video =
      'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=video 5000 RTP/AVP 96\r\n';
    const g729 = `${video.replace('m=video 5000 RTP/AVP 96', 'm=audio 5000 RTP/AVP 18')}a=rtpmap:18 G729/8000\r\n`;
    const srtp = video.replace('m=video 5000 RTP/AVP 96', 'm=audio 5000 RTP/SAVP 0');
    for (const body of [video, g729, srtp, 'nonsense']) {
      assert.equal((await (await phone.call('*89', { body })).response()).status, 488, body);
    }
    const typed = await phone.call('*89', { body: '<x/>', contentType: 'application/xml' });
    assert.equal((await typed.response()).status, 415);
    const malformed = await phone.call('*89', {
      login: null,
      headers: [['Authorization', 'Digest username="x']],
    });
    assert.ok([400, 401].includes((await malformed.response()).status));
  });

  test('a caller who makes no offer gets ours and is heard all the same', async () => {
    const phone = await bench.phone();
    const call = await phone.call('*89', { lateOffer: true });
    const answer = await call.answered();
    assert.match(answer.body, /m=audio/);
    await call.heard('enter-pin-6');
    call.media.key('123456#');
    await call.ended();
    assert.deepEqual(call.media.hearing.names, ['enter-pin-6', 'authenticated', 'goodbye']);
  });

  test('without the internal app a call is put off with 503 and Retry-After', async () => {
    bench.internal.broken = true;
    const phone = await bench.phone();
    const response = await (await phone.call('*89')).response();
    assert.equal(response.status, 503);
    assert.notEqual(first(response, 'retry-after'), '');
  });

  test('the other methods are answered as they deserve', async () => {
    const phone = await bench.phone();
    const expected = {
      OPTIONS: 200,
      INFO: 481,
      SUBSCRIBE: 489,
      MESSAGE: 405,
      PUBLISH: 405,
      NOTIFY: 405,
    };
    for (const [method, status] of Object.entries(expected)) {
      const uri = `sip:${bench.sip.host}:${bench.sip.port}`;
      const extra: [string, string][] = [
        ['Contact', `<${phone.contact}>`],
        ['Event', 'presence'],
        ['Subscription-State', 'active'],
      ];
      const response = await phone.exchange(`${method} ${uri} SIP/2.0`, [...phone.headers(method), ...extra]);
      assert.equal(response.status, status, method);
      if (status === 200 || status === 405) assert.match(first(response, 'allow'), /INVITE/);
    }
  });

  test('garbage is survived', async () => {
    const phone = await bench.phone();
    phone.send('INVITE');
    phone.send(formatMessage('INVITE sip:x SIP/2.0', [['Via', 'garbage']]));
    phone.send(
      formatMessage('REGISTER sip:x SIP/2.0', [
        ...phone.headers('REGISTER'),
        ['Authorization', 'Digest ,,,='],
      ]),
    );
    phone.send('\0'.repeat(500));
    const response = await phone.exchange(
      `OPTIONS sip:${bench.sip.host}:${bench.sip.port} SIP/2.0`,
      phone.headers('OPTIONS'),
    );
    assert.equal(response.status, 200);
  });
});
