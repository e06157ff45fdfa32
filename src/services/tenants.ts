import { randomUUID } from 'node:crypto';
import type { EmergencyRoute } from '../domain/emergency.js';
import type { Policy } from '../domain/policy.js';
import { macsOfTenant } from '../store/device-list.js';
import { recordEvents } from '../store/events.js';
import { type Tenant, deleteTenant, findTenant, insertTenant, updateTenant } from '../store/tenants.js';
import type { Actor, ServiceContext } from './context.js';
import { deviceEvent } from './device-event.js';
import { type Patch, patched } from './patch.js';

/** Policy values as they are set: null takes one back to the default. */
export type PolicyPatch = { [K in keyof Policy]?: Policy[K] | null | undefined };

export interface TenantInput {
  name: string;
  policy?: PolicyPatch | null | undefined;
  emergencyRoute?: EmergencyRoute | null | undefined;
  emergencyNumbers?: string[] | null | undefined;
  language?: string | null | undefined;
}

export async function createTenant(context: ServiceContext, input: TenantInput): Promise<Tenant> {
  const tenant: Tenant = {
    id: randomUUID(),
    name: input.name,
    policy: mergePolicy({}, input.policy),
    emergencyRoute: input.emergencyRoute ?? null,
    emergencyNumbers: input.emergencyNumbers ?? null,
    language: input.language ?? null,
    createdAt: context.clock.now(),
  };
  await insertTenant(context.store.db, tenant);
  return tenant;
}

/** Merges a patch into a tenant (RFC 7396: absent stays, null goes). Answers null when there is no such tenant. */
export async function changeTenant(
  context: ServiceContext,
  id: string,
  patch: Patch<TenantInput>,
): Promise<Tenant | null> {
  return context.store.transaction(async (db) => {
    const tenant = await findTenant(db, id, 'update');
    if (tenant === null) return null;
    const changed: Tenant = {
      ...tenant,
      name: patched(tenant.name, patch.name),
      policy: patch.policy === undefined ? tenant.policy : mergePolicy(tenant.policy, patch.policy),
      emergencyRoute: patched(tenant.emergencyRoute, patch.emergencyRoute),
      emergencyNumbers: patched(tenant.emergencyNumbers, patch.emergencyNumbers),
      language: patched(tenant.language, patch.language),
    };
    await updateTenant(db, changed);
    return changed;
  });
}

/** Events written in one statement, far below the 65,535 parameters that PostgreSQL takes. */
const EVENTS_AT_ONCE = 1000;

/** Deletes a tenant with its sites, lines and devices. Answers whether there was one. */
export async function removeTenant(context: ServiceContext, id: string, actor: Actor): Promise<boolean> {
  const at = context.clock.now();
  return context.store.transaction(async (db) => {
    if ((await findTenant(db, id, 'update')) === null) return false;
    const macs = await macsOfTenant(db, id);
    await deleteTenant(db, id);
    for (let from = 0; from < macs.length; from += EVENTS_AT_ONCE) {
      const events = macs
        .slice(from, from + EVENTS_AT_ONCE)
        .map((mac) => deviceEvent({ mac, tenantId: id }, 'device.deleted', actor, at, { with: 'tenant' }));
      await recordEvents(db, events);
    }
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
