/**
 * Requests in the name of an address that their sender does not have: they bring that address no
 * audio, judge nothing, and change no call.
 */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { after, before, beforeEach, describe, test } from 'node:test';
import { LOGIN, startBench, type Bench } from './app-support/bench.js';
import type { PhoneCall } from './app-support/phone-call.js';
import { authorization, first, type Message } from './app-support/sip-wire.js';
import type { TestPhone } from './app-support/test-phone.js';
import { until } from './app-support/wait.js';

const SDP: [string, string] = ['Content-Type', 'application/sdp'];
const OTHER = '127.0.0.2';

interface Ending {
  after(end: () => void): void;
}

interface Victim {
  /** An offer that names it. */
  offer: string;
  packets(): number;
}

describe('an address that is not the sender’s', () => {
  let bench: Bench;
  before(async () => {
    bench = await startBench();
  });
  after(() => bench.close());
  beforeEach(() => {
    bench.internal.opened = {
      languages: ['en'],
      asks: 'pap',
      papDigits: 6,
      state: 'needed',
      attemptsLeft: 3,
    };
    bench.internal.verdicts = [{ kind: 'accepted' }];
    bench.internal.received.attempts.length = bench.internal.received.openings.length = 0;
  });

  async function startVictim(t: Ending): Promise<Victim> {
    const socket = createSocket('udp4');
    t.after(() => socket.close());
    let packets = 0;
    socket.on('message', () => (packets += 1));
    socket.bind(0, OTHER);
    await once(socket, 'listening');
    const lines = ['v=0', `o=- 1 1 IN IP4 ${OTHER}`, 's=-', `c=IN IP4 ${OTHER}`, 't=0 0'];
    const media = [`m=audio ${socket.address().port} RTP/AVP 0 101`, 'a=rtpmap:101 telephone-event/8000', ''];
    return { offer: [...lines, ...media].join('\r\n'), packets: () => packets };
  }

  const challenge = async (phone: TestPhone, method: string, uri: string): Promise<Message> =>
    phone.exchange(`${method} ${uri} SIP/2.0`, [
      ...phone.headers(method, { to: `<${uri}>` }),
      ['Contact', `<${phone.contact}>`],
    ]);

  const send = (
    phone: TestPhone,
    method: string,
    uri: string,
    login: string,
    body = '',
  ): Promise<Message> => {
    const type = body === '' ? [] : [SDP];
    const own: [string, string][] = [['Contact', `<${phone.contact}>`], ['Authorization', login], ...type];
    const to = method === 'REGISTER' ? {} : { to: `<${uri}>` };
    return phone.exchange(`${method} ${uri} SIP/2.0`, [...phone.headers(method, to), ...own], body);
  };

  for (const method of ['INVITE', 'REGISTER']) {
    test(`a nonce from elsewhere makes ${method} stale, whatever the password, and the next one is good`, async () => {
      const [owner, other] = [await bench.phone(), await bench.phone({ host: OTHER })];
      const uri = method === 'INVITE' ? 'sip:*89*000000@dialgate.test' : 'sip:dialgate.test';
      for (const login of [LOGIN, { ...LOGIN, password: 'wrong' }]) {
        const taken = authorization(await challenge(owner, method, uri), login, method, uri);
        const refused = await send(other, method, uri, taken);
        assert.equal(refused.status, 401);
        assert.match(first(refused, 'www-authenticate'), /stale=true/);
        assert.deepEqual(bench.internal.received.attempts, []);
        if (login !== LOGIN) continue;
        const fresh = authorization(refused, login, method, uri);
        const body = method === 'INVITE' ? (await owner.call('1', { login: null })).media.offer() : '';
        assert.equal(
          (await send(other, method, uri, fresh, body)).status,
          200,
          'a phone whose address changed',
        );
      }
    });
  }

  /**
   * Has an attempt answered, and leaves it to `acknowledge` what comes of it. Answers what has come
   * when the call is over.
   */
  async function attempt(t: Ending, acknowledge: (answer: Message) => void): Promise<[Victim, TestPhone]> {
    const victim = await startVictim(t);
    const phone = await bench.phone({ host: OTHER });
    const uri = 'sip:*89*123456@dialgate.test';
    const login = authorization(await challenge(phone, 'INVITE', uri), LOGIN, 'INVITE', uri);
    const answer = await send(phone, 'INVITE', uri, login, victim.offer);
    assert.equal(answer.status, 200);
    acknowledge(answer);
    await until('BYE', () => phone.requests('BYE')[0]);
    return [victim, phone];
  }

  test('a call that is never acknowledged, or from another address, brings no audio, judges nothing, and is ended', async (t) => {
    const other = await bench.phone({ host: '127.0.0.3' });
    const calls = [
      attempt(t, () => undefined),
      attempt(t, (answer) => {
        const target = /<([^>]+)>/.exec(first(answer, 'contact'))?.[1];
        const copied = ['via', 'from', 'to', 'call-id'].map((name) => `${name}: ${first(answer, name)}`);
        const number = Number.parseInt(first(answer, 'cseq'), 10);
        other.send([`ACK ${target} SIP/2.0`, ...copied, `CSeq: ${number} ACK`, '', ''].join('\r\n'));
      }),
    ];
    for (const [victim, phone] of await Promise.all(calls)) {
      assert.equal(victim.packets(), 0);
      const bytes = phone.received.reduce((sum, one) => sum + one.start.length + one.body.length + 500, 0);
      assert.ok(bytes < 10_000, `${bytes} bytes of SIP`);
    }
    assert.deepEqual(bench.internal.received.attempts, []);
    await bench.settle();
  });

  const change = (call: PhoneCall, by: TestPhone, method: string, body: string): Promise<Message> =>
    call.request(method, [['Contact', `<${by.contact}>`], ...(body === '' ? [] : [SDP])], body, by);

  test('a re-INVITE or UPDATE from another address is refused, and the call goes on as it was', async (t) => {
    const victim = await startVictim(t);
    const [phone, other] = [await bench.phone(), await bench.phone({ host: OTHER })];
    const call = await phone.call('*89');
    await call.answered();
    await call.heard('enter-pin-6');
    for (const method of ['INVITE', 'UPDATE'])
      assert.equal((await change(call, other, method, victim.offer)).status, 488, method);
    assert.equal((await change(call, other, 'INVITE', '')).status, 488, 'without an offer');
    call.media.key('123456#');
    await call.ended();
    assert.deepEqual(
      bench.internal.received.attempts.map(({ digits }) => digits),
      ['123456'],
    );
    assert.deepEqual(call.media.hearing.names.slice(-2), ['authenticated', 'goodbye']);
    assert.equal(victim.packets(), 0);
  });

  test('behind a NAT a phone may send each request from another port', async () => {
    const [phone, rebound] = [await bench.phone(), await bench.phone()];
    const uri = 'sip:*89@dialgate.test';
    const taken = authorization(await challenge(phone, 'INVITE', uri), LOGIN, 'INVITE', uri);
    const { media } = await phone.call('1', { login: null });
    assert.equal((await send(rebound, 'INVITE', uri, taken, media.offer())).status, 200);
    const call = await phone.call('*89');
    await call.answered();
    await call.heard('enter-pin-6');
    assert.equal((await change(call, rebound, 'INVITE', call.media.offer())).status, 200);
    assert.equal((await change(call, rebound, 'BYE', '')).status, 200);
  });
});
