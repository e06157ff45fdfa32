/** What a key for named tenants is told: nothing of the others, wherever they could be named. */
import assert from 'node:assert/strict';
import { type Answer, type Json, expectProblem, expectStatus, onAdminApp } from './admin-server.js';
import { askAs, makeKey, makeObjects } from './role-keys.js';

onAdminApp('what a body or query names of foreign tenants is as if it were not there', async (admin) => {
  const own = await makeObjects(admin, 'own');
  const foreign = await makeObjects(admin, 'foreign');
  const { tenantId = '', mac = '', siteId = '', lineId = '' } = own;
  const nowhere = '00000000-0000-4000-8000-000000000000';
  for (const role of ['admin', 'operator'] as const) {
    const key = await makeKey(admin, role, [tenantId]);
    const as = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      askAs(admin, key, method, path, body, headers);
    /** Answered alike for what is foreign and what does not exist. */
    const alike = async (one: Promise<Answer>, other: Promise<Answer>, status: number) => {
      const [a, b] = await Promise.all([one, other]);
      assert.deepEqual([a.status, a.body], [status, b.body]);
      assert.equal(b.status, status);
    };
    const device = { vendor: 'yealink', mac: '805ec0aabbcc' };
    const create = (fields: object) => as('POST', '/devices', { ...device, tenantId, ...fields });
    await alike(create({ tenantId: foreign['tenantId'] }), create({ tenantId: nowhere }), 422);
    await alike(create({ siteId: foreign['siteId'] }), create({ siteId: nowhere }), 422);
    await alike(create({ lines: [foreign['lineId']] }), create({ lines: [nowhere] }), 422);
    // That a MAC is taken cannot be hidden; whose it is can.
    await alike(create({ mac: foreign['mac'] }), create({ mac }), 409);
    const patch = (fields: object) => as('PATCH', `/devices/${mac}`, fields);
    await alike(patch({ tenantId: foreign['tenantId'] }), patch({ tenantId: nowhere }), 409);
    await alike(patch({ siteId: foreign['siteId'] }), patch({ siteId: nowhere }), 422);

    const list = async (query: string): Promise<Json[]> => {
      const { items, total } = await expectStatus(as('GET', `/devices?${query}`), 200);
      assert.equal(total, items.length);
      return items;
    };
    assert.deepEqual(
      (await list('')).map((one: Json) => one.mac),
      [mac],
    );
    for (const query of [
      `tenantId=${foreign['tenantId']}`,
      `siteId=${foreign['siteId']}`,
      'q=foreign',
      'sipUser=foreign',
    ])
      assert.deepEqual(await list(query), []);
    assert.deepEqual(await list(`q=${foreign['mac']}`), []);
    const csv = (await as('GET', `/devices.csv?tenantId=${foreign['tenantId']}`)).body as string;
    assert.equal(csv.trim().split('\n').length, 1, 'the heading alone');
    assert.equal(((await as('GET', '/devices.csv')).body as string).trim().split('\n').length, 2);

    await admin.auditLog.sealer.catchUp();
    const events = async (query: string): Promise<Json[]> =>
      (await expectStatus(as('GET', `/events?${query}`), 200)).items;
    const seen = await events('limit=500');
    assert.ok(seen.length > 0 && seen.every((event: Json) => event.tenantId === tenantId));
    assert.deepEqual(await events(`tenantId=${foreign['tenantId']}`), []);
    assert.deepEqual(await events(`mac=${foreign['mac']}`), []);
    assert.deepEqual(await events('type=api_key.created'), []);

    const risk = await expectStatus(as('GET', '/security/guess-risk'), 200);
    assert.equal(risk.waitingDevices, 1);
    await alike(
      as('GET', `/security/guess-risk?tenantId=${foreign['tenantId']}`),
      as('GET', `/security/guess-risk?tenantId=${nowhere}`),
      404,
    );
    const importing = (query: string, file: string) =>
      as('POST', `/devices.csv?${query}`, file, { 'content-type': 'text/csv' });
    await alike(
      importing(`tenantId=${foreign['tenantId']}`, 'mac,vendor\n'),
      importing(`tenantId=${nowhere}`, 'mac,vendor\n'),
      422,
    );
    const row = `mac,vendor,tenantId,label\n${foreign['mac']},yealink,${tenantId},taken over\n`;
    for (const update of [true, false]) {
      const report = await expectStatus(importing(`update=${update}`, row), 200);
      assert.deepEqual(report.errors, [
        { line: 2, column: 'mac', message: 'cannot be used: there may be a device that has it' },
      ]);
    }
    const into = `mac,vendor,tenantId\n805ec0aabbcd,yealink,${foreign['tenantId']}\n`;
    assert.deepEqual((await expectStatus(importing('update=true', into), 200)).created, []);
  }
  assert.equal((await expectStatus(admin.get(`/devices/${foreign['mac']}`), 200)).label, 'foreign device');
  const { lines } = await expectStatus(admin.get(`/devices/${mac}`), 200);
  assert.deepEqual(
    lines.map(({ id }: Json) => id),
    [lineId],
  );
  assert.equal((await expectStatus(admin.get(`/devices/${mac}`), 200)).siteId, siteId);
});

onAdminApp('support is shown no PIN, and an auditor no device', async (admin) => {
  const { tenantId = '', mac = '' } = await makeObjects(admin, 'own');
  for (const tenantIds of [[], [tenantId]]) {
    const key = await makeKey(admin, 'support', tenantIds);
    const device = await expectStatus(askAs(admin, key, 'GET', `/devices/${mac}`), 200);
    assert.deepEqual([device.papValid, 'pap' in device], [true, false]);
    await expectProblem(askAs(admin, key, 'GET', `/devices/${mac}?reveal=pap`), 403);
    await expectProblem(askAs(admin, key, 'GET', '/devices?reveal=pap'), 403);
    const path = `/devices/${mac}/suspend-authentication`;
    assert.ok((await expectStatus(askAs(admin, key, 'POST', path, { seconds: 60 }), 200)).suspendedUntil);
    await expectStatus(askAs(admin, key, 'POST', `/devices/${mac}/end-suspension`), 200);
    const tenant = await expectStatus(askAs(admin, key, 'GET', `/tenants/${tenantId}`), 200);
    assert.equal(tenant.emergencyRoute, 'sip:gate@gw.example');
    const auditor = await makeKey(admin, 'auditor', tenantIds);
    await expectProblem(askAs(admin, auditor, 'GET', `/devices/${mac}`), 403);
    assert.ok((await expectStatus(askAs(admin, auditor, 'GET', '/events'), 200)).items.length > 0);
  }
});

onAdminApp('a key for named tenants makes and sees keys for these alone', async (admin) => {
  const own = await makeObjects(admin, 'own');
  const foreign = await makeObjects(admin, 'foreign');
  const ownId = own['tenantId'] ?? '';
  const foreignId = foreign['tenantId'] ?? '';
  const key = await makeKey(admin, 'admin', [ownId]);
  const create = (tenantIds?: string[]) =>
    askAs(admin, key, 'POST', '/api-keys', { name: 'made', role: 'operator', tenantIds });
  await expectProblem(create(), 403);
  await expectProblem(create([]), 403);
  assert.deepEqual(await expectProblem(create([ownId, foreignId]), 422), ['/tenantIds/1']);
  await expectStatus(create([ownId, ownId.toUpperCase()]), 201);
  await expectStatus(admin.post('/api-keys', { name: 'both', tenantIds: [ownId, foreignId] }), 201);
  const { items } = await expectStatus(askAs(admin, key, 'GET', '/api-keys'), 200);
  assert.deepEqual(items.map(({ name }: Json) => name).toSorted(), ['made', 'own key', 'the admin']);
  assert.ok(items.every(({ tenantIds }: Json) => tenantIds.length === 1));
  assert.deepEqual(await expectProblem(admin.post('/api-keys', { name: 'x', role: 'root' }), 422), ['/role']);
  assert.deepEqual(
    await expectProblem(admin.post('/api-keys', { name: 'x', expiresAt: '2020-01-01T00:00:00Z' }), 422),
    ['/expiresAt'],
  );
  // A tenant that is gone does not make its key one for all.
  await expectStatus(admin.delete(`/tenants/${ownId}?cascade=true&expect=4`), 204);
  assert.deepEqual((await expectStatus(askAs(admin, key, 'GET', '/tenants'), 200)).items, []);
  assert.deepEqual((await expectStatus(askAs(admin, key, 'GET', '/devices'), 200)).items, []);
});
