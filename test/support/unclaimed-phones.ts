/**
 * Unknown phones, and lines whose codes they dial, for tests of a whole service with
 * UNKNOWN_DEVICES=autoprov.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { SimulatedPhone } from '../../softphone/phone.js';
import { type AdminApi, randomMacHex } from './admin-api.js';
import { namesHeard, registeredPhone, shows } from './phones.js';
import type { Service } from './service.js';

type UsedService = Pick<Service, 'facts' | 'api'>;

/** How long a phone may take from the end of its call to its line. */
export const CLAIMED_MS = 60_000;

export interface ClaimableLine {
  id: string;
  tenantId: string;
  label: string;
  sipUser: string;
  provisioningCode: string;
}

export async function createTenant(api: AdminApi): Promise<string> {
  return (await api.need('POST', '/tenants', { name: 'Example Ltd' })).id;
}

/** A line with a code of eight digits; of a tenant of its own, unless one is given. */
export async function createLine(
  api: AdminApi,
  tenantId: string | null = null,
  fields: object = {},
): Promise<ClaimableLine> {
  const code = String(randomInt(10_000_000, 100_000_000));
  return api.need('POST', `/tenants/${tenantId ?? (await createTenant(api))}/lines`, {
    label: `Line ${code.slice(0, 3)}`,
    sipUser: `k${code}`,
    password: 'a line password',
    registrar: 'pbx.example',
    provisioningCode: code,
    ...fields,
  });
}

export interface Unclaimed {
  macHex: string;
  phone: SimulatedPhone;
}

/** An unknown phone, powered on, with the minimal configuration that it got. */
export async function powerOn(
  t: TestContext,
  service: UsedService,
  family: 'yealink' | 'snom' = 'yealink',
): Promise<Unclaimed> {
  const macHex = randomMacHex(family);
  return { macHex, phone: await registeredPhone(t, service, { macHex }, family) };
}

/** A phone that has claimed a line of the tenant by dialling its code. */
export async function claimedPhone(
  t: TestContext,
  service: UsedService,
  tenantId: string,
): Promise<Unclaimed & { line: ClaimableLine }> {
  const line = await createLine(service.api, tenantId);
  const unclaimed = await powerOn(t, service);
  await dial(unclaimed.phone, line.provisioningCode);
  assert.ok(await shows(unclaimed.phone, line.label, CLAIMED_MS));
  return { ...unclaimed, line };
}

/** Dials, listens to the end, and answers what was heard. */
export async function dial(phone: SimulatedPhone, dialled: string): Promise<string[]> {
  const call = await phone.call(dialled);
  assert.deepEqual(await call.answer, { kind: 'answered' });
  await call.ended;
  return namesHeard(call);
}
