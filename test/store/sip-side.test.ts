/** What the SIP application asks: accounts, registrations, calls, readiness. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { deriveSipPassword } from '../../src/domain/secrets.js';
import type { Registration } from '../../src/contract/messages.js';
import { findAccount, findHa1 } from '../../src/services/account.js';
import { attemptEntry } from '../../src/services/authentication/attempt-entry.js';
import { closeCall, openCall } from '../../src/services/authentication/call.js';
import { register } from '../../src/services/registration.js';
import { resetAuthentication } from '../../src/services/authentication/reset-authentication.js';
import { readSipReadiness, recordHeartbeat } from '../../src/services/sip-readiness.js';
import {
  PHONE_SOURCE,
  eventsOf,
  makeContext,
  makeDevice,
  makePhone,
  makeSite,
  makeTenant,
  makeToken,
  wrongPapOf,
} from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';

const ADMIN = { name: 'admin', address: null };

function registrationOf(changes: Partial<Registration> = {}): Registration {
  return {
    contacts: [{ uri: 'sip:phone@192.0.2.10', expiresSeconds: 120 }],
    path: null,
    source: PHONE_SOURCE,
    callId: 'reg-1',
    cseq: 10,
    userAgent: 'Yealink SIP-T46S 66.86.0.15',
    ...changes,
  };
}

onBothDatabases(
  'an account has the digest of the password that the token’s configuration carries',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await makeDevice(context);
    const token = await makeToken(context, device);
    const password = deriveSipPassword(context.masterKey, token.id);
    const ha1 = (realm: string, algorithm: string): string =>
      createHash(algorithm).update(`${token.id}:${realm}:${password}`).digest('hex');
    assert.deepEqual(await findAccount(context, token.id), {
      user: token.id,
      realm: 'sip.example',
      ha1: {
        md5: ha1('sip.example', 'md5'),
        sha256: ha1('sip.example', 'sha256'),
        sha512256: ha1('sip.example', 'sha512-256'),
      },
      deviceId: device.id,
    });
    assert.deepEqual(await findHa1(context, token.id, 'phone'), {
      md5: ha1('phone', 'md5'),
      sha256: ha1('phone', 'sha256'),
      sha512256: ha1('phone', 'sha512-256'),
    });
    assert.equal(await findAccount(context, 'nobody'), null);
    assert.equal(await findHa1(context, 'nobody', 'phone'), null);
  },
);

onBothDatabases(
  'REGISTER is accepted in every state of the device, and of live tokens only',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await makeDevice(context, { policy: { maxAttempts: 1, maxLockouts: 1 } });
    const token = await makeToken(context, device);
    const digits = await wrongPapOf(context, device);
    await attemptEntry(context, 'call', { user: token.id, digits, source: PHONE_SOURCE });
    assert.equal((await register(context, token.id, registrationOf()))?.kind, 'registered');

    context.clock.advance(86_399);
    assert.notEqual(await register(context, token.id, registrationOf({ callId: 'b' })), null);
    context.clock.advance(86_400);
    assert.equal(await register(context, token.id, registrationOf({ callId: 'c' })), null);
    const fresh = await makeToken(context, device);
    await resetAuthentication(context, device.mac, ADMIN);
    assert.equal(await register(context, fresh.id, registrationOf()), null);
  },
);

onBothDatabases(
  'a caller hears what the state of his device asks for, in his language',
  async ({ store }) => {
    const context = makeContext(store);
    const tenantId = await makeTenant(context, {
      policy: { maxAttempts: 2, maxLockouts: 2, papDigits: 7 },
      language: 'de-AT',
    });
    const device = await makeDevice(context, { tenantId, policy: { papDigits: 7 } });
    const phone = await makePhone(context, device);
    const open = () =>
      openCall(context, { callId: 'c', user: phone.id, dialled: 'service', source: PHONE_SOURCE });
    const guess = async (digits: string) =>
      attemptEntry(context, 'c', { user: phone.id, digits, source: PHONE_SOURCE });
    const asked = { asks: 'pap', languages: ['de-AT', 'en'], papDigits: 7 };

    assert.deepEqual(await open(), { ...asked, state: 'needed', attemptsLeft: 2 });
    await guess(await wrongPapOf(context, device));
    assert.deepEqual(await open(), { ...asked, state: 'needed', attemptsLeft: 1 });
    await guess(await wrongPapOf(context, device));
    context.clock.advance(0.5);
    assert.deepEqual(await open(), { ...asked, state: 'failed', lockedSeconds: 1800 });
    context.clock.advance(1800);
    assert.deepEqual(await open(), { ...asked, state: 'needed', attemptsLeft: 2 });
    await guess(await wrongPapOf(context, device));
    await guess(await wrongPapOf(context, device));
    assert.deepEqual(await open(), { ...asked, state: 'blocked' });
    await resetAuthentication(context, device.mac, ADMIN);
    assert.equal(await open(), null);
  },
);

onBothDatabases(
  'the device’s language goes before the site’s, that before the tenant’s, and that before the installation’s',
  async ({ store }) => {
    const context = makeContext(store);
    const tenantId = await makeTenant(context, { language: 'it' });
    const siteId = await makeSite(context, tenantId, { language: 'de' });
    const wished = async (settings: Record<string, unknown>): Promise<string[] | undefined> => {
      const phone = await makePhone(context, await makeDevice(context, { tenantId, siteId, settings }));
      const call = { callId: phone.id, user: phone.id, dialled: 'service', source: PHONE_SOURCE } as const;
      return (await openCall(context, call))?.languages;
    };
    assert.deepEqual(await wished({}), ['de', 'it', 'en']);
    assert.deepEqual(await wished({ language: 'pl' }), ['pl', 'de', 'it', 'en']);
    assert.deepEqual(await wished({ language: 7 }), ['de', 'it', 'en']);
  },
);

onBothDatabases(
  'the end of a call is one line of the audit log, however often it is reported',
  async ({ store }) => {
    const context = makeContext(store);
    const device = await makeDevice(context);
    const phone = await makePhone(context, device);
    const end = { user: phone.id, outcome: 'abandoned', seconds: 4.2 } as const;
    await openCall(context, { callId: 'a', user: phone.id, dialled: 'service', source: PHONE_SOURCE });
    for (const callId of ['a', 'a', 'never-opened', 'never-opened']) await closeCall(context, callId, end);
    await closeCall(context, 'a', { ...end, user: 'nobody' });
    assert.deepEqual(
      (await eventsOf(store)).map(({ type, data }) => ({ type, data })),
      ['a', 'never-opened'].map((callId) => ({
        type: 'call.authentication',
        data: { callId, outcome: 'abandoned', seconds: 4.2 },
      })),
    );
  },
);

onBothDatabases('phones can be heard while a SIP application says so', async ({ store }) => {
  const context = makeContext(store);
  assert.deepEqual(await readSipReadiness(context), { ready: false, sipServer: false, mediaServer: false });
  await recordHeartbeat(context, { id: 'a', sipServer: true, mediaServer: false });
  await recordHeartbeat(context, { id: 'b', sipServer: false, mediaServer: true });
  assert.deepEqual(await readSipReadiness(context), { ready: false, sipServer: true, mediaServer: true });
  await recordHeartbeat(context, { id: 'a', sipServer: true, mediaServer: true });
  assert.equal((await readSipReadiness(context)).ready, true);
  context.clock.advance(15);
  assert.equal((await readSipReadiness(context)).ready, false);
});
