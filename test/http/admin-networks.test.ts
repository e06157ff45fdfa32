/** The trusted networks of a tenant over REST. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { addSeconds } from '../../src/domain/time.js';
import { closeExpiredNetworks } from '../../src/services/networks/networks.js';
import {
  type Admin,
  type Json,
  NOW,
  eventsOf,
  expectProblem,
  expectStatus,
  makeTenant,
  onAdminApp,
  statusesOf,
} from './admin-server.js';

const at = (seconds: number): string => addSeconds(NOW, seconds).toISOString();

/** The path of a new tenant's networks. */
async function networksPath(admin: Admin, policy: object = {}): Promise<string> {
  return `/tenants/${await makeTenant(admin, { policy })}/networks`;
}

async function refusal(
  admin: Admin,
  path: string,
  body: object,
): Promise<{ pointers: string[]; detail: string }> {
  const answer = admin.post(path, body);
  return { pointers: await expectProblem(answer, 422), detail: (await answer).body.detail };
}

onAdminApp('a permanent network is answered as it was made, in one spelling', async (admin) => {
  const path = await networksPath(admin);
  const answer = await admin.post(path, { cidr: '192.0.2.0/255.255.255.0', label: 'Head office' });
  assert.equal(answer.status, 201);
  const { id, ...network } = answer.body;
  assert.equal(answer.headers.get('location'), `/api/v1${path}/${id}`);
  assert.deepEqual(network, {
    tenantId: path.split('/')[2],
    cidr: '192.0.2.0/24',
    kind: 'permanent',
    label: 'Head office',
    reason: 'administrator',
    openedBy: 'ADMIN_KEY',
    mac: null,
    openedAt: NOW.toISOString(),
    expiresAt: null,
    createdAt: NOW.toISOString(),
    devices: 0,
  });
  assert.deepEqual(await expectStatus(admin.get(`${path}/${id}`), 200), answer.body);
  assert.deepEqual(await expectStatus(admin.get(path), 200), { items: [answer.body], cursor: null });
});

onAdminApp(
  'every usual spelling of an address or a range is taken, private and loopback ones too',
  async (admin) => {
    const path = await networksPath(admin);
    const spellings = {
      '192.0.2.7': '192.0.2.7/32',
      '192.0.2.77/28': '192.0.2.64/28',
      '127.0.0.1': '127.0.0.1/32',
      '192.168.0.0/16': '192.168.0.0/16',
      '2001:DB8:0:0::7': '2001:db8::7/128',
      '2001:db8:1:2:3::/64': '2001:db8:1:2::/64',
      '::1': '::1/128',
      '::1.2.3.4': '::102:304/128',
      '::ffff:198.51.100.0/120': '198.51.100.0/24',
    };
    for (const [given, cidr] of Object.entries(spellings)) {
      const network = await expectStatus(admin.post(path, { cidr: given }), 201);
      assert.equal(network.cidr, cidr);
      assert.equal((await expectStatus(admin.get(`${path}/${network.id}`), 200)).cidr, cidr);
    }
  },
);

onAdminApp('what is no address or range is refused with its place', async (admin) => {
  const path = await networksPath(admin);
  for (const cidr of [
    '',
    'example.com',
    '192.0.2.0/33',
    '192.0.2',
    '192.0.2.0/255.0.255.0',
    '2001:db8::/129',
    7,
    null,
  ]) {
    assert.deepEqual((await refusal(admin, path, { cidr })).pointers, ['/cidr'], String(cidr));
  }
  assert.deepEqual((await refusal(admin, path, {})).pointers, ['/cidr']);
  const wrong = {
    cidr: '192.0.2.7',
    kind: 'eternal',
    label: '',
    force: 'yes',
    expiresAt: 'tomorrow',
    color: 'red',
  };
  const { pointers } = await refusal(admin, path, wrong);
  assert.deepEqual(new Set(pointers), new Set(['/kind', '/label', '/force', '/expiresAt', '/color']));
});

onAdminApp('half the Internet is refused, and a short prefix until somebody insists', async (admin) => {
  const path = await networksPath(admin);
  for (const cidr of ['0.0.0.0/0', '10.0.0.0/7', '::/0', '2000::/15']) {
    for (const force of [false, true]) {
      assert.deepEqual((await refusal(admin, path, { cidr, force })).pointers, ['/cidr'], cidr);
    }
  }
  for (const cidr of ['10.0.0.0/8', '10.0.0.0/15', '2001::/16', '2001:db8::/31']) {
    const { pointers, detail } = await refusal(admin, path, { cidr });
    assert.deepEqual(pointers, ['/cidr']);
    assert.match(detail, /"force": true/);
    await expectStatus(admin.post(path, { cidr, force: true }), 201);
  }
  for (const cidr of ['172.16.0.0/16', '2001:db8::/32']) await expectStatus(admin.post(path, { cidr }), 201);
});

onAdminApp('a temporary network ends when it is said to, else after the policy’s time', async (admin) => {
  const path = await networksPath(admin, { temporaryNetworkSeconds: 600, temporaryNetworkMaxSeconds: 3600 });
  const add = (cidr: string, expiresAt?: string): Promise<Json> =>
    expectStatus(admin.post(path, { cidr, kind: 'temporary', expiresAt }), 201);
  assert.equal((await add('192.0.2.1')).expiresAt, at(600));
  assert.equal((await add('192.0.2.2', at(0.001))).expiresAt, at(0.001));
  assert.equal((await add('192.0.2.3', '2026-11-22T13:30:00+01:00')).expiresAt, at(1800));
  assert.equal((await add('192.0.2.4', at(3600))).expiresAt, at(3600));

  const temporary = { cidr: '192.0.2.5', kind: 'temporary' };
  for (const expiresAt of [at(-0.001), at(0), '1900-01-01T00:00:00Z', at(3600.001), '9999-12-31T23:59:59Z']) {
    assert.deepEqual(
      (await refusal(admin, path, { ...temporary, expiresAt })).pointers,
      ['/expiresAt'],
      expiresAt,
    );
  }
  assert.deepEqual((await refusal(admin, path, { cidr: '192.0.2.5', expiresAt: at(60) })).pointers, [
    '/expiresAt',
  ]);
});

onAdminApp(
  'the same network twice is a conflict; of the other kind, or another tenant, it is not',
  async (admin) => {
    const path = await networksPath(admin);
    const network = { cidr: '192.0.2.0/24' };
    await expectStatus(admin.post(path, network), 201);
    assert.deepEqual(await expectProblem(admin.post(path, { cidr: '192.0.2.9/24' }), 409), ['/cidr']);
    await expectStatus(admin.post(path, { ...network, kind: 'temporary' }), 201);
    await expectProblem(admin.post(path, { ...network, kind: 'temporary' }), 409);
    await expectStatus(admin.post(await networksPath(admin), network), 201);
    assert.equal((await expectStatus(admin.get(path), 200)).items.length, 2);
  },
);

onAdminApp(
  'a network whose time is over is not there, and its place is free, to the millisecond',
  async (admin) => {
    const path = await networksPath(admin);
    const temporary = { cidr: '192.0.2.7', kind: 'temporary', expiresAt: at(60) };
    const { id } = await expectStatus(admin.post(path, temporary), 201);
    const again = { cidr: '192.0.2.7', kind: 'temporary' };
    admin.turnClock(addSeconds(NOW, 59.999));
    await expectStatus(admin.get(`${path}/${id}`), 200);
    await expectProblem(admin.post(path, again), 409);
    for (const seconds of [60, 60.001]) {
      admin.turnClock(addSeconds(NOW, seconds));
      await expectProblem(admin.get(`${path}/${id}`), 404);
      await expectProblem(admin.delete(`${path}/${id}`), 404);
      assert.deepEqual((await expectStatus(admin.get(path), 200)).items, []);
    }
    await expectStatus(admin.post(path, again), 201);
    const types = (await eventsOf(admin)).map(({ type }) => type);
    assert.deepEqual(
      types.filter((type) => type.startsWith('network.')),
      ['network.opened', 'network.closed', 'network.opened'],
    );
    await closeExpiredNetworks(admin.context);
    assert.equal(
      (await expectStatus(admin.get(path), 200)).items.length,
      1,
      'the new one is not taken for the old one',
    );
  },
);

onAdminApp(
  'a network is removed once, by its own tenant’s path, and who did it is written down',
  async (admin) => {
    const path = await networksPath(admin);
    const other = await networksPath(admin);
    const { id } = await expectStatus(admin.post(path, { cidr: '192.0.2.7', kind: 'temporary' }), 201);
    await expectProblem(admin.delete(`${other}/${id}`), 404);
    await expectProblem(admin.get(`${other}/${id}`), 404);
    const answers = await Promise.all([1, 2, 3].map(() => admin.delete(`${path}/${id}`)));
    assert.deepEqual(statusesOf(answers), [204, 404, 404]);
    assert.deepEqual((await expectStatus(admin.get(path), 200)).items, []);
    const events = (await eventsOf(admin)).filter(({ type }) => type.startsWith('network.'));
    assert.deepEqual(
      events.map(({ type, actor, mac, data }) => [type, actor, mac, data]),
      [
        [
          'network.opened',
          'ADMIN_KEY',
          null,
          { id, prefix: '192.0.2.7/32', kind: 'temporary', expiresAt: at(28_800), because: 'administrator' },
        ],
        [
          'network.closed',
          'ADMIN_KEY',
          null,
          { id, prefix: '192.0.2.7/32', kind: 'temporary', expiresAt: at(28_800), because: 'removed' },
        ],
      ],
    );
  },
);

onAdminApp('networks are listed page by page, the living ones', async (admin) => {
  const path = await networksPath(admin);
  for (let number = 1; number <= 5; number++) {
    const kind = number === 3 ? 'temporary' : 'permanent';
    await expectStatus(admin.post(path, { cidr: `192.0.2.${number}`, kind }), 201);
    admin.turnClock(addSeconds(NOW, number));
  }
  admin.turnClock(addSeconds(NOW, 86_400));
  const first = await expectStatus(admin.get(`${path}?limit=2`), 200);
  const second = await expectStatus(admin.get(`${path}?limit=2&cursor=${first.cursor}`), 200);
  assert.deepEqual(
    [...first.items, ...second.items].map(({ cidr }) => cidr),
    ['192.0.2.1/32', '192.0.2.2/32', '192.0.2.4/32', '192.0.2.5/32'],
  );
  assert.equal(second.cursor, null);
});

onAdminApp('what there is not is not found, and other methods are told so', async (admin) => {
  const path = await networksPath(admin);
  const nowhere = `/tenants/${randomUUID()}/networks`;
  await expectProblem(admin.get(nowhere), 404);
  await expectProblem(admin.post(nowhere, { cidr: '192.0.2.7' }), 404);
  await expectProblem(admin.get(`${path}/${randomUUID()}`), 404);
  await expectProblem(admin.delete(`${path}/nonsense`), 404);
  await expectProblem(admin.patch(`${path}/${randomUUID()}`, { label: 'x' }), 405);
});
