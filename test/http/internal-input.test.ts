/**
 * The internal app, given what does not belong there: each is answered clearly, quoted never, and
 * survived.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  PHONE_SOURCE,
  type TestContext,
  eventTypesOf,
  makeContext,
  makeDevice,
  makePhone,
  makeToken,
} from '../support/fixture.js';
import { pgliteStore } from '../support/store.js';
import { INTERNAL_TOKEN, type InternalServer, serveInternally } from './internal-server.js';

const source = PHONE_SOURCE;

let context: TestContext;
let served: InternalServer;
let call: InternalServer['call'];

before(async () => {
  context = makeContext(await pgliteStore());
  served = await serveInternally(context);
  ({ call } = served);
});

after(() => served.close());

test('without the token, or with another one, nothing is answered', async () => {
  const wrong = [
    '',
    'Bearer',
    'Bearer ',
    `Bearer ${INTERNAL_TOKEN}x`,
    `Bearer ${INTERNAL_TOKEN.slice(1)}`,
    `Basic ${INTERNAL_TOKEN}`,
    INTERNAL_TOKEN,
  ];
  for (const authorization of wrong) {
    for (const path of ['/v1/accounts/nobody', '/v1/nothing', '/']) {
      assert.equal((await call('GET', path, undefined, { authorization })).status, 401, authorization);
    }
  }
  // Nor is a body read from who may not send one.
  const big = await call('POST', '/v1/calls', 'x'.repeat(100_000), { authorization: 'Bearer no' });
  assert.equal(big.status, 401);
});

test('what is nobody’s is not found', async () => {
  const registration = {
    contacts: [{ uri: 'sip:a', expiresSeconds: 60 }],
    path: null,
    source,
    callId: 'r',
    cseq: 1,
    userAgent: null,
  };
  const attempt = { user: 'nobody', digits: '123456', source };
  const answers = [
    await call('GET', '/v1/accounts/nobody'),
    await call('GET', `/v1/accounts/${'x'.repeat(2000)}`),
    await call('GET', `/v1/accounts/${encodeURIComponent("'; drop table tokens; --")}`),
    await call('POST', '/v1/accounts/nobody/ha1', { realm: 'r' }),
    await call('PUT', '/v1/registrations/nobody', registration),
    await call('POST', '/v1/calls', { callId: 'c', user: 'nobody', dialled: 'service', source }),
    await call('POST', '/v1/calls/c/attempts', attempt),
    await call('POST', '/v1/resyncs/nothing/outcome', { kind: 'answered', status: 200 }),
    await call('POST', '/v1/nothing'),
    await call('PATCH', '/v1/calls'),
  ];
  assert.deepEqual([...new Set(answers.map((answer) => answer.status))], [404]);
  assert.equal(
    (await call('POST', '/v1/calls/c/end', { user: 'nobody', outcome: 'error', seconds: 0 })).status,
    204,
  );
});

test('a body that is not what belongs there is told so, place by place, and never quoted', async () => {
  const { id: user } = await makeToken(context, await makeDevice(context));
  const attempt = { user, digits: '123456', source };
  const wrong: [string, string, unknown, string[]][] = [
    ['POST', '/v1/calls/c/attempts', { ...attempt, digits: 123456 }, ['/digits']],
    ['POST', '/v1/calls/c/attempts', { ...attempt, digits: '12345x' }, ['/digits']],
    ['POST', '/v1/calls/c/attempts', { ...attempt, digits: '1'.repeat(33) }, ['/digits']],
    ['POST', '/v1/calls/c/attempts', { ...attempt, user: null }, ['/user']],
    ['POST', '/v1/calls/c/attempts', {}, ['/user', '/digits', '/source']],
    ['POST', '/v1/calls/c/attempts', [attempt], ['']],
    ['POST', '/v1/calls/route', { user, dialled: 112, source }, ['/dialled']],
    [
      'POST',
      '/v1/calls/route',
      { user, dialled: '112', source: { ...source, address: '192.0.2.999' } },
      ['/source/address'],
    ],
    [
      'POST',
      '/v1/calls/route',
      { user, dialled: '112', source: { ...source, port: 70000 } },
      ['/source/port'],
    ],
    ['POST', '/v1/calls', { callId: '', user, dialled: 'elsewhere', source }, ['/callId', '/dialled']],
    ['POST', '/v1/calls/c/end', { user, outcome: 'accepted', seconds: -1 }, ['/seconds']],
    ['POST', '/v1/heartbeat', { id: 'a', sipServer: 'yes', mediaServer: true }, ['/sipServer']],
    ['POST', '/v1/resyncs/x/outcome', { kind: 'lost' }, ['/kind']],
    ['POST', '/v1/resyncs/x/outcome', { kind: 'answered', status: 99 }, ['/status']],
    [
      'PUT',
      `/v1/registrations/${user}`,
      {
        contacts: [{ uri: 7, expiresSeconds: 1.5 }],
        path: 7,
        source,
        callId: 'a',
        cseq: 2 ** 40,
        userAgent: null,
      },
      ['/contacts', '/path', '/cseq'],
    ],
  ];
  for (const [method, path, body, pointers] of wrong) {
    const answer = await call(method, path, body);
    const problem = answer.body as { status: number; errors: { pointer: string }[] };
    assert.equal(answer.status, 400, path);
    assert.deepEqual(
      problem.errors.map((error) => error.pointer),
      pointers,
      path,
    );
    assert.ok(!JSON.stringify(problem).includes('12345'));
  }
});

test('names with NUL are nobody’s, and who claims one is connected to the emergency route all the same', async () => {
  const nul = 'a\u0000b';
  const device = await makeDevice(context);
  const { id: user } = await makePhone(context, device);
  const routed = await call('POST', '/v1/calls/route', { user: nul, dialled: '112', source });
  assert.deepEqual([routed.status, (routed.body as { kind: string }).kind], [200, 'emergency']);
  const report = { user: nul, dialled: '112', source, target: null, outcome: 'failed', status: null };
  assert.equal((await call('POST', '/v1/emergency-calls', report)).status, 204);

  assert.equal((await call('GET', '/v1/accounts/a%00b')).status, 404);
  assert.equal((await call('POST', '/v1/accounts/a%00b/ha1', { realm: 'r' })).status, 404);
  const dashes = '-'.repeat(36);
  const answered = { kind: 'answered', status: 200 };
  assert.equal((await call('POST', `/v1/resyncs/${dashes}.${dashes}/outcome`, answered)).status, 404);

  const registration = {
    contacts: [{ uri: 'sip:a', expiresSeconds: 60 }],
    path: null,
    source,
    callId: 'r',
    cseq: 1,
    userAgent: null,
  };
  const opening = { callId: 'c', user, dialled: 'service', source };
  const refused: [string, string, unknown][] = [
    ['PUT', `/v1/registrations/${user}`, { ...registration, contacts: [{ uri: nul, expiresSeconds: 60 }] }],
    ['PUT', `/v1/registrations/${user}`, { ...registration, callId: nul }],
    ['PUT', `/v1/registrations/${user}`, { ...registration, userAgent: nul }],
    ['POST', '/v1/calls', { ...opening, user: nul }],
    ['POST', '/v1/calls', { ...opening, callId: nul }],
    ['POST', '/v1/emergency-calls', { ...report, target: 'sip:\ud800' }],
    ['POST', `/v1/resyncs/x.${device.id}/outcome`, { kind: 'failed', status: null, reason: nul }],
    ['POST', '/v1/heartbeat', { id: nul, sipServer: true, mediaServer: true }],
  ];
  for (const [method, path, body] of refused)
    assert.equal((await call(method, path, body)).status, 400, path);
});

test('a body that is no JSON, too large, or of another type is survived', async () => {
  const attempts = '/v1/calls/c/attempts';
  const broken = await call('POST', attempts, '{"digits":"123456"');
  assert.equal(broken.status, 400);
  assert.ok(!JSON.stringify(broken.body).includes('123456'));
  assert.equal((await call('POST', attempts, 'null')).status, 400);
  assert.equal((await call('POST', attempts)).status, 400);
  assert.equal((await call('POST', attempts, { user: 'x'.repeat(70_000) })).status, 413);
  assert.equal((await call('POST', attempts, 'digits=123456', { 'content-type': 'text/plain' })).status, 415);
  assert.equal((await call('POST', attempts, '{}', { 'content-encoding': 'nonsense' })).status, 415);
  assert.equal((await call('GET', '/v1/accounts/%E0%A4%A')).status, 400);
  for (const wait of ['-1', '61', 'soon', 'NaN']) {
    assert.equal((await call('GET', `/v1/resyncs?wait=${wait}`)).status, 400, wait);
  }
  assert.equal((await call('GET', '/v1/resyncs?wait=0')).status, 200);
});

test('an entry with another number of digits is no attempt, and counts for none', async () => {
  const device = await makeDevice(context);
  const { id: user } = await makePhone(context, device);
  const answer = await call('POST', '/v1/calls/c/attempts', { user, digits: '12345', source });
  assert.equal(answer.status, 422);
  assert.deepEqual(await eventTypesOf(context.store, device), []);
});
