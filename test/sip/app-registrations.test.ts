/** Registrations, and the NOTIFY that goes back over the flow they came by. */
import { after, before, beforeEach, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import type { DueResync } from '../../src/contract/messages.js';
import { LOGIN, startBench, type Bench } from './app-support/bench.js';
import { ha1Of } from './app-support/internal-app.js';
import { all, authorization, first, respond } from './app-support/sip-wire.js';
import type { TestPhone } from './app-support/test-phone.js';
import { until } from './app-support/wait.js';

// drachtio-server remembers TCP connections by user and host of the contact: one user, one
// transport
const loginBy = (transport: 'udp' | 'tcp'): typeof LOGIN => ({ ...LOGIN, user: `dev-${transport}` });

describe('registrations and resyncs', () => {
  let bench: Bench;
  before(async () => {
    bench = await startBench();
    for (const transport of ['udp', 'tcp'] as const) {
      bench.internal.users.set(loginBy(transport).user, LOGIN.password);
    }
  });
  after(() => bench.close());
  beforeEach(() => {
    const { received } = bench.internal;
    received.registrations.length = received.outcomes.length = 0;
    bench.internal.refusal = null;
    bench.internal.broken = false;
  });

  test('all digest algorithms are offered, each in a header of its own, and taken, with and without qop', async () => {
    const phone = await bench.phone();
    const challenged = await phone.exchange('REGISTER sip:dialgate.test SIP/2.0', phone.headers('REGISTER'));
    assert.equal(challenged.status, 401);
    assert.equal(all(challenged, 'www-authenticate').length, 3);
    for (const options of [
      { algorithm: 'MD5' },
      { algorithm: 'SHA-256' },
      { algorithm: 'SHA-512-256' },
      { algorithm: 'MD5', qop: false },
    ] as const) {
      assert.equal((await phone.register(options)).status, 200);
    }
  });

  test('the contact is told with the flow, and the phone what it was granted', async () => {
    for (const transport of ['udp', 'tcp'] as const) {
      bench.internal.received.registrations.length = 0;
      const phone = await bench.phone({ transport, login: loginBy(transport) });
      const response = await phone.register();
      assert.equal(response.status, 200, response.start);
      assert.match(first(response, 'contact'), /;expires=120/);
      const [registration] = bench.internal.received.registrations;
      assert.deepEqual(registration?.contacts, [{ uri: phone.contact, expiresSeconds: 300 }]);
      assert.deepEqual(registration.source, {
        protocol: transport,
        address: '127.0.0.1',
        port: Number(phone.address.split(':')[1]),
      });
    }
  });

  test('what is asked for is passed on, contact by contact; the answer lists what the user has', async () => {
    const phone = await bench.phone();
    const asked = async (options: Parameters<typeof phone.register>[0]): Promise<unknown> => {
      const response = await phone.register(options);
      return [
        response.status,
        all(response, 'contact').join(', '),
        bench.internal.received.registrations.at(-1)?.contacts,
      ];
    };
    const [one, two] = ['sip:one@192.0.2.1', 'sip:two@192.0.2.1;transport=tcp'];
    assert.deepEqual(await asked({ contact: `<${one}>;expires=60, <${two}>;reg-id=1`, expires: 90 }), [
      200,
      `<${one}>;expires=60, <${two}>;expires=90`,
      [
        { uri: one, expiresSeconds: 60 },
        { uri: two, expiresSeconds: 90 },
      ],
    ]);
    assert.deepEqual(await asked({ expires: 0 }), [200, '', [{ uri: phone.contact, expiresSeconds: 0 }]]);
    assert.deepEqual(await asked({ contact: '*', expires: 0 }), [200, '', '*']);
    assert.deepEqual(await asked({ contact: null }), [200, '', []]);
    assert.equal((await phone.register({ contact: '*', expires: 60 })).status, 400);
  });

  test('what is too brief gets 423 with the least that is taken, what was overtaken 500', async () => {
    const phone = await bench.phone();
    bench.internal.refusal = { kind: 'brief', minSeconds: 10 };
    const brief = await phone.register({ expires: 1 });
    assert.deepEqual([brief.status, first(brief, 'min-expires')], [423, '10']);
    bench.internal.refusal = { kind: 'overtaken' };
    assert.equal((await phone.register()).status, 500);
  });

  test('credentials that were overheard are good for nothing: another nonce is asked for', async () => {
    const phone = await bench.phone();
    const uri = 'sip:dialgate.test';
    const contact: [string, string] = ['Contact', `<${phone.contact}>`];
    const challenged = await phone.exchange(`REGISTER ${uri} SIP/2.0`, phone.headers('REGISTER'));
    const answer: [string, string] = ['Authorization', authorization(challenged, LOGIN, 'REGISTER', uri, {})];
    const again = (): ReturnType<typeof phone.exchange> =>
      phone.exchange(`REGISTER ${uri} SIP/2.0`, [...phone.headers('REGISTER'), contact, answer]);
    assert.equal((await again()).status, 200);
    const replayed = await again();
    assert.equal(replayed.status, 401);
    assert.ok(all(replayed, 'www-authenticate').every((challenge) => /stale=true/.test(challenge)));
    assert.equal(bench.internal.received.registrations.length, 1);
    assert.equal((await phone.register()).status, 200);
  });

  test('nobody registers with a wrong password, for somebody else, or while nobody can be asked', async () => {
    const phone = await bench.phone();
    assert.equal((await phone.register({ login: { ...LOGIN, password: 'wrong' } })).status, 403);
    assert.equal((await phone.register({ login: { user: 'nobody', password: 'wrong' } })).status, 403);
    assert.equal((await phone.register({ to: '<sip:dev-2@dialgate.test>' })).status, 403);
    bench.internal.broken = true;
    assert.equal((await phone.register()).status, 503);
    assert.equal(bench.internal.received.registrations.length, 0);
  });

  const resyncOf = (id: string): DueResync => {
    const registration = bench.internal.received.registrations.at(-1)!;
    const { contacts, source, user } = registration;
    const contact = contacts === '*' ? '' : contacts[0]!.uri;
    const notify = { event: 'check-sync;reboot=false', headers: {}, body: null };
    return { id, contact, source, nextHop: null, path: null, user, ...notify };
  };

  test('NOTIFY comes over the flow of the registration, by UDP and by TCP', async () => {
    for (const transport of ['udp', 'tcp'] as const) {
      const phone = await bench.phone({ transport, login: loginBy(transport) });
      // Behind a NAT the contact is an unreachable address.
      const { user } = loginBy(transport);
      await phone.register({ contact: `<sip:${user}@192.0.2.1:5060;transport=${transport}>` });
      bench.internal.resync(resyncOf(`r-${transport}`));
      const notify = await until('NOTIFY', () => phone.requests('NOTIFY')[0]);
      assert.match(notify.start, /^NOTIFY sip:dev-\w+@192\.0\.2\.1:5060/);
      assert.equal(first(notify, 'event'), 'check-sync;reboot=false');
      assert.match(first(notify, 'subscription-state'), /^terminated/);
      assert.doesNotMatch(first(notify, 'to'), /tag=/);
      const outcome = await until('outcome', () =>
        bench.internal.received.outcomes.find(({ id }) => id === `r-${transport}`),
      );
      assert.deepEqual(outcome, { id: `r-${transport}`, kind: 'answered', status: 200 });
    }
  });

  test('an application that was restarted reaches the phones that registered before, over their flows', async () => {
    const phones: { phone: TestPhone; resync: DueResync }[] = [];
    for (const transport of ['udp', 'tcp'] as const) {
      const phone = await bench.phone({ transport, login: loginBy(transport) });
      const contact = `<sip:${loginBy(transport).user}@192.0.2.1:5060;transport=${transport}>`;
      assert.equal((await phone.register({ contact })).status, 200);
      phones.push({ phone, resync: resyncOf(`restarted-${transport}`) });
    }
    await bench.restart();
    for (const { phone, resync } of phones) {
      bench.internal.resync(resync);
      await until('NOTIFY', () => phone.requests('NOTIFY')[0]);
      // What it knew before the restart is used up, and it is asked anew: it need not know.
      assert.equal((await phone.register()).status, 200);
    }
  });

  test('a phone that challenges the NOTIFY gets it again with its own credentials', async () => {
    let challenges = 0;
    const phone = await bench.phone({
      onRequest: (request) => {
        if (first(request, 'authorization') !== '') return respond(request, 200);
        challenges += 1;
        return respond(request, 401, [
          ['WWW-Authenticate', 'Digest realm="phone", nonce="n0", algorithm=MD5, qop="auth"'],
        ]);
      },
    });
    await phone.register();
    bench.internal.resync(resyncOf('challenged'));
    const outcome = await until('outcome', () => bench.internal.received.outcomes[0]);
    assert.deepEqual(outcome, { id: 'challenged', kind: 'answered', status: 200 });
    const [plain, authorized] = phone.requests('NOTIFY');
    assert.equal(challenges, 1);
    assert.equal(first(plain!, 'call-id'), first(authorized!, 'call-id'));
    assert.equal(first(plain!, 'from'), first(authorized!, 'from'));
    assert.ok(Number.parseInt(first(authorized!, 'cseq'), 10) > Number.parseInt(first(plain!, 'cseq'), 10));
    const ha1 = ha1Of(LOGIN.user, 'phone', LOGIN.password);
    assert.match(first(authorized!, 'authorization'), /username="dev-1"/);
    assert.ok(!bench.logged.some((line) => line.includes(ha1.md5)));
  });

  test('a phone that refuses is told apart from one that answers', async () => {
    const phone = await bench.phone({ onRequest: (request) => respond(request, 489) });
    await phone.register();
    bench.internal.resync(resyncOf('refused'));
    const outcome = await until('outcome', () => bench.internal.received.outcomes[0]);
    assert.equal(outcome.kind, 'failed');
    assert.equal(outcome.status, 489);
  });

  test('the heartbeat says what is there', async () => {
    const beat = await until('heartbeat', () => bench.internal.received.heartbeats.at(-1));
    assert.deepEqual(beat, { id: 'test', sipServer: true, mediaServer: true });
  });
});
