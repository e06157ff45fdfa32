import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { DeviceSettings } from '../domain/device-settings.js';
import type { EmergencyRoute } from '../domain/emergency.js';
import { rememberFormer } from '../domain/former-parameters.js';
import { type Site, deleteSite, findSite, findSiteByName, insertSite, updateSite } from '../store/sites.js';
import { countAtSite } from '../store/dependents.js';
import { recordEvents } from '../store/events.js';
import type { Queryable } from '../store/store.js';
import { findTenant, type Tenant, updateTenant } from '../store/tenants.js';
import { type SettingsRefused, applySettings } from './devices/apply-settings.js';
import { changeEvent } from './audit/change-event.js';
import type { Actor, ServiceContext } from './context.js';
import { type Patch, changedFields, patched } from './patch.js';
import { type RemovalOutcome, refuseRemoval } from './removal.js';

export interface SiteInput {
  name: string;
  timezone?: string | null | undefined;
  language?: string | null | undefined;
  settings?: DeviceSettings | null | undefined;
  emergencyRoute?: EmergencyRoute | null | undefined;
  emergencyNumbers?: string[] | null | undefined;
  emergencyCallerNumber?: string | null | undefined;
}

export type SiteOutcome =
  { kind: 'site'; site: Site } | { kind: 'not-found' } | { kind: 'name-taken' } | SettingsRefused;

export async function createSite(
  context: ServiceContext,
  tenantId: string,
  input: SiteInput,
  actor: Actor,
): Promise<SiteOutcome> {
  const applied = applySettings({}, input.settings ?? {}, null);
  if (applied.kind === 'settings-refused') return applied;
  const { settings } = applied;
  return context.store.transaction(async (db) => {
    if ((await findTenant(db, tenantId, 'update')) === null) return { kind: 'not-found' };
    const site: Site = {
      id: randomUUID(),
      tenantId,
      name: input.name,
      timezone: input.timezone ?? null,
      language: input.language ?? null,
      settings,
      emergencyRoute: input.emergencyRoute ?? null,
      emergencyNumbers: input.emergencyNumbers ?? null,
      emergencyCallerNumber: input.emergencyCallerNumber ?? null,
      createdAt: context.clock.now(),
    };
    if (await isNameTaken(db, site)) return { kind: 'name-taken' };
    await insertSite(db, site);
    await recordEvents(db, [changeEvent('site.created', site, actor, site.createdAt)]);
    return { kind: 'site', site };
  });
}

/** Merges a patch into a site (RFC 7396: absent stays, null goes). */
export async function changeSite(
  context: ServiceContext,
  tenantId: string,
  id: string,
  patch: Patch<SiteInput>,
  actor: Actor,
): Promise<SiteOutcome> {
  return context.store.transaction(async (db) => {
    await findTenant(db, tenantId, 'update');
    const site = await findSite(db, tenantId, id, 'update');
    if (site === null) return { kind: 'not-found' };
    const applied = applySettings({ ...site.settings }, patch.settings, null);
    if (applied.kind === 'settings-refused') return applied;
    const changed: Site = {
      ...site,
      name: patched(site.name, patch.name),
      timezone: patched(site.timezone, patch.timezone),
      language: patched(site.language, patch.language),
      settings: applied.settings,
      emergencyRoute: patched(site.emergencyRoute, patch.emergencyRoute),
      emergencyNumbers: patched(site.emergencyNumbers, patch.emergencyNumbers),
      emergencyCallerNumber: patched(site.emergencyCallerNumber, patch.emergencyCallerNumber),
    };
    if (await isNameTaken(db, changed)) return { kind: 'name-taken' };
    const fields = changedFields(site, changed, CHANGEABLE);
    if (fields.length === 0) return { kind: 'site', site };
    await updateSite(db, changed);
    const now = context.clock.now();
    await recordEvents(db, [changeEvent('site.updated', changed, actor, now, { changed: fields })]);
    return { kind: 'site', site: changed };
  });
}

const CHANGEABLE = [
  'name',
  'timezone',
  'language',
  'settings',
  'emergencyRoute',
  'emergencyNumbers',
  'emergencyCallerNumber',
] as const;

/**
 * Deletes a site; its devices stay, without one, and their emergency calls go by what the tenant
 * has.
 */
export async function removeSite(
  context: ServiceContext,
  { tenantId, id }: { tenantId: string; id: string },
  expected: number | null,
  actor: Actor,
): Promise<RemovalOutcome> {
  return context.store.transaction(async (db) => {
    const tenant = await findTenant(db, tenantId, 'update');
    const site = await findSite(db, tenantId, id, 'update');
    if (tenant === null || site === null) return { kind: 'not-found' };
    const dependents = await countAtSite(db, id);
    const refused = refuseRemoval(dependents, expected);
    if (refused !== null) return refused;
    await keepFormer(db, tenant, site);
    await deleteSite(db, tenantId, id);
    const { devices } = dependents;
    const hadEmergencyRoute = site.emergencyRoute !== null;
    await recordEvents(db, [
      changeEvent('site.deleted', site, actor, context.clock.now(), { devices, hadEmergencyRoute }),
    ]);
    return { kind: 'removed' };
  });
}

/**
 * What phones of a site were set that is gone is to be cleared: from now on their tenant remembers.
 */
async function keepFormer(db: Queryable, tenant: Tenant, site: Site): Promise<void> {
  const settings = rememberFormer({ ...tenant.settings }, site.settings);
  if (!isDeepStrictEqual(settings, tenant.settings)) await updateTenant(db, { ...tenant, settings });
}

/** Both callers hold the tenant's row, so no other transaction can take the name meanwhile. */
async function isNameTaken(db: Queryable, site: Site): Promise<boolean> {
  const other = await findSiteByName(db, site.tenantId, site.name);
  return other !== null && other.id !== site.id;
}
