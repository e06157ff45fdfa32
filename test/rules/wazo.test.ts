/**
 * The rules of Wazo's page on provisioning, each named after its sentence; phones and calls are
 * real ones.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PROMPT_MS, namesHeard, nextConfiguration, shows } from '../support/phones.js';
import { TurnedService } from '../support/turned-service.js';
import {
  CLAIMED_MS,
  claimedPhone,
  createLine,
  createTenant,
  dial,
  powerOn,
} from '../support/unclaimed-phones.js';
import { until } from '../support/wait-for.js';
import { lineIds } from '../support/admin-api.js';

let service: TurnedService;
before(async () => {
  service = await TurnedService.launch({ env: { UNKNOWN_DEVICES: 'autoprov' } });
});
after(() => service.stop());

const device = (macHex: string) => service.api.device(macHex);

// Together, for they mostly listen to announcements.
describe('provisioning by the code of a line', { concurrency: 4 }, () => {
  test('Wazo: "The phone use the provided URL to retrieve a common configuration file, a MAC-specific configuration file, a firmware image and some language files."', async (t) => {
    for (const family of ['yealink', 'snom'] as const) {
      const { phone, macHex } = await powerOn(t, service, family);
      assert.notEqual(phone.setup?.accounts.length, 0, 'it can call');
      assert.equal((await device(macHex)).vendor, family);
      assert.ok(phone.setup?.provisioningUrl?.startsWith(service.facts.provisioningUrl));
    }
  });

  test('Wazo: "Dialing the user\'s provisioning code from the phone"', async (t) => {
    const line = await createLine(service.api);
    const { phone, macHex } = await powerOn(t, service);
    assert.deepEqual(await dial(phone, line.provisioningCode), ['code-accepted', 'goodbye']);
    const claimed = await device(macHex);
    assert.deepEqual([claimed.kind, claimed.state, lineIds(claimed)], ['managed', 'successful', [line.id]]);
  });

  test('Wazo: "And voila, once the phone has rebooted, your user is ready to make and receive calls."', async (t) => {
    const line = await createLine(service.api);
    const { phone, macHex } = await powerOn(t, service);
    const notified = new Promise((resolve) => phone.once('notify', resolve));
    await dial(phone, line.provisioningCode);
    await notified;
    assert.ok(await shows(phone, line.label, CLAIMED_MS), 'nobody touched the phone');
    assert.equal(phone.setup?.accounts[0]?.user, line.sipUser);
    // It is the phone that made the call, and goes on with what it holds.
    assert.equal(await phone.provision(), true);
    assert.equal(phone.setup?.accounts[0]?.user, line.sipUser);
    for (const type of ['code.accepted', 'device.authenticated', 'config.full'])
      await until(async () => (await service.api.events(macHex)).some((event) => event.type === type), {
        what: type,
      });
  });

  test('Wazo: "No manual editing of configuration files nor fiddling in the phone\'s web interface."', async (t) => {
    const line = await createLine(service.api);
    const { phone } = await powerOn(t, service);
    const call = await phone.call('*89');
    assert.ok(await call.untilHeard('enter-code', PROMPT_MS));
    await call.press('1234#');
    assert.ok(await call.untilHeard('enter-code', PROMPT_MS), 'a wrong one is asked for again');
    await call.press(`${line.provisioningCode}#`);
    await call.ended;
    assert.deepEqual(namesHeard(call), [
      'enter-code',
      'code-incorrect',
      'tries-left-2',
      'enter-code',
      'code-accepted',
      'goodbye',
    ]);
    assert.ok(await shows(phone, line.label, CLAIMED_MS));
  });

  test('Wazo: "On initial insertion into provd, devices are assigned to the tenant of the token used internally by provd, which is the master tenant."', async (t) => {
    const { macHex } = await powerOn(t, service);
    const { kind, tenantId, pap, lines } = await device(macHex);
    assert.deepEqual([kind, tenantId, pap, lines], ['unclaimed', null, null, []]);
  });

  test('Wazo: "When a device is provisioned, it is transferred to the tenant of the line to which it is being associated."', async (t) => {
    const tenantId = await createTenant(service.api);
    const { macHex } = await claimedPhone(t, service, tenantId);
    assert.equal((await device(macHex)).tenantId, tenantId);
  });

  test('Wazo: "When the device is reset to autoprov, the device stays in its tenant."', async (t) => {
    const tenantId = await createTenant(service.api);
    const { phone, macHex } = await claimedPhone(t, service, tenantId);
    const reset = await service.api.need('POST', `/devices/${macHex}/reset-to-autoprov`);
    assert.deepEqual([reset.kind, reset.tenantId, reset.lines], ['unclaimed', tenantId, []]);
    assert.equal(await phone.provision(), true);
    assert.equal(phone.setup?.display, 'Authentication needed', 'neither its token nor its network counts');
    assert.equal(await phone.register(), 200);

    const foreign = await createLine(service.api);
    assert.deepEqual(await dial(phone, foreign.provisioningCode), [
      'code-other-tenant',
      'tries-left-2',
      'goodbye',
    ]);
    const own = await createLine(service.api, tenantId);
    assert.deepEqual(await dial(phone, own.provisioningCode), ['code-accepted', 'goodbye']);
    assert.ok(await shows(phone, own.label, CLAIMED_MS));
  });

  test('Wazo: "It is not possible to change the tenant of the device once it is set."', async (t) => {
    const tenantId = await createTenant(service.api);
    const { macHex } = await claimedPhone(t, service, tenantId);
    const refused = await service.api.patch(`/devices/${macHex}`, {
      tenantId: await createTenant(service.api),
    });
    assert.equal(refused.status, 409);
    assert.equal((await device(macHex)).tenantId, tenantId);
  });

  test('Wazo: "If you wish to do it anyway, you must delete the device and restart it manually."', async (t) => {
    const { phone, macHex, line } = await claimedPhone(t, service, await createTenant(service.api));
    assert.equal((await service.api.delete(`/devices/${macHex}`)).status, 204);
    assert.equal(await phone.provision(), true);
    assert.equal(phone.setup?.display, 'Authentication needed');
    assert.notEqual(phone.setup?.accounts[0]?.user, line.sipUser);
    assert.equal((await device(macHex)).tenantId, null);

    const elsewhere = await createLine(service.api);
    assert.equal(await phone.register(), 200);
    await dial(phone, elsewhere.provisioningCode);
    assert.equal((await device(macHex)).tenantId, elsewhere.tenantId);
  });

  test('Wazo: "Device synchronisation does not work in the situation where multiple devices are connected from behind a NAPT network equipment."', async (t) => {
    const phones = await Promise.all([powerOn(t, service), powerOn(t, service), powerOn(t, service)]);
    const told = phones.map(({ phone }) => {
      const events: string[] = [];
      phone.on('notify', (event) => events.push(event));
      return events;
    });
    const counts = (): number[] => told.map(({ length }) => length);

    // All come from one address; each is told where it registered, and no other.
    for (const [index, { phone, macHex }] of phones.entries()) {
      await Promise.all([
        nextConfiguration(phone, CLAIMED_MS),
        service.api.need('POST', `/devices/${macHex}/resync`),
      ]);
      assert.deepEqual(
        counts(),
        [0, 1, 2].map((other) => (other <= index ? 1 : 0)),
      );
    }

    const tenantId = await createTenant(service.api);
    const lines = [
      await createLine(service.api, tenantId),
      await createLine(service.api, tenantId),
      await createLine(service.api, tenantId),
    ];
    await Promise.all(phones.map(({ phone }, index) => dial(phone, lines[index]!.provisioningCode)));
    for (const [index, { phone }] of phones.entries()) {
      assert.ok(await shows(phone, lines[index]!.label, CLAIMED_MS), `phone ${index + 1}`);
      assert.equal(phone.setup?.accounts[0]?.user, lines[index]!.sipUser, 'the line whose code it dialled');
    }
    assert.ok(
      counts().every((count) => count >= 2),
      'each by a NOTIFY of its own',
    );
  });

  test('Wazo: "There may be an issue if you are using an analog gateway with lines that are not in the same tenant."', async (t) => {
    const tenantId = await createTenant(service.api);
    const { macHex, line, phone } = await claimedPhone(t, service, tenantId);
    const [second, foreign] = [await createLine(service.api, tenantId), await createLine(service.api)];
    const refused = await service.api.patch(`/devices/${macHex}`, {
      lines: [line.id, second.id, foreign.id],
    });
    assert.equal(refused.status, 422);
    assert.deepEqual(
      refused.body.errors.map(({ pointer }: { pointer: string }) => pointer),
      ['/lines/2'],
    );
    assert.match(
      refused.body.detail,
      new RegExp(`line of tenant ${tenantId}; a device takes lines of its own`),
    );

    const changed = await service.api.need('PATCH', `/devices/${macHex}`, { lines: [line.id, second.id] });
    assert.deepEqual(lineIds(changed), [line.id, second.id]);
    await phone.provision();
    assert.deepEqual(
      phone.setup?.accounts.map(({ user }) => user),
      [line.sipUser, second.sipUser],
    );
  });

  test('Wazo: "Indeed, in the case that the gateway is only one device and each port is a separate line, the device will only be seen by the tenant of the first line that was added."', async (t) => {
    const tenantId = await createTenant(service.api);
    const { macHex } = await claimedPhone(t, service, tenantId);
    const seenBy = async (id: string): Promise<string[]> =>
      (await service.api.need('GET', `/devices?tenantId=${id}`)).items.map(({ mac }: { mac: string }) => mac);
    assert.deepEqual(
      (await seenBy(tenantId)).map((mac) => mac.replaceAll(':', '')),
      [macHex],
    );
    assert.deepEqual(await seenBy(await createTenant(service.api)), []);
  });
});
