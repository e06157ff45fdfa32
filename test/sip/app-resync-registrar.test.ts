/**
 * NOTIFY to a line, through its registrar: where it goes, from whom it is, and how a challenge is
 * answered.
 */
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { DueResync, ResyncOutcome } from '../../src/contract/messages.js';
import { UNLESS_EMBEDDED } from '../support/engines.js';
import { startBench, type Bench } from './app-support/bench.js';
import { ha1Of } from './app-support/internal-app.js';
import { first, respond, type Message } from './app-support/sip-wire.js';
import type { TestPhone } from './app-support/test-phone.js';
import { until } from './app-support/wait.js';

const CONTACT = 'sip:k201@pbx.example:5070';

describe('a resync through a registrar', { concurrency: true }, () => {
  let bench: Bench;
  before(async () => {
    bench = await startBench({ media: false });
    bench.internal.lineHa1 = (realm) => ha1Of('a201', realm, 'line password');
  });
  after(() => bench.close());

  let resyncs = 0;
  /**
   * Sends one to a registrar that answers like this; answers the outcome, and the registrar with
   * what it has received.
   */
  const notify = async (
    onRequest: (request: Message) => string,
    own: (registrar: TestPhone) => Partial<DueResync> = () => ({}),
    transport: 'udp' | 'tcp' = 'udp',
  ): Promise<{ outcome: ResyncOutcome; registrar: TestPhone }> => {
    const id = `resync-${(resyncs += 1)}`;
    const registrar = await bench.phone({ onRequest, transport });
    bench.internal.resync({
      id,
      contact: CONTACT,
      source: null,
      nextHop: `sip:${registrar.address}`,
      path: null,
      event: 'check-sync',
      headers: {},
      body: null,
      user: 'a201',
      ...own(registrar),
    });
    const outcome = await until('outcome', () =>
      bench.internal.received.outcomes.find((one) => one.id === id),
    );
    return { outcome, registrar };
  };

  test('is from the line, to the line, by the next hop', async () => {
    const { outcome, registrar } = await notify((request) => respond(request, 202));
    assert.equal(outcome.kind, 'answered');
    const [request] = registrar.requests('NOTIFY');
    assert.equal(request?.start, `NOTIFY ${CONTACT} SIP/2.0`);
    assert.match(first(request, 'from'), /^<sip:k201@pbx\.example>;tag=/, 'no port: RFC 3261 19.1.1');
    assert.equal(first(request, 'to'), '<sip:k201@pbx.example>');
    assert.equal(first(request, 'route'), '');
    assert.equal(first(request, 'event'), 'check-sync');
    assert.match(first(request, 'contact'), /^<sip:dialgate@127\.0\.0\.1/);
  });

  for (const [status, header, answer] of [
    [401, 'WWW-Authenticate', 'authorization'],
    [407, 'Proxy-Authenticate', 'proxy-authorization'],
  ] as const) {
    test(`is sent again with the credentials of the line after a ${status}`, async () => {
      const challenge = 'Digest realm="pbx", nonce="n1", algorithm=MD5, qop="auth"';
      const { outcome, registrar } = await notify((request) =>
        first(request, answer) === ''
          ? respond(request, status, [[header, challenge]])
          : respond(request, 200),
      );
      assert.deepEqual([outcome.kind, outcome.status], ['answered', 200]);
      const [challenged, again] = registrar.requests('NOTIFY');
      assert.equal(first(again!, 'call-id'), first(challenged!, 'call-id'));
      assert.equal(first(again!, 'from'), first(challenged!, 'from'));
      assert.equal(response(first(again!, answer)), expected(first(again!, answer)));
    });
  }

  test('that is challenged for ever, or cannot be answered, or is refused, has failed', async () => {
    const challenge: [string, string] = ['WWW-Authenticate', 'Digest realm="pbx", nonce="n1"'];
    const always = await notify((request) => respond(request, 401, [challenge]));
    assert.deepEqual(always.outcome, { ...always.outcome, kind: 'failed', status: 401 });
    assert.equal(always.registrar.requests('NOTIFY').length, 2, 'asked once more, and no more');
    const unknown: [string, string] = ['WWW-Authenticate', 'Digest realm="pbx", nonce="n1", algorithm=ROT13'];
    const { outcome } = await notify((request) => respond(request, 401, [unknown]));
    assert.deepEqual(outcome, { ...outcome, reason: 'the challenge cannot be answered' });
    const refused = await notify((request) => respond(request, 405));
    assert.deepEqual([refused.outcome.kind, refused.outcome.status], ['failed', 405]);
  });

  /**
   * Challenges as it goes: each answer of ours is met by the next of these, until there is none.
   */
  const challenging = (
    ...challenges: readonly (readonly [status: 401 | 407, nonce: string, isStale?: true])[]
  ): ((request: Message) => string) => {
    let met = 0;
    return (request) => {
      const [status, nonce, isStale] = challenges[met++] ?? [200, ''];
      if (status === 200) return respond(request, 200);
      const stale = isStale === true ? ', stale=TRUE' : '';
      const header = status === 401 ? 'WWW-Authenticate' : 'Proxy-Authenticate';
      const realm = status === 401 ? 'pbx' : 'proxy';
      return respond(request, status, [[header, `Digest realm="${realm}", nonce="${nonce}"${stale}`]]);
    };
  };
  const noncesOf = (registrar: TestPhone, header: string): string[] =>
    registrar.requests('NOTIFY').map((one) => value(first(one, header), 'nonce'));

  test('is answered again when a nonce has become stale in between', async () => {
    const { outcome, registrar } = await notify(challenging([401, 'a'], [401, 'b', true]));
    assert.deepEqual([outcome.kind, outcome.status], ['answered', 200]);
    assert.deepEqual(noncesOf(registrar, 'authorization'), ['', 'a', 'b']);
    const sequences = registrar.requests('NOTIFY').map((one) => Number.parseInt(first(one, 'cseq'), 10));
    assert.deepEqual(
      sequences.map((one) => one - (sequences[0] ?? 0)),
      [0, 1, 2],
    );
  });

  test('is answered to a proxy and to the registrar behind it, each with the credentials of both', async () => {
    const { outcome, registrar } = await notify(challenging([407, 'p'], [401, 'r'], [407, 'q', true]));
    assert.equal(outcome.kind, 'answered');
    assert.deepEqual(noncesOf(registrar, 'proxy-authorization'), ['', 'p', 'p', 'q']);
    assert.deepEqual(noncesOf(registrar, 'authorization'), ['', '', 'r', 'r']);
  });

  test('whose nonces are stale without end is given up', async () => {
    const { outcome, registrar } = await notify(
      challenging(...Array.from({ length: 20 }, (_, n) => [401, `n${n}`, true] as const)),
    );
    assert.deepEqual([outcome.kind, outcome.status], ['failed', 401]);
    assert.ok(registrar.requests('NOTIFY').length <= 5);
  });

  for (const path of [false, true]) {
    test(`over a connection that is gone goes to the ${path ? 'proxy that wrote the Path' : 'Contact'}`, async () => {
      const gone = await bench.phone({ transport: 'tcp' });
      const port = Number(gone.address.split(':')[1]);
      gone.close();
      const { outcome, registrar } = await notify(
        (request) => respond(request, 200),
        ({ address }) => ({
          contact: path ? CONTACT : `sip:k201@${address}`,
          source: { protocol: 'tcp', address: '127.0.0.1', port },
          nextHop: null,
          path: path ? `<sip:${address};lr>` : null,
        }),
      );
      assert.equal(outcome.kind, 'answered');
      assert.equal(registrar.requests('NOTIFY').length, 1);
    });
  }

  // A drachtio-server takes no Route from an application: there the flow alone leads back.
  test('of a registration that came by way of proxies goes back that way', UNLESS_EMBEDDED, async () => {
    const path = '<sip:edge.example;lr>';
    const { outcome, registrar } = await notify(
      (request) => respond(request, 200),
      ({ address }) => {
        const [host = '', port] = address.split(':');
        return { path, source: { protocol: 'udp', address: host, port: Number(port) }, nextHop: null };
      },
    );
    assert.equal(outcome.kind, 'answered');
    assert.equal(first(registrar.requests('NOTIFY')[0]!, 'route'), path);
  });
});

const value = (header: string, name: string): string =>
  new RegExp(`\\b${name}="?([^",]*)`).exec(header)?.[1] ?? '';
const response = (header: string): string => value(header, 'response');

/** RFC 2617 3.2.2.1. */
function expected(header: string): string {
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const ha2 = md5(`NOTIFY:${CONTACT}`);
  const middle = ['nonce', 'nc', 'cnonce', 'qop'].map((name) => value(header, name)).join(':');
  return md5(`${md5('a201:pbx:line password')}:${middle}:${ha2}`);
}
