/**
 * Floods: their cost is bounded, they cause no query, and phones and emergency calls get through.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { makeAccountName } from '../../src/domain/account-name.js';
import { startBench, type Bench } from './app-support/bench.js';
import { startFlood, type Flood } from './app-support/flood.js';
import { startGateway, type Gateway } from './app-support/gateway.js';
import { REALM } from './app-support/internal-app.js';
import { branch, formatMessage } from './app-support/sip-wire.js';
import type { TestPhone } from './app-support/test-phone.js';
import { UNLESS_EMBEDDED } from '../support/engines.js';
import { until } from '../support/wait-for.js';

const KEY = Buffer.from('a key for names');
const FLOOD_MS = 5000;
const PER_SECOND = 1500;

describe('a flood', UNLESS_EMBEDDED, () => {
  let bench: Bench;
  let gateway: Gateway;
  before(async () => {
    const accountNameKey = KEY.toString('base64');
    bench = await startBench({ admission: { version: '1', emergencyNumbers: ['112'], accountNameKey } });
    gateway = await startGateway();
    bench.internal.emergency = {
      numbers: ['112'],
      targets: [`sip:112@${gateway.address}`],
      callerIdentity: null,
    };
  });
  after(async () => {
    await bench.close();
    gateway.close();
  });

  /** A phone of ours that has not registered before. */
  const newPhone = (): Promise<TestPhone> => {
    const login = { user: makeAccountName(KEY), password: 'a password' };
    bench.internal.users.set(login.user, login.password);
    return bench.phone({ login, resends: true });
  };
  const floodFrom = (from: string, sockets: number): Flood =>
    startFlood({
      target: bench.sip,
      from,
      sockets,
      perSecond: PER_SECOND,
      milliseconds: FLOOD_MS,
      realm: REALM,
    });
  /** A thread that is busy with a flood may not say it within its second: it is asked again. */
  const dropped = (): Promise<number> =>
    bench.held().then(
      ({ sip }) => sip?.dropped ?? 0,
      () => 0,
    );
  const underWay = (): Promise<unknown> => until(async () => (await dropped()) > 200, { what: 'flood' });

  for (const [where, from, sockets] of [
    ['another address', '127.0.0.2', 50],
    ['the same address', '127.0.0.1', 3],
  ] as const) {
    test(`from ${where} keeps no phone out, no call for help, and asks nobody anything`, async () => {
      const { received } = bench.internal;
      received.accounts.length = received.routes.length = 0;
      const registered = await newPhone();
      assert.equal((await registered.register()).status, 200);
      const flood = floodFrom(from, sockets);
      await underWay();

      const fresh = await newPhone();
      assert.equal((await fresh.register()).status, 200, 'a phone that nobody has seen before');
      assert.equal((await registered.register()).status, 200, 'one that is at home');
      const call = await registered.call('*89');
      const help = await (await bench.phone({ resends: true })).call('112', { login: null });
      await help.answered();
      await call.answered();
      await call.heard('enter-pin-6');
      await Promise.all([call.hangUp(), help.hangUp()]);

      assert.ok((await flood.stop()) > 1000, 'it was one');
      const { user } = fresh.options.login;
      assert.deepEqual(received.accounts, [registered.options.login.user, user]);
      assert.deepEqual(received.routes.map(({ dialled }) => dialled).sort(), ['*89', '112']);
      assert.deepEqual(bench.application.ready(), { sipServer: true, mediaServer: true });
    });
  }

  /**
   * Datagrams that look as if they came from that phone, as a third party can send them that knows
   * its address and port.
   */
  const forgeAs = (phone: TestPhone, count: number): void => {
    for (let n = 0; n < count; n++)
      phone.send(
        formatMessage(`REGISTER sip:${REALM} SIP/2.0`, [
          ['Via', `SIP/2.0/UDP ${phone.address};branch=${branch()}`],
          ['From', `<sip:forged@${REALM}>;tag=1`],
          ['To', `<sip:forged@${REALM}>`],
          ['Call-ID', branch()],
          ['CSeq', '1 REGISTER'],
        ]),
      );
  };

  test('of datagrams in the name of a phone does not silence it: neither a burst, nor one that goes on', async () => {
    const phone = await newPhone();
    assert.equal((await phone.register()).status, 200);
    const already = await dropped();
    forgeAs(phone, 900);
    assert.equal((await phone.register()).status, 200, 'after a burst');

    const timer = setInterval(() => forgeAs(phone, 20), 10);
    try {
      await until(async () => (await dropped()) > already + 200, { what: 'flood' });
      assert.equal((await phone.register()).status, 200, 'while it goes on');
      const call = await phone.call('*89');
      await call.answered();
      await call.heard('enter-pin-6');
      await call.hangUp();
    } finally {
      clearInterval(timer);
    }
  });

  test('of RTP at the port of a call does not disturb it: no key of a stranger counts, none of the caller is lost', async () => {
    const { internal } = bench;
    internal.received.attempts.length = 0;
    const call = await (await newPhone()).call('*89');
    const port = Number(/m=audio (\d+)/.exec((await call.answered()).body)?.[1]);
    await call.heard('enter-pin-6');
    const flood = startFlood({
      kind: 'rtp',
      target: { host: '127.0.0.1', port },
      from: '127.0.0.3',
      sockets: 2,
      perSecond: 5000,
      milliseconds: FLOOD_MS,
      realm: REALM,
    });
    call.media.key('135790#');
    await call.ended();
    assert.ok((await flood.stop()) > 1000, 'it was one');
    assert.deepEqual(
      internal.received.attempts.map(({ digits }) => digits),
      ['135790'],
    );
    assert.deepEqual(call.media.hearing.names, ['enter-pin-6', 'authenticated', 'goodbye']);
  });

  test('leaves nothing behind but what absorbs repeats, and that is bounded', async () => {
    const { sip, media } = await until(async () => {
      const held = await bench.held();
      return held.sip?.incomingRequests === 0 && held.media?.channels === 0 ? held : null;
    });
    assert.ok((sip?.serverTransactions ?? 0) < 10_000, `${sip?.serverTransactions} transactions`);
    assert.deepEqual([sip?.dialogs, media?.rtpPorts, media?.paced], [0, 0, 0]);
  });
});
