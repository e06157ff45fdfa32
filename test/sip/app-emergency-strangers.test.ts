/**
 * Emergency calls of callers who are not known: connected, but not as anybody they say, nor as many
 * as they like; and who counts as known.
 */
import { after, before, beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { startBench, type Bench } from './app-support/bench.js';
import { startGateway, type Gateway } from './app-support/gateway.js';
import { REALM } from './app-support/internal-app.js';
import { first, formatMessage, type Message } from './app-support/sip-wire.js';
import { sleep, until } from './app-support/wait.js';

const OTHER = '127.0.0.2';
const STRANGER = { user: 'stranger', password: '' };
const SDP: [string, string] = ['Content-Type', 'application/sdp'];
/** What a caller can say of itself. */
const SAID: [string, string][] = [
  ['Geolocation', '<cid:place@example.com>'],
  ['Geolocation-Routing', 'yes'],
  ['Priority', 'emergency'],
  ['Resource-Priority', 'esnet.1'],
  ['P-Asserted-Identity', '<sip:+4930110@example.com>'],
  ['P-Preferred-Identity', '<sip:+4930110@example.com>'],
  ['Remote-Party-ID', '<sip:+4930110@example.com>'],
  ['Privacy', 'id'],
  ['Diversion', '<sip:+4930110@example.com>'],
  ['History-Info', '<sip:+4930110@example.com>;index=1'],
  ['Call-Info', '<http://example.com>;purpose=info'],
  ['Reply-To', '<sip:+4930110@example.com>'],
  ['Subject', 'help'],
];

describe('a caller for help who is not known', () => {
  let bench: Bench;
  let gateway: Gateway;
  before(async () => {
    gateway = await startGateway();
    bench = await startBench({ emergencyRoute: [`sip:${gateway.address}`], callerNumber: '+49899990' });
  });
  after(async () => {
    await bench.close();
    gateway.close();
  });
  beforeEach(() => {
    gateway.reset();
    bench.internal.broken = false;
    const targets = [`sip:112@${gateway.address}`];
    const callerIdentity = { name: 'Wien', number: '+431234' };
    bench.internal.emergency = { numbers: ['112'], targets, callerIdentity };
    bench.internal.plan = { numbers: ['112', '144'], route: [`sip:${gateway.address}`], callerIdentity };
  });

  const isAnonymous = (invite: Message): void => {
    assert.match(first(invite, 'from'), /^<sip:\+49899990@dialgate\.test>/, 'the number of the installation');
    for (const [name] of SAID) assert.equal(first(invite, name.toLowerCase()), '', name);
  };

  test('is shown with the number of the installation, and nothing that it says of itself goes on', async () => {
    for (const login of [STRANGER, { user: '+4930110', password: '' }]) {
      gateway.reset();
      const call = await (await bench.phone({ login })).call('112', { login: null, headers: SAID });
      await call.answered();
      isAnonymous(gateway.invites[0]!);
      await call.hangUp();
    }
  });

  test('does not tell its place in a part of the body either', async () => {
    const phone = await bench.phone({ login: STRANGER });
    const { media } = await phone.call('1', { login: null });
    const part = (type: string, content: string): string =>
      `--x\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`;
    const place = '<presence>somewhere else</presence>';
    const body = `${part('application/pidf+xml', place)}${part('application/sdp', media.offer())}--x--\r\n`;
    const call = await phone.call('112', { login: null, body, contentType: 'multipart/mixed;boundary=x' });
    await call.answered();
    const [invite] = gateway.invites;
    assert.equal(first(invite!, 'content-type'), 'application/sdp');
    assert.match(invite!.body, /^v=0\r\n/);
    assert.doesNotMatch(invite!.body, /presence/);
    await call.hangUp();
  });

  test('has its route chosen by a name that is a phone’s, and is that phone only where it registered', async () => {
    const phone = await bench.phone();
    assert.equal((await phone.register()).status, 200);
    for (const isBroken of [false, true]) {
      bench.internal.broken = isBroken;
      for (const host of ['127.0.0.1', OTHER]) {
        gateway.reset();
        const call = await (await bench.phone({ host })).call('112', { login: null, headers: SAID });
        await call.answered();
        const [invite] = gateway.invites;
        if (host === OTHER) isAnonymous(invite!);
        else {
          assert.match(first(invite!, 'p-asserted-identity'), /^"Wien" <sip:\+431234@/);
          assert.equal(first(invite!, 'geolocation'), SAID[0]?.[1]);
          assert.equal(first(invite!, 'diversion'), '', 'nor more than it may say');
        }
        await call.hangUp();
      }
    }
  });

  test('under a name that the database does not know any more is connected by the plan that its phone brought', async () => {
    const login = { user: 'forgotten', password: 'a password' };
    bench.internal.users.set(login.user, login.password);
    const phone = await bench.phone({ login });
    assert.equal((await phone.register()).status, 200);
    bench.internal.users.delete(login.user);
    bench.internal.received.registrations.length = 0;
    bench.internal.emergency.targets = ['sip:112@127.0.0.1:9'];
    for (const dialled of ['112', '144']) {
      gateway.reset();
      const call = await phone.call(dialled, { login: null });
      await call.answered();
      assert.ok(gateway.invites[0]?.start.startsWith(`INVITE sip:${dialled}@`), dialled);
      assert.match(first(gateway.invites[0]!, 'from'), /^"Wien" <sip:\+431234@/);
      await call.hangUp();
    }
  });

  test('has no audio sent to another host: not by its offer, not by its ACK, not by a change of the call', async () => {
    const [phone, forged] = [await bench.phone({ login: STRANGER }), await bench.phone({ host: OTHER })];
    const named = (body: string): string => body.replace(/^c=IN IP4 .*\r$/m, `c=IN IP4 ${OTHER}\r`);
    const { media } = await phone.call('1', { login: null });
    const call = await phone.call('112', { login: null, body: named(media.offer()) });
    await call.answered();
    assert.equal(gateway.invites[0]?.body, media.offer());
    await until('ACK', () => gateway.acks > 0);
    const change = (method: string, by = phone): Promise<Message> =>
      call.request(method, [['Contact', call.contact], SDP], named(media.offer()), by);
    for (const method of ['INVITE', 'UPDATE']) {
      assert.equal((await change(method)).status, 200);
      assert.equal((await change(method, forged)).status, 488, `${method} of another host`);
    }
    assert.deepEqual(
      [...gateway.reinvites, ...gateway.others].map(({ body }) => body),
      [media.offer(), media.offer()],
    );
    await call.hangUp();

    gateway.reset();
    const late = await phone.call('112', { login: null, lateOffer: true });
    late.lateAnswer = named(media.offer());
    await late.answered();
    await until('ACK at the gateway', () => gateway.acks > 0);
    assert.equal(gateway.ackBody, media.offer());
    await late.hangUp();
  });

  test('shares a bound with all others of its host; phones that are known have none; what becomes of them is told in few reports', async () => {
    bench.internal.emergencies.set('1120', [`sip:ringing@${gateway.address}`]);
    bench.internal.received.emergencies.length = 0;
    const known = await bench.phone();
    assert.equal((await known.register()).status, 200);
    const flood = await bench.phone({ host: OTHER, login: STRANGER });
    // By its ACK the address is known to be its own: one that answers nothing would be sent little.
    const first112 = await flood.call('112', { login: null });
    await first112.answered();
    await first112.hangUp();
    const ids = Array.from({ length: 440 }, (_, n) => `flood-${n}`);
    const request = (method: string, callId: string): string =>
      formatMessage(
        `${method} sip:1120@${REALM} SIP/2.0`,
        [
          ['Via', `SIP/2.0/UDP ${flood.address};rport;branch=z9hG4bK${callId}`],
          ['Max-Forwards', '70'],
          ['From', `<sip:${callId}@${REALM}>;tag=${callId}`],
          ['To', `<sip:1120@${REALM}>`],
          ['Call-ID', callId],
          ['CSeq', `1 ${method}`],
          ...(method === 'INVITE' ? ([['Contact', `<${flood.contact}>`]] as [string, string][]) : []),
        ],
        '',
      );
    const withStatus = (status: number): Message[] => flood.received.filter((one) => one.status === status);
    const answered = (...statuses: number[]): Set<string> =>
      new Set(statuses.flatMap(withStatus).map((one) => first(one, 'call-id')));
    const callsWith = (status: number): number => answered(status).size;
    // The SIP server bounds what it sends to one address: the gateway tells how many ring, whatever
    // the flood hears of it.
    gateway.reset();
    for (let at = 0; at < ids.length; at += 20) {
      for (const id of ids.slice(at, at + 20)) flood.send(request('INVITE', id));
      await sleep(10);
    }
    await until('those that ring', () => gateway.invites.length >= 100);
    await until('a refusal', () => callsWith(503) > 0);
    assert.ok(withStatus(503).every((one) => first(one, 'retry-after') !== ''));
    assert.equal(gateway.invites.length, 100);

    const help = await known.call('112', { login: null });
    await help.answered();
    await help.hangUp();
    const elsewhere = await (await bench.phone({ login: STRANGER })).call('112', { login: null });
    await elsewhere.answered();
    await elsewhere.hangUp();

    for (let at = 0; at < ids.length; at += 20) {
      for (const id of ids.slice(at, at + 20)) flood.send(request('CANCEL', id));
      await sleep(10);
    }
    await until('the end of one that rang', () => gateway.cancels > 0);
    const again = await (await bench.phone({ host: OTHER, login: STRANGER })).call('112', { login: null });
    await again.answered();
    await again.hangUp();
    await bench.restart();
    const reports = bench.internal.received.emergencies.filter(({ dialled }) => dialled === '1120');
    assert.ok(reports.length <= 30, `${reports.length} reports`);
    assert.ok(reports.reduce((sum, { count = 1 }) => sum + count, 0) > 100, 'and they tell of more');
  });
});
