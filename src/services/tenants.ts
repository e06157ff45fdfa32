import { randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { DeviceSettings } from '../domain/device-settings.js';
import type { EmergencyRoute } from '../domain/emergency.js';
import { type Policy, completePolicy } from '../domain/policy.js';
import { countOfTenant } from '../store/dependents.js';
import { deleteDevicesOfTenant } from '../store/device-changes.js';
import { recordEvents } from '../store/events.js';
import { deleteLinesOfTenant } from '../store/lines.js';
import type { Queryable } from '../store/store.js';
import { type Tenant, deleteTenant, findTenant, insertTenant, updateTenant } from '../store/tenants.js';
import { type SettingsRefused, applySettings } from './devices/apply-settings.js';
import { changeEvent } from './audit/change-event.js';
import type { Actor, ServiceContext } from './context.js';
import { deviceEvent } from './audit/device-event.js';
import { type Patch, changedFields, patched } from './patch.js';
import { type RemovalOutcome, refuseRemoval } from './removal.js';

/** Policy values as they are set: null takes one back to the default. */
export type PolicyPatch = { [K in keyof Policy]?: Policy[K] | null | undefined };

export interface TenantInput {
  name: string;
  policy?: PolicyPatch | null | undefined;
  emergencyRoute?: EmergencyRoute | null | undefined;
  emergencyNumbers?: string[] | null | undefined;
  emergencyCallerNumber?: string | null | undefined;
  resyncRoute?: string | null | undefined;
  language?: string | null | undefined;
  settings?: DeviceSettings | null | undefined;
}

export type TenantOutcome = { kind: 'tenant'; tenant: Tenant } | { kind: 'not-found' } | SettingsRefused;

export async function createTenant(
  context: ServiceContext,
  input: TenantInput,
  actor: Actor,
): Promise<TenantOutcome> {
  const applied = applySettings({}, input.settings ?? {}, null);
  if (applied.kind === 'settings-refused') return applied;
  const tenant: Tenant = {
    id: randomUUID(),
    name: input.name,
    policy: mergePolicy({}, input.policy),
    emergencyRoute: input.emergencyRoute ?? null,
    emergencyNumbers: input.emergencyNumbers ?? null,
    emergencyCallerNumber: input.emergencyCallerNumber ?? null,
    resyncRoute: input.resyncRoute ?? null,
    language: input.language ?? null,
    settings: applied.settings,
    createdAt: context.clock.now(),
  };
  return context.store.transaction(async (db) => {
    await insertTenant(db, tenant);
    const { policy, createdAt } = tenant;
    await recordEvents(db, [changeEvent('tenant.created', subjectOf(tenant), actor, createdAt, { policy })]);
    return { kind: 'tenant', tenant };
  });
}

/** Merges a patch into a tenant (RFC 7396: absent stays, null goes). */
export async function changeTenant(
  context: ServiceContext,
  id: string,
  patch: Patch<TenantInput>,
  actor: Actor,
): Promise<TenantOutcome> {
  return context.store.transaction(async (db) => {
    const tenant = await findTenant(db, id, 'update');
    if (tenant === null) return { kind: 'not-found' };
    const applied = applySettings({ ...tenant.settings }, patch.settings, null);
    if (applied.kind === 'settings-refused') return applied;
    const changed: Tenant = {
      ...tenant,
      name: patched(tenant.name, patch.name),
      policy: patch.policy === undefined ? tenant.policy : mergePolicy(tenant.policy, patch.policy),
      emergencyRoute: patched(tenant.emergencyRoute, patch.emergencyRoute),
      emergencyNumbers: patched(tenant.emergencyNumbers, patch.emergencyNumbers),
      emergencyCallerNumber: patched(tenant.emergencyCallerNumber, patch.emergencyCallerNumber),
      resyncRoute: patched(tenant.resyncRoute, patch.resyncRoute),
      language: patched(tenant.language, patch.language),
      settings: applied.settings,
    };
    const fields = changedFields(tenant, changed, CHANGEABLE);
    if (fields.length === 0) return { kind: 'tenant', tenant };
    await updateTenant(db, changed);
    const data = { changed: fields, policy: policyChanges(tenant.policy, changed.policy) };
    const now = context.clock.now();
    await recordEvents(db, [changeEvent('tenant.updated', subjectOf(changed), actor, now, data)]);
    return { kind: 'tenant', tenant: changed };
  });
}

const CHANGEABLE = [
  'name',
  'policy',
  'emergencyRoute',
  'emergencyNumbers',
  'emergencyCallerNumber',
  'resyncRoute',
  'language',
  'settings',
] as const;

/** What holds from now on and what held before, of each policy value that is another one. */
function policyChanges(
  before: Partial<Policy>,
  after: Partial<Policy>,
): Partial<Record<keyof Policy, { from: unknown; to: unknown }>> {
  const [old, present] = [completePolicy(before), completePolicy(after)];
  const keys = changedFields(old, present, Object.keys(present) as (keyof Policy)[]);
  return Object.fromEntries(keys.map((key) => [key, { from: old[key], to: present[key] }]));
}

function subjectOf({ id, name }: Tenant) {
  return { id, tenantId: id, name };
}

/**
 * Devices or lines deleted by one statement: few enough that none takes long, whatever else the
 * machine has to do.
 */
const ROWS_AT_ONCE = 250;

/** Deletes a tenant with its sites, lines, networks and devices. */
export async function removeTenant(
  context: ServiceContext,
  id: string,
  expected: number | null,
  actor: Actor,
): Promise<RemovalOutcome> {
  const at = context.clock.now();
  return context.store.transaction(async (db) => {
    const tenant = await findTenant(db, id, 'update');
    if (tenant === null) return { kind: 'not-found' };
    const dependents = await countOfTenant(db, id);
    const refused = refuseRemoval(dependents, expected);
    if (refused !== null) return refused;
    await removeDevices(db, id, actor, at);
    while (await deleteLinesOfTenant(db, id, ROWS_AT_ONCE)) await turn();
    await deleteTenant(db, id);
    await recordEvents(db, [changeEvent('tenant.deleted', subjectOf(tenant), actor, at, { ...dependents })]);
    return { kind: 'removed' };
  });
}

/** Deletes the devices of a tenant whose row is held, so that there come no new ones. */
async function removeDevices(db: Queryable, tenantId: string, actor: Actor, at: Date): Promise<void> {
  for (;;) {
    const macs = await deleteDevicesOfTenant(db, tenantId, ROWS_AT_ONCE);
    if (macs.length === 0) return;
    const events = macs.map((mac) =>
      deviceEvent({ mac, tenantId }, 'device.deleted', actor, at, { with: 'tenant' }),
    );
    await recordEvents(db, events);
    // The embedded database computes in this thread and never waits: without this no call would be
    // heard meanwhile.
    await turn();
  }
}

function mergePolicy(stored: Partial<Policy>, patch: PolicyPatch | null | undefined): Partial<Policy> {
  if (patch === null) return {};
  const merged = { ...stored, ...patch };
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== null && value !== undefined),
  );
}
