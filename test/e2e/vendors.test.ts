/**
 * The main job, played by a phone of each family in its own way: its files, its format, its NOTIFY.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { FAMILIES, type FamilyName } from '../../softphone/families/index.js';
import { vendorOf } from '../../src/vendors/index.js';
import { authenticate, nextConfiguration, registeredPhone } from '../support/phones.js';
import { Service } from '../support/service.js';

/** Short displays have a shortened form that keeps these; a gateway has no display at all. */
const TEXTS: Partial<Record<FamilyName, RegExp>> = { patton: /^$/ };
const needed = (family: FamilyName): RegExp => TEXTS[family] ?? /auth.*needed/i;

/** Each phone needs a call with audio both ways; on two cores not too many at a time. */
describe('every family', { concurrency: 3 }, () => {
  let service: Service;
  before(async () => {
    service = await Service.launch();
  });

  for (const family of Object.keys(FAMILIES) as FamilyName[]) {
    it(`${family}: from the minimal configuration by *89 and NOTIFY to its line, and back by a reset`, async (t) => {
      // Else its address is trusted afterwards, and a reset shows nothing.
      const created = await service.api.createPhone({ vendor: family, policy: { strict: true } });
      const phone = await registeredPhone(t, service, created, family);
      assert.match(phone.setup?.display ?? '', needed(family));
      assert.equal(phone.setup?.accounts.length, 1);
      assert.notEqual(phone.setup?.accounts[0]?.user, created.line.sipUser);

      const provisioned = nextConfiguration(phone, 30_000);
      const notified = once(phone, 'notify', { signal: AbortSignal.timeout(60_000) });
      notified.catch(() => undefined); // A test that fails before it looks has said enough.
      assert.deepEqual((await authenticate(phone, created.pap)).slice(-2), ['authenticated', 'goodbye']);
      const [event] = (await notified) as [string];
      assert.equal(event, vendorOf(family)?.resync.event);
      await provisioned;
      const [account, ...others] = phone.setup?.accounts ?? [];
      assert.equal(account?.user, created.line.sipUser);
      assert.equal(account?.password, created.line.password);
      assert.deepEqual(others, []);
      assert.equal((await service.api.device(created.macHex)).state, 'successful');

      // It holds its token, whatever it does with the files of its model.
      await phone.provision();
      assert.equal(phone.setup?.accounts[0]?.user, created.line.sipUser);
      assert.deepEqual(await service.api.events(created.macHex, 'device.token_missing'), []);
      assert.deepEqual(await service.api.events(created.macHex, 'device.mismatch'), []);

      await service.api.need('POST', `/devices/${created.macHex}/reset-authentication`);
      await phone.provision();
      assert.match(phone.setup?.display ?? '', needed(family));
      assert.doesNotMatch(JSON.stringify(phone.setup), new RegExp(created.line.password));
    });
  }

  after(async () => {
    assert.equal(await service.stop(), 0);
    assert.doesNotMatch(service.log, /"level":(50|60)/, 'no errors in the log');
  });
});
