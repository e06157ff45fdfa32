import assert from 'node:assert/strict';
import type { Mac } from '../../src/domain/mac.js';
import { saveKnocks } from '../../src/store/knocks.js';
import { expectProblem, expectStatus, makeDevice, makeTenant, NOW, onAdminApp } from './admin-server.js';

const MACS = ['80:5e:c0:11:22:33', '80:5e:c0:11:22:34', '80:5e:c0:11:22:35'] as Mac[];

onAdminApp('MACs that knocked are listed until they are created, the latest first', async (admin) => {
  const userAgent = 'Yealink SIP-T46U 108.86.0.90 80:5e:c0:11:22:33';
  const knocks = MACS.map((mac, at) => {
    const moment = new Date(NOW.getTime() + at);
    const whence = { address: '192.0.2.7', userAgent };
    return { mac, vendor: 'yealink' as const, ...whence, times: 2, firstAt: NOW, lastAt: moment };
  });
  await saveKnocks(admin.context.store.db, knocks);
  const first = await expectStatus(admin.get('/unknown-devices?limit=2'), 200);
  assert.deepEqual(first.items[0], {
    mac: MACS[2],
    vendor: 'yealink',
    address: '192.0.2.7',
    userAgent,
    times: 2,
    firstAt: NOW.toISOString(),
    lastAt: new Date(NOW.getTime() + 2).toISOString(),
  });
  const second = await expectStatus(admin.get(`/unknown-devices?limit=2&cursor=${first.cursor}`), 200);
  const all = [...first.items, ...second.items].map(({ mac }: { mac: string }) => mac);
  assert.deepEqual([all, second.cursor], [MACS.toReversed(), null]);

  await makeDevice(admin, await makeTenant(admin), { mac: MACS[1] });
  const { items } = await expectStatus(admin.get('/unknown-devices'), 200);
  assert.deepEqual(
    items.map(({ mac }: { mac: string }) => mac),
    [MACS[2], MACS[0]],
  );
});

onAdminApp('the list of unknown devices refuses what it does not know', async (admin) => {
  for (const query of ['cursor=x', 'cursor=MTIzL3g', 'limit=0', 'tenantId=1'])
    assert.equal((await expectProblem(admin.get(`/unknown-devices?${query}`), 422)).length, 1, query);
  await expectProblem(admin.post('/unknown-devices', {}), 405);
});
