/** A client as an integrator would write it, typed by what is generated from the description. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after } from 'node:test';
import { promisify } from 'node:util';
import { ROOT } from '../support/command.js';
import { ADMIN_KEY, onAdminApp } from './admin-server.js';

const run = promisify(execFile);

const CLIENT = `
import createClient from 'openapi-fetch';
import type { components, paths } from './admin-api.js';

type Device = components['schemas']['Device'];

export async function rollOut(baseUrl: string, key: string): Promise<{ device: Device; found: string[]; refused: string }> {
  const api = createClient<paths>({ baseUrl, headers: { authorization: \`Bearer \${key}\` } });
  const { data: tenant } = await api.POST('/api/v1/tenants', { body: { name: 'Example Ltd', policy: { maxAttempts: 5 } } });
  if (tenant === undefined) throw new Error('no tenant');
  const limit: number = tenant.policy.maxAttempts;
  const { data: line } = await api.POST('/api/v1/tenants/{tenantId}/lines', {
    params: { path: { tenantId: tenant.id } },
    body: { label: '201', sipUser: '201', password: 'a-secret', registrar: 'pbx.example' },
  });
  if (line === undefined || limit !== 5) throw new Error('no line');
  const { data: device } = await api.POST('/api/v1/devices', {
    body: { mac: '80-5E-C0-11-22-33', vendor: 'yealink', tenantId: tenant.id, lines: [line.id] },
  });
  if (device === undefined) throw new Error('no device');
  const { data: page } = await api.GET('/api/v1/devices', { params: { query: { tenantId: tenant.id, limit: 5 } } });
  await api.POST('/api/v1/devices/{mac}/suspend-authentication', {
    params: { path: { mac: device.mac } },
    body: { seconds: 60 },
  });
  // @ts-expect-error -- a vendor that there is not
  const { error, response } = await api.POST('/api/v1/devices', { body: { mac: 'x', vendor: 'acme', tenantId: tenant.id } });
  if (response.status !== 422 || error === undefined) throw new Error('not refused');
  // @ts-expect-error -- a filter that there is not
  await api.GET('/api/v1/devices', { params: { query: { tenent: tenant.id } } });
  // @ts-expect-error -- a path that there is not
  await api.GET('/api/v1/phones');
  const { response: removed } = await api.DELETE('/api/v1/tenants/{tenantId}', {
    params: { path: { tenantId: tenant.id }, query: { cascade: true, expect: 2 } },
  });
  if (removed.status !== 204) throw new Error('not removed');
  return { device, found: page?.items.map(({ mac }) => mac) ?? [], refused: error.errors?.map((one) => ('pointer' in one ? one.pointer : '')).join(' ') ?? '' };
}
`;

// Below the project, so that the compiler finds its packages.
mkdirSync(join(ROOT, '.build'), { recursive: true });
const folder = mkdtempSync(join(ROOT, '.build', 'client-'));
after(() => rmSync(folder, { recursive: true }));

interface Client {
  rollOut: (
    url: string,
    key: string,
  ) => Promise<{ device: { mac: string }; found: string[]; refused: string }>;
}

async function compileClient(): Promise<Client> {
  writeFileSync(join(folder, 'client.ts'), CLIENT);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  const target = join(folder, 'admin-api.d.ts');
  await run(process.execPath, [join(ROOT, 'scripts/api-types/generate.mjs'), target], { cwd: ROOT });
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const options = [
    '--ignoreConfig',
    '--strict',
    '--exactOptionalPropertyTypes',
    '--noUncheckedIndexedAccess',
  ];
  const how = ['--target', 'es2022', '--module', 'nodenext', '--lib', 'es2023,dom'];
  await run(process.execPath, [compiler, ...options, ...how, 'client.ts'], { cwd: folder });
  return (await import(join(folder, 'client.js'))) as Client;
}

let compiled: Promise<Client> | undefined;

onAdminApp('a generated client compiles, and does what its types say', async (admin) => {
  compiled ??= compileClient();
  const { rollOut } = await compiled;
  const { device, found, refused } = await rollOut(admin.url, ADMIN_KEY);
  assert.equal(device.mac, '80:5e:c0:11:22:33');
  assert.deepEqual(found, [device.mac]);
  assert.equal(refused, '/mac /vendor');
});
