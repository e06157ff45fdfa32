import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AdminApi, wrongPap } from '../support/admin-api.js';
import {
  authenticate,
  callService,
  dialAttempt,
  keyIn,
  nextConfiguration,
  plugIn,
  registeredPhone,
} from '../support/phones.js';
import { Service } from '../support/service.js';
import { until } from '../support/wait-for.js';

describe('the main job', { concurrency: true }, () => {
  let service: Service;
  before(async () => {
    service = await Service.launch();
  });

  for (const vendor of ['yealink', 'snom'] as const) {
    it(`takes a ${vendor} from "Authentication needed" to its lines`, async (t) => {
      const created = await service.api.createPhone({ vendor });
      assert.match(created.pap, /^\d{6}$/);

      const phone = await registeredPhone(t, service, created, vendor);
      assert.equal(phone.setup?.display, 'Authentication needed');
      assert.equal(phone.setup?.accounts.length, 1);

      const provisioned = nextConfiguration(phone, 30_000);
      const notified = new Promise<string>((resolve) => phone.once('notify', resolve));
      const call = await callService(phone);
      const heard = await keyIn(call, wrongPap(created.pap), created.pap);
      assert.deepEqual(heard, [
        'enter-pin-6',
        'pin-incorrect',
        'tries-left-2',
        'enter-pin-6',
        'authenticated',
        'goodbye',
      ]);
      assert.equal(await call.ended, 'service');
      assert.match(await notified, /check-sync/);

      assert.equal(await provisioned, created.line.label);
      const [account] = phone.setup?.accounts ?? [];
      assert.equal(account?.user, created.line.sipUser);
      assert.equal(account?.password, created.line.password);
      const device = await service.api.device(created.macHex);
      assert.equal(device.state, 'successful');
      assert.equal(device.pap, null);

      // The lines of fetches are written in batches.
      const types = await until(async () => {
        const seen = (await service.api.events(created.macHex)).map((event) => event.type);
        return seen.includes('config.full') ? seen : null;
      });
      for (const type of [
        'device.created',
        'config.minimal',
        'pap.wrong',
        'pap.accepted',
        'device.authenticated',
        'resync.sent',
        'resync.answered',
        'config.full',
        'call.authentication',
      ]) {
        assert.equal(types.filter((one) => one === type).length, 1, type);
      }
    });
  }

  it('gives the full configuration to the phone that made the call, and to nobody else who knows the MAC', async (t) => {
    // Else everybody at this address is trusted from then on.
    const created = await service.api.createPhone({ policy: { strict: true } });
    const owner = await registeredPhone(t, service, created);
    const stranger = await plugIn(t, service, created);
    await stranger.provision();
    const provisioned = nextConfiguration(owner, 30_000);
    await authenticate(owner, created.pap);
    assert.equal(await provisioned, created.line.label);

    await stranger.provision();
    assert.equal(stranger.setup?.display, 'Authentication needed');
    const third = await plugIn(t, service, created);
    await third.provision();
    assert.equal(third.setup?.display, 'Authentication needed');
    await owner.provision();
    assert.equal(owner.setup?.display, created.line.label);
    const missing = await until(
      async () => (await service.api.events(created.macHex, 'device.token_missing'))[0],
    );
    assert.equal(missing.mac, (await service.api.device(created.macHex)).mac);
  });

  it('takes the PIN in one dial string, and after it any other number', async (t) => {
    const created = await service.api.createPhone();
    const phone = await registeredPhone(t, service, created);
    const intercepted = await callService(phone, '030123456');
    await intercepted.hangUp();
    assert.deepEqual(await dialAttempt(phone, wrongPap(created.pap)), [
      'pin-incorrect',
      'tries-left-2',
      'goodbye',
    ]);
    const provisioned = nextConfiguration(phone, 30_000);
    assert.deepEqual(await dialAttempt(phone, created.pap), ['authenticated', 'goodbye']);
    assert.equal(await provisioned, created.line.label);
    assert.doesNotMatch(service.log, new RegExp(created.pap), 'the PIN is in no log');
  });

  it('speaks the language of the site, and keeps what was keyed while it spoke', async (t) => {
    const { id: tenantId } = await service.api.need('POST', '/tenants', { name: 'Beispiel GmbH' });
    const site = await service.api.need('POST', `/tenants/${tenantId}/sites`, {
      name: 'Berlin',
      language: 'de',
    });
    const device = await service.api.need('POST', '/devices', {
      mac: '805ec0aabb01',
      vendor: 'yealink',
      tenantId,
      siteId: site.id,
    });
    const phone = await registeredPhone(t, service, { macHex: '805ec0aabb01' });
    const call = await callService(phone);
    // A wrong entry and the right one behind it, keyed without waiting for what is said in between.
    await call.press(`${wrongPap(device.pap)}#${device.pap}#`);
    await call.ended;
    assert.equal(call.heard[0], 'de/enter-pin-6');
    assert.equal(call.heard.at(-1), 'de/goodbye');
    assert.equal((await service.api.device('805ec0aabb01')).state, 'successful');
  });

  it('asks again for empty and short entries, which are no attempts', async (t) => {
    const created = await service.api.createPhone();
    const phone = await registeredPhone(t, service, created);
    const call = await callService(phone);
    const heard = await keyIn(call, '', '123', created.pap);
    assert.deepEqual(heard, [
      'enter-pin-6',
      'no-input',
      'enter-pin-6',
      'incomplete',
      'enter-pin-6',
      'authenticated',
      'goodbye',
    ]);
    assert.deepEqual(await service.api.events(created.macHex, 'pap.wrong'), []);
  });

  it('opens the portal without a key, and nothing else', async () => {
    const page = await fetch(`${service.facts.adminUrl}/`);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<title>Dialgate/);
    assert.equal((await fetch(`${service.facts.adminUrl}/healthz`)).status, 200);
    assert.equal((await fetch(`${service.facts.adminUrl}/readyz`)).status, 200);
    assert.equal((await new AdminApi(service.facts.adminUrl, 'dg_wrong').get('/devices')).status, 401);
  });

  after(async () => {
    assert.equal(await service.stop(), 0, 'SIGTERM ends it in order');
    assert.doesNotMatch(service.log, /"level":(50|60)/, 'no errors in the log');
  });
});
