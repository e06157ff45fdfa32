/**
 * The internal app over real HTTP: the way of a phone through it, long polls, faults, and the end.
 */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import type { Admission, DueResync } from '../../src/contract/messages.js';
import { isAccountName } from '../../src/domain/account-name.js';
import { makeTokenId } from '../../src/domain/secrets.js';
import { resyncDevice } from '../../src/services/devices/change-device.js';
import type { Store } from '../../src/store/store.js';
import {
  PHONE_SOURCE,
  type TestContext,
  eventTypesOf,
  makeContext,
  makeDevice,
  makePhone,
  makeTenant,
  makeToken,
  papOf,
  wrongPapOf,
} from '../support/fixture.js';
import { pgliteStore } from '../support/store.js';
import { until } from '../support/wait-for.js';
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

test('a phone is authenticated over the wire, from its account to its resync', async () => {
  const device = await makeDevice(context);
  const { id: user } = await makeToken(context, device);
  const account = await call('GET', `/v1/accounts/${user}`);
  assert.equal(account.status, 200);
  assert.deepEqual(Object.keys(account.body as object), ['user', 'realm', 'ha1', 'deviceId']);
  assert.equal((await call('POST', `/v1/accounts/${user}/ha1`, { realm: 'phone' })).status, 200);

  const registration = {
    contacts: [{ uri: `sip:${user}@192.0.2.10`, expiresSeconds: 3600 }],
    path: null,
    source,
    callId: 'r',
    cseq: 1,
    userAgent: null,
  };
  const registered = await call('PUT', `/v1/registrations/${user}`, registration);
  assert.equal(registered.status, 200);
  assert.deepEqual((registered.body as { contacts: unknown }).contacts, [
    { uri: `sip:${user}@192.0.2.10`, expiresSeconds: 300 },
  ]);
  const route = await call('POST', '/v1/calls/route', { user, dialled: '*89', source });
  assert.deepEqual(route.body, { kind: 'authentication', account: account.body });
  // A Call-ID may hold whatever RFC 3261 calls a word.
  const callId = 'a/b?c#d%e@192.0.2.10';
  const inPath = encodeURIComponent(callId);
  assert.deepEqual((await call('POST', '/v1/calls', { callId, user, dialled: 'service', source })).body, {
    asks: 'pap',
    languages: ['en'],
    papDigits: 6,
    state: 'needed',
    attemptsLeft: 3,
  });
  const wrong = { user, digits: await wrongPapOf(context, device), source };
  assert.deepEqual(await call('POST', `/v1/calls/${inPath}/attempts`, wrong), {
    status: 200,
    body: { kind: 'wrong', attemptsLeft: 2 },
  });
  const right = { user, digits: await papOf(context, device), source };
  assert.deepEqual((await call('POST', `/v1/calls/${inPath}/attempts`, right)).body, { kind: 'accepted' });
  const end = { user, outcome: 'accepted', seconds: 20 };
  assert.deepEqual(await call('POST', `/v1/calls/${inPath}/end`, end), { status: 204, body: null });
  assert.deepEqual(await call('POST', `/v1/calls/${inPath}/end`, end), { status: 204, body: null });

  context.clock.advance(1);
  const { resyncs } = (await call('GET', '/v1/resyncs?wait=0')).body as { resyncs: DueResync[] };
  assert.deepEqual(
    resyncs.map((resync) => resync.user),
    [user],
  );
  const outcome = await call('POST', `/v1/resyncs/${encodeURIComponent(resyncs[0]?.id ?? '')}/outcome`, {
    kind: 'answered',
    status: 200,
  });
  assert.equal(outcome.status, 204);
  assert.deepEqual(await eventTypesOf(context.store, device), [
    'pap.wrong',
    'pap.accepted',
    'device.authenticated',
    'network.opened',
    'call.authentication',
    'resync.sent',
    'resync.answered',
  ]);
  const gone = { ...registration, contacts: '*', cseq: 2 };
  const { contacts } = (await call('PUT', `/v1/registrations/${user}`, gone)).body as { contacts: unknown };
  assert.deepEqual(contacts, []);
});

test('an emergency call is routed and reported, with a name or without', async () => {
  for (const user of [null, 'nobody']) {
    assert.deepEqual((await call('POST', '/v1/calls/route', { user, dialled: '112', source })).body, {
      kind: 'emergency',
      targets: ['sip:112@installation.example'],
      callerIdentity: null,
      mac: null,
      isKnown: false,
    });
    const report = { user, dialled: '112', source, target: null, outcome: 'failed', status: 503 };
    assert.equal((await call('POST', '/v1/emergency-calls', report)).status, 204);
  }
});

test('who asks for the emergency numbers is told at once of one that a tenant or site gets, and of one it loses', async () => {
  const ask = async (known: string): Promise<Admission> =>
    (await call('GET', `/v1/admission?wait=20&known=${encodeURIComponent(known)}`)).body as Admission;
  const first = await ask('');
  assert.deepEqual(first.emergencyNumbers, ['112', '911']);
  const { id } = await makeToken(context, await makeDevice(context));
  assert.equal(isAccountName(Buffer.from(first.accountNameKey, 'base64'), id), true);

  // Each long poll would take 20 s without a change.
  const created = ask(first.version);
  const tenantId = await makeTenant(context, { numbers: ['110', '112'] });
  const second = await until(() => created, { within: 15_000 });
  assert.deepEqual(second.emergencyNumbers, ['112', '911', '110']);
  const deleted = ask(second.version);
  await context.store.db.deleteFrom('tenants').where('id', '=', tenantId).execute();
  assert.deepEqual((await until(() => deleted, { within: 15_000 })).emergencyNumbers, ['112', '911']);
});

test('a heartbeat is taken', async () => {
  assert.equal(
    (await call('POST', '/v1/heartbeat', { id: 'a', sipServer: true, mediaServer: true })).status,
    204,
  );
});

test('a client that goes away while it waits is leased nothing', async () => {
  const waiting = request(`${served.url}/v1/resyncs?wait=20`, {
    headers: { authorization: `Bearer ${INTERNAL_TOKEN}` },
  });
  waiting.on('error', () => undefined); // It is we who tear it down.
  const arrived = new Promise((resolve) => served.server.once('request', resolve));
  waiting.end();
  await arrived;
  const connections = (): Promise<number> =>
    new Promise((resolve, reject) => {
      served.server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
    });
  const open = await connections();
  waiting.destroy();
  await until(async () => (await connections()) < open);

  const device = await makeDevice(context);
  const { id: user } = await makePhone(context, device);
  await resyncDevice(context, device.mac);
  const { resyncs } = (await call('GET', '/v1/resyncs?wait=5')).body as { resyncs: DueResync[] };
  assert.deepEqual(
    resyncs.map((resync) => resync.user),
    [user],
  );
});

test('a database that fails is a fault of ours, and its words stay here', async () => {
  const logged: unknown[] = [];
  const log = Object.assign(Object.create(context.log) as typeof context.log, {
    error: (fields: unknown) => logged.push(fields),
  });
  const other = await serveInternally({ ...context, log, store: brokenStore() });
  try {
    const answer = await other.call('GET', `/v1/accounts/${makeTokenId(context.masterKey)}`);
    assert.equal(answer.status, 500);
    assert.ok(!JSON.stringify(answer.body).includes('connection refused by 10.0.0.1'));
    assert.equal(logged.length, 1);
    const madeUp = await other.call('GET', '/v1/accounts/abcdefghijkl');
    assert.equal(madeUp.status, 404, 'a name that cannot be ours costs no query');
  } finally {
    await other.close();
  }
});

/** A store whose database is gone: every query fails. */
function brokenStore(): Store {
  const db = new Proxy({} as Store['db'], {
    get: () => {
      throw new Error('connection refused by 10.0.0.1');
    },
  });
  return { ...context.store, db };
}

test('an orderly end answers those who wait', async () => {
  await context.store.db.deleteFrom('resyncs').execute();
  const ending = await serveInternally(makeContext(context.store, context.clock));
  try {
    const waiting = ending.call('GET', '/v1/resyncs?wait=20');
    await new Promise((resolve) => ending.server.once('request', resolve));
    ending.internal.stop();
    const answers = Promise.all([waiting, ending.call('GET', '/v1/resyncs?wait=20')]);
    const none = { status: 200, body: { resyncs: [] } };
    assert.deepEqual(await until(() => answers, { within: 15_000 }), [none, none]);
  } finally {
    await ending.close();
  }
});
