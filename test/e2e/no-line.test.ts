/**
 * A device that has proved itself and has no line: a roll-out by CSV, a line that was deleted. Its
 * phone can call for help all the same.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FAMILIES, type FamilyName } from '../../softphone/families/index.js';
import type { SimulatedPhone } from '../../softphone/phone.js';
import { Gateway } from '../support/gateway.js';
import { nextConfiguration, registeredPhone, tryPap } from '../support/phones.js';
import { Service } from '../support/service.js';
import { until } from '../support/wait-for.js';

/** Handsets have room for twelve characters; a gateway has no display at all. */
const TEXTS: Partial<Record<FamilyName, string>> = { patton: '', gigaset: 'No line' };

describe('a phone without lines', { concurrency: 3 }, () => {
  let service: Service;
  let gateway: Gateway;
  before(async () => {
    gateway = await Gateway.start();
    service = await Service.launch({ env: { EMERGENCY_ROUTE: gateway.route } });
  });
  after(async () => {
    await service.kill();
    await gateway.close();
  });

  async function expectHelp(phone: SimulatedPhone): Promise<void> {
    assert.equal(await phone.register(), 200);
    const user = phone.setup?.accounts[0]?.user ?? '';
    const known = gateway.calls.length;
    const call = await phone.call('112');
    assert.deepEqual(await call.answer, { kind: 'answered' }, user);
    await until(() => gateway.calls.length > known);
    await call.hangUp();
  }

  for (const family of Object.keys(FAMILIES) as FamilyName[]) {
    it(`${family}: is registered with the service, and is connected when it calls for help`, async (t) => {
      const created = await service.api.createPhone({
        vendor: family,
        policy: { strict: true },
        device: { lines: [] },
      });
      const path = `/devices/${created.macHex}`;
      const phone = await registeredPhone(t, service, created, family);
      const waiting = phone.setup?.accounts[0];
      const proved = nextConfiguration(phone, 60_000);
      await tryPap(phone, created.pap);
      assert.equal(await proved, TEXTS[family] ?? 'No line assigned');
      assert.equal((await service.api.device(created.macHex)).state, 'successful');
      assert.deepEqual(
        phone.setup?.accounts.map(({ user, password }) => [user, password]),
        [[waiting?.user, waiting?.password]],
        'it keeps the account that it had',
      );
      assert.equal(phone.setup?.warmLine, null);
      await expectHelp(phone);

      // A line is added, and deleted again.
      const { id } = await service.api.need('POST', `/tenants/${created.tenantId}/lines`, {
        ...created.line,
        sipUser: `n${created.line.sipUser}`,
      });
      await service.api.need('PATCH', path, { lines: [id] });
      await phone.provision();
      assert.equal(phone.setup?.accounts[0]?.user, `n${created.line.sipUser}`);
      await service.api.need('PATCH', path, { lines: [] });
      await phone.provision();
      assert.equal(phone.setup?.display, TEXTS[family] ?? 'No line assigned');
      assert.equal(phone.setup?.accounts[0]?.user, waiting?.user);
      assert.doesNotMatch(JSON.stringify(phone.setup), new RegExp(created.line.password));
      await expectHelp(phone);
    });
  }
});
