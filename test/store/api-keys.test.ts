import assert from 'node:assert/strict';
import type { Role } from '../../src/domain/role.js';
import { addSeconds } from '../../src/domain/time.js';
import { createApiKey, removeApiKey } from '../../src/services/keys/api-keys.js';
import { administratorKeyIds, listApiKeys } from '../../src/store/api-keys.js';
import { makeContext, makeTenant } from '../support/fixture.js';
import { onBothDatabases } from '../support/store.js';

const BY = { name: 'admin', address: null, scope: 'all' } as const;

onBothDatabases('the last key that opens everything stays, unless there is ADMIN_KEY', async ({ store }) => {
  const context = makeContext(store);
  const now = context.clock.now();
  const tenantId = await makeTenant(context);
  const make = async (role: Role, tenantIds: string[] = [], expiresAt: Date | null = null) => {
    const made = await createApiKey(store, { name: role, role, tenantIds, expiresAt }, BY, now);
    assert.ok(made.kind === 'created');
    return made.apiKey.id;
  };
  const remove = async (id: string, mayBeLast = false) =>
    (await removeApiKey(store, id, { ...BY, mayBeLast }, now)).kind;
  const pair = [await make('admin'), await make('admin')];
  // None of these could make another administrator.
  const others = [await make('operator'), await make('admin', [tenantId])];
  const lapsed = await make('admin', [], addSeconds(now, 1));
  assert.equal((await administratorKeyIds(store.db, addSeconds(now, 1), 'read')).length, 2);
  assert.equal(await remove(lapsed), 'removed');

  assert.deepEqual((await Promise.all(pair.map((id) => remove(id)))).toSorted(), ['last', 'removed']);
  for (const id of others) assert.equal(await remove(id), 'removed');
  const [left, ...more] = await listApiKeys(store.db);
  assert.ok(left !== undefined && more.length === 0);
  assert.equal(await remove(left.id), 'last');
  assert.equal(await remove(left.id, true), 'removed');
  assert.equal(await remove(left.id, true), 'not-found');
});

onBothDatabases('a key that an earlier version made is an administrator of everything', async ({ store }) => {
  const { clock } = makeContext(store);
  await store.db
    .withoutPlugins()
    .insertInto('api_keys' as 'apiKeys')
    .values({
      id: '00000000-0000-4000-8000-000000000001',
      name: 'old',
      key_hash: 'x',
      created_at: clock.now(),
    } as never)
    .execute();
  const [key] = await listApiKeys(store.db);
  assert.deepEqual([key?.role, key?.tenantIds, key?.expiresAt], ['admin', [], null]);
});
