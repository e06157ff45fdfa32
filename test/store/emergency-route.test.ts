/**
 * Where calls are routed: an emergency number in every state, and everything else to the
 * authentication service.
 */
import assert from 'node:assert/strict';
import { findAccount } from '../../src/services/account.js';
import { attemptEntry } from '../../src/services/authentication/attempt-entry.js';
import { reportEmergencyCall, reportEmergencyEnd } from '../../src/services/emergency/emergency-report.js';
import { routeCall } from '../../src/services/emergency/emergency-route.js';
import { register } from '../../src/services/registration.js';
import { resetAuthentication } from '../../src/services/authentication/reset-authentication.js';
import {
  PHONE_SOURCE,
  type TestContext,
  eventTypesOf,
  eventsOf,
  makeContext,
  makeDevice,
  makePhone,
  makeSite,
  makeTenant,
  makeToken,
  papOf,
  wrongPapOf,
} from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';

const ADMIN = { name: 'admin', address: null };

const emergency = (user: string | null, dialled = '112') => ({ user, dialled, source: PHONE_SOURCE });

async function targetsOf(
  context: TestContext,
  user: string | null,
  dialled = '112',
): Promise<string[] | null> {
  const answer = await routeCall(context, emergency(user, dialled));
  return answer.kind === 'emergency' ? answer.targets : null;
}

function registerFrom(
  context: TestContext,
  user: string,
  source: typeof PHONE_SOURCE,
  cseq: number,
): Promise<unknown> {
  const contacts = [{ uri: `sip:${user}@phone.example`, expiresSeconds: 300 }];
  return register(context, user, { contacts, path: null, source, callId: 'c', cseq, userAgent: null });
}

onBothDatabases('an emergency call is routed in each state, and without a name', async ({ store }) => {
  const context = makeContext(store);
  const policy = { maxAttempts: 1, maxLockouts: 2, lockoutSeconds: 60 };
  const tenantId = await makeTenant(context, { policy, route: 'sip:tenant.example' });
  const device = await makeDevice(context, { tenantId });
  const { id: user } = await makePhone(context, device);
  const own = ['sip:112@tenant.example'];
  const guess = async (digits: string) => attemptEntry(context, 'c', { user, digits, source: PHONE_SOURCE });

  assert.deepEqual(await targetsOf(context, user), own, 'needed');
  await guess(await wrongPapOf(context, device));
  assert.deepEqual(await targetsOf(context, user), own, 'failed');
  context.clock.advance(60);
  await guess(await wrongPapOf(context, device));
  assert.deepEqual(await targetsOf(context, user), own, 'blocked');
  await resetAuthentication(context, device.mac, ADMIN);
  assert.deepEqual(await targetsOf(context, user), own, 'revoked');
  const fresh = await makePhone(context, device);
  await attemptEntry(context, 'd', {
    user: fresh.id,
    digits: await papOf(context, device),
    source: PHONE_SOURCE,
  });
  assert.deepEqual(await targetsOf(context, fresh.id), own, 'successful');
  context.clock.advance(90_000);
  assert.deepEqual(await targetsOf(context, fresh.id), own, 'lapsed');

  assert.deepEqual(await targetsOf(context, 'nobody'), ['sip:112@installation.example']);
  assert.deepEqual(await targetsOf(context, null), ['sip:112@installation.example']);
});

onBothDatabases('the site’s route and numbers go before the tenant’s, each by itself', async ({ store }) => {
  const context = makeContext(store);
  const tenantId = await makeTenant(context, {
    route: ['sip:a.example', 'sip:b.example;transport=tcp'],
    numbers: ['110'],
  });
  const withNumbers = await makeSite(context, tenantId, { numbers: ['999'] });
  const withRoute = await makeSite(context, tenantId, { route: 'sip:x@site.example' });
  const phoneAt = async (siteId?: string): Promise<string> =>
    (
      await makePhone(
        context,
        await makeDevice(context, { tenantId, ...(siteId === undefined ? {} : { siteId }) }),
      )
    ).id;

  const tenantOnly = await phoneAt();
  assert.deepEqual(await targetsOf(context, tenantOnly, '110'), [
    'sip:110@a.example',
    'sip:110@b.example;transport=tcp',
  ]);
  // Numbers match exactly, and the tenant's replace the installation's.
  assert.equal(await targetsOf(context, tenantOnly, '112'), null);
  assert.equal(await targetsOf(context, tenantOnly, '0110'), null);
  const numbered = await phoneAt(withNumbers);
  assert.deepEqual(await targetsOf(context, numbered, '999'), [
    'sip:999@a.example',
    'sip:999@b.example;transport=tcp',
  ]);
  assert.equal(await targetsOf(context, numbered, '110'), null);
  assert.deepEqual(await targetsOf(context, await phoneAt(withRoute), '110'), ['sip:110@site.example']);
});

onBothDatabases(
  'everything else is routed to the authentication service, with the caller’s account',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await makeDevice(context);
    const phone = await makePhone(context, device);
    const account = await findAccount(context, phone.id);
    assert.deepEqual(await routeCall(context, emergency(phone.id, '*89')), {
      kind: 'authentication',
      account,
    });
    assert.deepEqual(await routeCall(context, emergency('nobody', '*89')), {
      kind: 'authentication',
      account: null,
    });
    await resetAuthentication(context, device.mac, ADMIN);
    assert.deepEqual(await routeCall(context, emergency(phone.id, '*89')), {
      kind: 'authentication',
      account: null,
    });
  },
);

onBothDatabases(
  'an emergency call is written down, but no number that is not one for emergencies',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await makeDevice(context);
    const phone = await makePhone(context, device);
    const report = {
      ...emergency(phone.id),
      target: 'sip:112@x',
      outcome: 'connected',
      status: 200,
    } as const;
    await reportEmergencyCall(context, report);
    await reportEmergencyCall(context, {
      ...report,
      dialled: '*89*123456',
      target: 'sip:*89*123456@x',
      user: null,
    });
    const events = await eventsOf(store);
    assert.deepEqual(events[0], {
      type: 'call.emergency',
      mac: device.mac,
      actor: 'phone',
      address: '192.0.2.10',
      data: { dialled: '112', target: 'sip:112@x', outcome: 'connected', status: 200 },
    });
    assert.ok(!JSON.stringify(events).includes('123456'));
    assert.deepEqual(await eventTypesOf(store, device), ['call.emergency']);
  },
);

onBothDatabases(
  'what is said twice of a call is written once, and dated when it happened',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await makeDevice(context);
    const phone = await makePhone(context, device);
    const id = '6e1f3c58-8a3a-4f5e-9d0c-3c6f1a2b4d5e';
    const at = new Date(context.clock.now().getTime() - 90_000).toISOString();
    const call = { ...emergency(phone.id), id, at, target: 'sip:112@b' };
    const tried = [{ target: 'sip:112@a', status: 503, reason: 'Sip non-success response: 503' }];
    const report = { ...call, outcome: 'connected', status: 200, tried, seconds: 2.5 } as const;
    await Promise.all([reportEmergencyCall(context, report), reportEmergencyCall(context, report)]);
    await reportEmergencyEnd(context, { ...call, endedBy: 'caller', seconds: 61 });
    await reportEmergencyEnd(context, { ...call, endedBy: 'caller', seconds: 61 });
    await reportEmergencyCall(context, { ...report, id: undefined, at: '2999-01-01T00:00:00Z' });
    const rows = await store.db.selectFrom('events').select(['at', 'type', 'data']).orderBy('id').execute();
    const known = { call: id, dialled: '112', target: 'sip:112@b' };
    const { call: _call, ...unnamed } = known;
    const connected = { outcome: 'connected', status: 200, tried, seconds: 2.5 };
    assert.deepEqual(rows, [
      { at: new Date(at), type: 'call.emergency', data: { ...known, ...connected } },
      {
        at: new Date(at),
        type: 'call.emergency_ended',
        data: { ...known, endedBy: 'caller', seconds: 61 },
      },
      { at: context.clock.now(), type: 'call.emergency', data: { ...unnamed, ...connected } },
    ]);
  },
);

onBothDatabases('who calls is seen as the site, with its number or else the tenant’s', async ({ store }) => {
  const context = makeContext(store);
  const tenantId = await makeTenant(context, { name: 'Example Ltd', callerNumber: '+4989123' });
  const identityAt = async (siteId?: string): Promise<unknown> => {
    const device = await makeDevice(context, { tenantId, ...(siteId === undefined ? {} : { siteId }) });
    const answer = await routeCall(context, emergency((await makePhone(context, device)).id));
    return answer.kind === 'emergency' ? answer.callerIdentity : null;
  };
  assert.deepEqual(await identityAt(), { name: 'Example Ltd', number: '+4989123' });
  const wien = await makeSite(context, tenantId, { name: 'Wien', callerNumber: '+431234' });
  assert.deepEqual(await identityAt(wien), { name: 'Example Ltd, Wien', number: '+431234' });
  const graz = await makeSite(context, tenantId, { name: 'Graz' });
  assert.deepEqual(await identityAt(graz), { name: 'Example Ltd, Graz', number: '+4989123' });
  const nobody = await routeCall(context, emergency(null));
  assert.ok(nobody.kind === 'emergency' && nobody.callerIdentity === null);
});

onBothDatabases(
  'a call is known by where its phone registered or fetched, not by its name',
  async ({ store }) => {
    const context = makeContext(store);
    const tenantId = await makeTenant(context, {
      name: 'Example Ltd',
      callerNumber: '+4989123',
      route: 'sip:own',
    });
    const device = await makeDevice(context, { tenantId });
    const { id: user } = await makeToken(context, device);
    const from = async (address: string): Promise<unknown> => {
      const answer = await routeCall(context, { user, dialled: '112', source: { ...PHONE_SOURCE, address } });
      assert.ok(answer.kind === 'emergency');
      assert.deepEqual(
        [answer.targets, answer.mac],
        [['sip:112@own'], device.mac],
        'the route follows the name',
      );
      assert.equal(answer.callerIdentity !== null, answer.isKnown);
      return answer.isKnown;
    };
    const registerAt = (address: string, cseq: number): Promise<unknown> =>
      registerFrom(context, user, { ...PHONE_SOURCE, address }, cseq);
    assert.equal(await from(PHONE_SOURCE.address), true, 'it fetched from there');
    assert.equal(await from('192.0.2.11'), false);
    await registerAt('192.0.2.11', 1);
    assert.equal(await from('192.0.2.11'), true);
    await registerAt('2001:db8:0:7::1', 2);
    for (const address of ['192.0.2.10', '2001:db8:0:7::9']) assert.equal(await from(address), true, address);
    assert.equal(await from('2001:db8:0:8::1'), false);
    context.clock.advance(301);
    assert.equal(await from('2001:db8:0:7::9'), false, 'it is not registered there any more');
  },
);
