/** What our rules for line codes add to those of Wazo's page. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { nextConfiguration, plugIn, shows } from '../support/phones.js';
import { TurnedService } from '../support/turned-service.js';
import { CLAIMED_MS, createLine, createTenant, dial, powerOn } from '../support/unclaimed-phones.js';
import { until } from '../support/wait-for.js';

let service: TurnedService;
before(async () => {
  service = await TurnedService.launch({ env: { UNKNOWN_DEVICES: 'autoprov' } });
});
after(() => service.stop());

const device = (macHex: string) => service.api.device(macHex);

// Together, for they mostly listen to announcements.
describe('the code of a line', { concurrency: 4 }, () => {
  test('a code dialled behind *89 in one string claims the line, with and without a star between', async (t) => {
    for (const prefix of ['*89', '*89*']) {
      const line = await createLine(service.api);
      const { phone } = await powerOn(t, service);
      assert.deepEqual(await dial(phone, `${prefix}${line.provisioningCode}`), ['code-accepted', 'goodbye']);
      assert.ok(await shows(phone, line.label, CLAIMED_MS));
    }
  });

  test('a phone that waits is told when its device is reset to autoprov', async (t) => {
    const { phone, macHex } = await powerOn(t, service);
    const previous = phone.setup?.accounts[0]?.user;
    await Promise.all([
      nextConfiguration(phone, CLAIMED_MS),
      service.api.need('POST', `/devices/${macHex}/reset-to-autoprov`),
    ]);
    assert.notEqual(phone.setup?.accounts[0]?.user, previous, 'it has another identity');
  });

  test('a code for one use is used up by the first phone, a disabled one gives the line to nobody', async (t) => {
    const tenantId = await createTenant(service.api);
    const once = await createLine(service.api, tenantId, { codeUse: 'once' });
    const disabled = await createLine(service.api, tenantId, { codeUse: 'disabled' });
    const [first, second] = [await powerOn(t, service), await powerOn(t, service)];
    assert.deepEqual(await dial(first.phone, once.provisioningCode), ['code-accepted', 'goodbye']);
    const refused = ['code-incorrect', 'tries-left-2', 'goodbye'];
    assert.deepEqual(await dial(second.phone, once.provisioningCode), refused);
    assert.deepEqual((await dial(second.phone, disabled.provisioningCode)).slice(0, 1), ['code-incorrect']);
    const { codeUsedAt } = await service.api.need('GET', `/tenants/${tenantId}/lines/${once.id}`);
    assert.notEqual(codeUsedAt, null);
  });

  test('no code is ever written into a log or an event', async (t) => {
    const line = await createLine(service.api);
    const { phone, macHex } = await powerOn(t, service);
    await dial(phone, '90817263');
    await dial(phone, line.provisioningCode);
    const written = service.log + JSON.stringify(await service.api.events(macHex));
    assert.ok(written.includes('code.accepted'));
    for (const code of ['90817263', line.provisioningCode]) assert.ok(!written.includes(code));
  });

  test('the line goes to the phone that made the call, not to a stranger who asks for its MAC', async (t) => {
    const line = await createLine(service.api);
    const { phone, macHex } = await powerOn(t, service);
    const stranger = await plugIn(t, service, { macHex }, 'yealink', { localAddress: '127.0.0.7' });
    assert.equal(await stranger.provision(), true);
    await dial(phone, line.provisioningCode);
    assert.ok(await shows(phone, line.label, CLAIMED_MS));
    assert.equal(await stranger.provision(), true);
    assert.equal(stranger.setup?.display, 'Authentication needed');
    assert.notEqual(stranger.setup?.accounts[0]?.user, line.sipUser);
  });

  test('an emergency number is no code: it is connected from a phone that nobody knows, too', async (t) => {
    const { phone, macHex } = await powerOn(t, service);
    const call = await phone.call('112');
    await call.ended;
    assert.equal((await service.api.events(macHex, 'call.emergency')).length, 1);
    assert.deepEqual(await service.api.events(macHex, 'code.wrong'), []);
  });
});

// Alone, for it turns the clock.
test('codes are guessed as PAPs are: three wrong ones lock the phone, which shows it, and a right one is refused', async (t) => {
  const line = await createLine(service.api);
  const { phone, macHex } = await powerOn(t, service);
  await dial(phone, '00000000');
  await dial(phone, '00000001');
  const third = await dial(phone, '00000002');
  assert.deepEqual(third.slice(0, 1), ['not-possible']);
  assert.ok(await shows(phone, 'Authentication failed', CLAIMED_MS));
  const refused = await dial(phone, line.provisioningCode);
  assert.deepEqual(refused.slice(0, 1), ['not-possible']);
  assert.equal((await device(macHex)).tenantId, null);
  const wrong = (await service.api.events(macHex, 'code.wrong')).length;
  assert.equal(wrong, 3);

  service.clock.turn(1800);
  await until(async () => (await device(macHex)).state === 'needed');
  assert.equal(await phone.register(), 200);
  assert.deepEqual(await dial(phone, line.provisioningCode), ['code-accepted', 'goodbye']);
});
