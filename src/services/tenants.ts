import { randomUUID } from 'node:crypto';
import type { DeviceSettings } from '../domain/device-settings.js';
import type { EmergencyRoute } from '../domain/emergency.js';
import { type Policy, completePolicy } from '../domain/policy.js';
import { macsOfTenant } from '../store/device-list.js';
import { recordEvents } from '../store/events.js';
import { type Tenant, deleteTenant, findTenant, insertTenant, updateTenant } from '../store/tenants.js';
import { type SettingsRefused, applySettings } from './devices/apply-settings.js';
import { changeEvent } from './audit/change-event.js';
import type { Actor, ServiceContext } from './context.js';
import { deviceEvent } from './audit/device-event.js';
import { type Patch, changedFields, patched } from './patch.js';

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

/** Events written in one statement, far below the 65,535 parameters that PostgreSQL takes. */
const EVENTS_AT_ONCE = 1000;

/** Deletes a tenant with its sites, lines and devices. Answers whether there was one. */
export async function removeTenant(context: ServiceContext, id: string, actor: Actor): Promise<boolean> {
  const at = context.clock.now();
  return context.store.transaction(async (db) => {
    const tenant = await findTenant(db, id, 'update');
    if (tenant === null) return false;
    const macs = await macsOfTenant(db, id);
    await deleteTenant(db, id);
    for (let from = 0; from < macs.length; from += EVENTS_AT_ONCE) {
      const events = macs
        .slice(from, from + EVENTS_AT_ONCE)
        .map((mac) => deviceEvent({ mac, tenantId: id }, 'device.deleted', actor, at, { with: 'tenant' }));
      await recordEvents(db, events);
    }
    await recordEvents(db, [changeEvent('tenant.deleted', subjectOf(tenant), actor, at)]);
    return true;
  });
}

function mergePolicy(stored: Partial<Policy>, patch: PolicyPatch | null | undefined): Partial<Policy> {
  if (patch === null) return {};
  const merged = { ...stored, ...patch };
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== null && value !== undefined),
  );
}
