import assert from 'node:assert/strict';
import { markCodeUsed } from '../../src/store/lines.js';
import {
  type Admin,
  type Json,
  NOW,
  expectProblem,
  expectStatus,
  makeLine,
  makeTenant,
  onAdminApp,
} from './admin-server.js';

async function makeUsedLine(admin: Admin): Promise<{ line: Json; path: string }> {
  const tenantId = await makeTenant(admin);
  const line = await makeLine(admin, tenantId, { codeUse: 'once' });
  await markCodeUsed(admin.context.store.db, line.id, NOW);
  return { line, path: `/tenants/${tenantId}/lines/${line.id}` };
}

onAdminApp('a line says how often its code may be used, and when it was used up', async (admin) => {
  const tenantId = await makeTenant(admin);
  const line = await makeLine(admin, tenantId);
  assert.deepEqual([line.codeUse, line.codeUsedAt], ['reusable', null]);
  const path = `/tenants/${tenantId}/lines/${line.id}`;
  for (const codeUse of ['once', 'disabled', 'reusable']) {
    assert.equal((await expectStatus(admin.patch(path, { codeUse }), 200)).codeUse, codeUse);
  }
  const used = await makeUsedLine(admin);
  assert.equal((await expectStatus(admin.get(used.path), 200)).codeUsedAt, NOW.toISOString());
});

onAdminApp('a code that was used up can be used again once it, or its use, is set anew', async (admin) => {
  const byUse = await makeUsedLine(admin);
  const again = await expectStatus(admin.patch(byUse.path, { codeUse: 'once' }), 200);
  assert.deepEqual([again.codeUse, again.codeUsedAt], ['once', null]);
  const byCode = await makeUsedLine(admin);
  const renewed = await expectStatus(admin.patch(byCode.path, { provisioningCode: '98765432' }), 200);
  assert.deepEqual([renewed.codeUse, renewed.codeUsedAt], ['once', null]);
});

onAdminApp('whatever else is changed, a code that was used up stays so', async (admin) => {
  const { line, path } = await makeUsedLine(admin);
  const { provisioningCode } = line;
  const patched = await expectStatus(admin.patch(path, { label: '202', provisioningCode }), 200);
  assert.equal(patched.codeUsedAt, NOW.toISOString());
});

onAdminApp('what the use of a code cannot be is said with a pointer', async (admin) => {
  const { path } = await makeUsedLine(admin);
  for (const codeUse of ['twice', null, true])
    assert.deepEqual(await expectProblem(admin.patch(path, { codeUse }), 422), ['/codeUse']);
  await expectProblem(admin.patch(path, { codeUsedAt: null }), 422);
  assert.equal((await expectStatus(admin.get(path), 200)).codeUsedAt, NOW.toISOString());
});
