import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { wrongPap } from '../support/admin-api.js';
import { plugIn, registeredPhone, tryPap } from '../support/phones.js';
import { Service } from '../support/service.js';

describe('kill -9 and a restart', () => {
  it('between attempts: the counters stand, and the phone is known by its token', async (t) => {
    const first = await Service.start(t);
    const created = await first.api.createPhone();
    const phone = await registeredPhone(t, first, created);
    await tryPap(phone, wrongPap(created.pap, 1));
    await tryPap(phone, wrongPap(created.pap, 2));
    first.process.kill('SIGKILL');
    await once(first.process, 'exit');

    const second = await Service.start(t, { dataDir: first.dataDir });
    // Ports are other ones now; the token in the path is what counts.
    const token = new URL(phone.provisioningUrl).pathname;
    const again = await fetch(`${second.facts.provisioningUrl}${token}${created.macHex}.cfg`);
    assert.equal(again.status, 200);
    assert.match(await again.text(), /Authentication needed/);
    assert.equal((await second.api.events(created.macHex, 'pap.wrong')).length, 2);

    const unpacked = await plugIn(t, second, created);
    await unpacked.provision();
    await unpacked.register();
    assert.equal(
      await tryPap(unpacked, wrongPap(created.pap, 3)),
      'not-possible',
      'the third wrong PIN locks',
    );
    assert.equal((await second.api.device(created.macHex)).state, 'failed');
  });

  it('right after the right PIN: the success stands and the phone gets its lines', async (t) => {
    const first = await Service.start(t);
    const created = await first.api.createPhone();
    const phone = await registeredPhone(t, first, created);
    const call = await phone.call(`*89*${created.pap}`);
    assert.ok(await call.untilHeard('authenticated', 20_000));
    first.process.kill('SIGKILL');
    await once(first.process, 'exit');

    const second = await Service.start(t, { dataDir: first.dataDir });
    assert.equal((await second.api.device(created.macHex)).state, 'successful');
    const token = new URL(phone.provisioningUrl).pathname;
    const full = await fetch(`${second.facts.provisioningUrl}${token}${created.macHex}.cfg`);
    assert.ok((await full.text()).includes(created.line.password));
  });
});
