import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { wrongPap } from '../support/admin-api.js';
import {
  callService,
  dialAttempt,
  keyIn,
  nextConfiguration,
  registeredPhone,
  shows,
  tryPap,
} from '../support/phones.js';
import { Service } from '../support/service.js';
import { until } from '../support/wait-for.js';

describe('wrong PINs', { concurrency: true }, () => {
  let service: Service;
  before(async () => {
    service = await Service.launch();
  });
  after(() => service.kill());

  it('lock after three in a row; the lock ends by itself, and the display says so', async (t) => {
    const created = await service.api.createPhone({ policy: { lockoutSeconds: 20 } });
    const phone = await registeredPhone(t, service, created);

    const shownFailed = nextConfiguration(phone, 60_000);
    const wrong = [1, 2, 3].map((step) => wrongPap(created.pap, step));
    const heard = await keyIn(await callService(phone), ...wrong);
    assert.deepEqual(heard.slice(1, 4), ['pin-incorrect', 'tries-left-2', 'enter-pin-6']);
    assert.ok(heard.includes('not-possible'), 'the lock is announced');
    assert.equal((await service.api.events(created.macHex, 'pap.wrong')).length, 3);
    assert.equal(await shownFailed, 'Authentication failed');
    const locked = await service.api.device(created.macHex);
    assert.equal(locked.state, 'failed');

    const shownNeeded = nextConfiguration(phone, 40_000);
    const refused = await dialAttempt(phone, created.pap);
    assert.deepEqual(
      [refused[0], refused.at(-1)],
      ['not-possible', 'goodbye'],
      'even the right one is not checked',
    );
    assert.equal(await shownNeeded, 'Authentication needed');
    const late = Date.now() - Date.parse(locked.failedUntil);
    assert.ok(late >= 0, `the display changed ${late} ms after the lock's end`);

    const shownLine = nextConfiguration(phone, 40_000);
    assert.deepEqual(await dialAttempt(phone, created.pap), ['authenticated', 'goodbye']);
    assert.equal(await shownLine, created.line.label);
  });

  it('block for good after the last lock; only a reset leads out', async (t) => {
    const created = await service.api.createPhone({
      policy: { maxAttempts: 1, maxLockouts: 2, lockoutSeconds: 1 },
    });
    const phone = await registeredPhone(t, service, created);
    assert.equal(await tryPap(phone, wrongPap(created.pap)), 'not-possible');
    await until(async () => (await service.api.device(created.macHex)).state === 'needed', { every: 200 });
    const shownBlocked = shows(phone, 'Authentication blocked', 60_000);
    assert.equal(await tryPap(phone, wrongPap(created.pap)), 'blocked');
    assert.equal((await service.api.device(created.macHex)).state, 'blocked');
    assert.ok(await shownBlocked, 'the display says so');
    assert.equal(await tryPap(phone, created.pap), 'blocked');

    const reset = await service.api.need('POST', `/devices/${created.macHex}/reset-authentication`);
    assert.equal(reset.state, 'needed');
    assert.notEqual(reset.pap, created.pap);
    // All tokens are revoked: it fetches with one that is worth nothing, and gets a new one.
    await phone.provision();
    assert.equal(await phone.register(), 200);
    assert.equal(await tryPap(phone, created.pap), 'not-possible', 'the old PIN is dead');
    assert.equal((await service.api.events(created.macHex, 'pap.wrong')).length, 3);
  });

  it('are let through by a suspension, which brings the phone its lines without a PIN', async (t) => {
    const created = await service.api.createPhone();
    const phone = await registeredPhone(t, service, created);
    const provisioned = nextConfiguration(phone, 20_000);
    const suspended = await service.api.need('POST', `/devices/${created.macHex}/suspend-authentication`);
    assert.equal(suspended.state, 'needed');
    assert.ok(Date.parse(suspended.suspendedUntil) > Date.now());
    assert.equal(await provisioned, created.line.label);
    await phone.provision();
    const device = await service.api.device(created.macHex);
    assert.equal(device.state, 'successful', 'it came back with the token that it held');
    assert.equal(device.pap, null);
  });
});
