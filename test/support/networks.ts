/** Tenants' trusted networks for tests of the services. */
import assert from 'node:assert/strict';
import type { Policy } from '../../src/domain/policy.js';
import { parsePrefix } from '../../src/domain/prefix.js';
import { addNetwork } from '../../src/services/networks/networks.js';
import { type CountedNetwork, listNetworks } from '../../src/store/networks.js';
import { type TestContext, makeDevice, makeTenant } from './fixture.js';
import { phoneAt, succeed } from './network-phones.js';

/** The public addresses of two sites. */
export const HOME = '192.0.2.10';
export const ELSEWHERE = '198.51.100.20';
export const ADMIN = { name: 'front desk', address: '198.51.100.1' };

/** A tenant in which somebody at home has just keyed in the right PAP. */
export async function openedTenant(context: TestContext, policy: Partial<Policy> = {}): Promise<string> {
  const tenantId = await makeTenant(context, { policy });
  await succeedAt(context, tenantId, HOME);
  return tenantId;
}

/** A device of the tenant gets its phone, and somebody keys in its PAP there. */
export async function succeedAt(context: TestContext, tenantId: string, address: string): Promise<void> {
  const device = await makeDevice(context, { tenantId });
  await succeed(context, device, await phoneAt(context, device, address));
}

/** Those that are trusted now. */
export async function networksOf(context: TestContext, tenantId: string): Promise<CountedNetwork[]> {
  const page = { limit: 100, after: null };
  return (await listNetworks(context.store.db, tenantId, page, context.clock.now())).items;
}

/** An administrator says that a network is trusted. */
export async function trust(
  context: TestContext,
  tenantId: string,
  cidr: string,
  wish: { kind?: 'permanent' | 'temporary'; expiresAt?: Date } = {},
): Promise<void> {
  const prefix = parsePrefix(cidr);
  assert.ok(prefix !== null);
  const input = { prefix, kind: 'permanent', expiresAt: null, label: null, force: false, ...wish } as const;
  assert.equal((await addNetwork(context, tenantId, input, ADMIN)).kind, 'network');
}
