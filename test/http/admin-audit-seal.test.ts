import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import { writeEvents } from '../support/audit-events.js';
import { until } from '../support/wait-for.js';
import {
  ADMIN_KEY,
  type Admin,
  type Json,
  eventsOf,
  expectStatus,
  makeTenant,
  onAdminApp,
} from './admin-server.js';

const sealOf = (admin: Admin): Promise<Json> => expectStatus(admin.get('/audit/seal'), 200);

/** What a verification that is begun now finds. */
async function verify(admin: Admin): Promise<Json> {
  const before = (await sealOf(admin)).verified?.at ?? null;
  admin.turnClock(new Date(admin.context.clock.now().getTime() + 1000));
  await expectStatus(admin.post('/audit/verify'), 202);
  return until(
    async () => {
      const { running, verified } = await sealOf(admin);
      return running === null && verified !== null && verified.at !== before ? verified : null;
    },
    { what: 'the end of the verification' },
  );
}

onAdminApp('the state of the seal is shown: how far, when, and where it is broken', async (admin) => {
  const { db } = admin.context.store;
  assert.deepEqual(await sealOf(admin), {
    head: null,
    position: 0,
    unsealed: 0,
    isStopped: false,
    running: null,
    verified: null,
  });
  assert.deepEqual((await verify(admin)).fault, null, 'an empty log is whole');
  await writeEvents(admin.context.store, 2500);
  assert.equal((await sealOf(admin)).unsealed, 2500);
  await admin.auditLog.sealer.catchUp();
  await writeEvents(admin.context.store, 3);
  const { head, position, unsealed } = await sealOf(admin);
  assert.deepEqual([position, unsealed], [2500, 3]);
  assert.match(head, /^2500:[0-9a-f]{64}$/);
  const whole = await verify(admin);
  assert.deepEqual([whole.to, whole.fault], [2500, null]);
  assert.equal(whole.at, admin.context.clock.now().toISOString());

  await db.updateTable('events').set({ actor: 'nobody' }).where('position', '=', '1700').execute();
  const altered = await verify(admin);
  assert.deepEqual([altered.to, altered.fault.position], [1699, 1700]);
  assert.match(altered.fault.message, /^Position 1700 \(event /);

  await db.deleteFrom('events').where('position', '>', '1600').execute();
  const cut = await verify(admin);
  assert.deepEqual([cut.to, cut.fault.position], [1600, 1600]);
  await db.updateTable('installation').set({ value: 'forged' }).where('key', '=', 'audit-head').execute();
  const forged = await verify(admin);
  assert.equal(forged.fault.position, null);
  assert.equal((await sealOf(admin)).head, null);
});

onAdminApp('an event beyond the head is found, and what is sealed meanwhile is none', async (admin) => {
  const { db } = admin.context.store;
  await writeEvents(admin.context.store, 1500);
  await admin.auditLog.sealer.catchUp();
  const verifying = verify(admin);
  for (let round = 0; round < 5; round += 1) {
    await writeEvents(admin.context.store, 50, round * 50);
    await admin.auditLog.sealer.catchUp();
  }
  const { to, fault } = await verifying;
  assert.equal(fault, null);
  assert.ok(to >= 1500 && to <= 1750, String(to));
  await db
    .insertInto('events')
    .values({
      at: admin.context.clock.now(),
      type: 'pap.accepted',
      tenantId: null,
      mac: null,
      actor: 'phone',
      address: null,
      data: '{}',
      position: 1751,
      seal: 'f'.repeat(64),
    })
    .execute();
  const surplus = await verify(admin);
  assert.deepEqual([surplus.to, surplus.fault.position], [1750, 1751]);
});

onAdminApp('events are exported as files: those of the list, in its order', async (admin) => {
  await makeTenant(admin, { name: '=1+1' });
  await writeEvents(admin.context.store, 1300);
  const listed: Json[] = [];
  for (let cursor = '0'; ;) {
    const items = await eventsOf(admin, `limit=500&cursor=${cursor}`);
    listed.push(...items);
    if (items.length === 0) break;
    cursor = items.at(-1).position;
  }
  assert.equal(listed.length, 1301);
  const fetched = async (path: string, method = 'GET'): Promise<{ headers: Headers; text: string }> => {
    const answer = await fetch(`${admin.url}/api/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    });
    assert.equal(answer.status, 200);
    return { headers: answer.headers, text: await answer.text() };
  };
  const lines = await fetched('events.ndjson');
  assert.match(lines.headers.get('content-type') ?? '', /^application\/x-ndjson/);
  assert.match(lines.headers.get('content-disposition') ?? '', /filename="?events\.ndjson/);
  const parsed = lines.text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(parsed, listed);
  const filtered = await fetched('events.ndjson?type=pap.wrong&type=config.full&order=desc');
  assert.deepEqual(
    filtered.text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    listed.filter(({ type }) => type === 'pap.wrong' || type === 'config.full').toReversed(),
  );

  const csv = await fetched('events.csv');
  assert.match(csv.headers.get('content-type') ?? '', /^text\/csv/);
  const rows: Record<string, string>[] = parse(csv.text, { columns: true });
  assert.deepEqual(
    rows.map(({ position, at, type, tenantId, mac, actor, data }) => ({
      position: Number(position),
      at,
      type,
      tenantId: tenantId || null,
      mac: mac || null,
      actor,
      data: JSON.parse(data ?? ''),
    })),
    listed.map(({ id: _id, address: _address, ...event }) => event),
  );
  assert.equal((await fetched('events.csv', 'HEAD')).text, '');
  assert.equal((await fetched('events.ndjson?actor=unheard-of')).text, '');
  const refused = await fetch(`${admin.url}/api/v1/events.csv?limit=5`, {
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
  });
  assert.equal(refused.status, 422);
});
