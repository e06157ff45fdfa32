import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { namesHeard, registeredPhone } from '../support/phones.js';
import { Service } from '../support/service.js';

describe('attempts at the same time', () => {
  let service: Service;
  before(async () => {
    service = await Service.launch();
  });
  after(() => service.kill());

  it('twenty calls with different wrong PINs on one device: no more verdicts than maxAttempts before the lock', async (t) => {
    const created = await service.api.createPhone();
    const phone = await registeredPhone(t, service, created);
    const wrong = Array.from({ length: 20 }, (_, index) =>
      String((Number(created.pap) + index + 1) % 1_000_000).padStart(6, '0'),
    );
    const calls = await Promise.all(wrong.map((pap) => phone.call(`*89*${pap}`)));
    await Promise.all(calls.map((call) => call.ended));

    assert.equal((await service.api.events(created.macHex, 'pap.wrong')).length, 3);
    const checked = calls.filter((call) => namesHeard(call).includes('pin-incorrect'));
    assert.ok(checked.length <= 3, `${checked.length} callers heard a verdict`);
    assert.equal((await service.api.device(created.macHex)).state, 'failed');
  });

  it('two calls of one device do not disturb each other', async (t) => {
    const created = await service.api.createPhone();
    const phone = await registeredPhone(t, service, created);
    const [first, second] = await Promise.all([phone.call('*89'), phone.call('*89')]);
    assert.ok(await second.untilHeard('enter-pin-6', 20_000));
    await first.hangUp();
    await second.press(`${created.pap}#`);
    assert.equal(await second.ended, 'service');
    assert.equal(second.heard.at(-1), 'en/goodbye');
    assert.equal((await service.api.device(created.macHex)).state, 'successful');
  });
});
