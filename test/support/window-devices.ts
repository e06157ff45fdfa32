/** Devices of a tenant whose second factor is a provisioning window, and their phones. */
import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { Device } from '../../src/domain/device.js';
import type { Policy } from '../../src/domain/policy.js';
import { updateSeenTokens } from '../../src/store/fetch-notes.js';
import { fetchAs } from './fetch.js';
import { type TestContext, makeDevice } from './fixture.js';

export const DAY = 86_400;
export const HOME = '192.0.2.1';
export const ELSEWHERE = '198.51.100.7';
export const ADMIN = { name: 'admin', address: null };

export async function windowDevice(context: TestContext, policy: Partial<Policy> = {}): Promise<Device> {
  return makeDevice(context, { policy: { secondFactor: 'window', ...policy } });
}

/**
 * What came of a fetch: `full <reason>` or `minimal <reason>`, and the token that the phone then
 * has.
 */
export interface Asked {
  outcome: string;
  tokenId: string;
}

/**
 * Fetches from home, unless an address is given. That the phone was seen is written, as the
 * provisioning port does a moment later.
 */
export async function ask(
  context: TestContext,
  device: Device,
  tokenId: string | null = null,
  address = HOME,
): Promise<Asked> {
  const asked = await askUnseen(context, device, tokenId, address);
  if (asked.tokenId === tokenId) {
    await updateSeenTokens(context.store.db, [{ tokenId, at: context.clock.now(), address }]);
  }
  return asked;
}

/** The same, but the process dies before it writes that the phone was seen. */
export async function askUnseen(
  context: TestContext,
  device: Device,
  tokenId: string | null = null,
  address = HOME,
): Promise<Asked> {
  const served = await fetchAs(context, device, { tokenId, address });
  return { outcome: `${served.kind} ${served.reason}`, tokenId: served.tokenId };
}

/** A phone that came within its window, and came back with its token. Answers the token's id. */
export async function syncedPhone(context: TestContext, device: Device): Promise<string> {
  const { tokenId } = await ask(context, device);
  assert.deepEqual(await ask(context, device, tokenId), { outcome: 'full token', tokenId });
  return tokenId;
}

/** Merges into the policy of a device's tenant. */
export async function setPolicy(
  context: TestContext,
  device: Device,
  policy: Partial<Policy>,
): Promise<void> {
  await context.store.db
    .updateTable('tenants')
    .set({ policy: sql`policy || ${JSON.stringify(policy)}::jsonb` })
    .where('id', '=', device.tenantId)
    .execute();
}
