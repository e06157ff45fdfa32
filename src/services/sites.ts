import { randomUUID } from 'node:crypto';
import type { EmergencyRoute } from '../domain/emergency.js';
import { type Site, deleteSite, findSite, findSiteByName, insertSite, updateSite } from '../store/sites.js';
import type { Queryable } from '../store/store.js';
import { findTenant } from '../store/tenants.js';
import type { ServiceContext } from './context.js';
import { type Patch, patched } from './patch.js';

export interface SiteInput {
  name: string;
  timezone?: string | null | undefined;
  language?: string | null | undefined;
  emergencyRoute?: EmergencyRoute | null | undefined;
  emergencyNumbers?: string[] | null | undefined;
}

export type SiteOutcome = { kind: 'site'; site: Site } | { kind: 'not-found' } | { kind: 'name-taken' };

export async function createSite(
  context: ServiceContext,
  tenantId: string,
  input: SiteInput,
): Promise<SiteOutcome> {
  return context.store.transaction(async (db) => {
    if ((await findTenant(db, tenantId, 'update')) === null) return { kind: 'not-found' };
    const site: Site = {
      id: randomUUID(),
      tenantId,
      name: input.name,
      timezone: input.timezone ?? null,
      language: input.language ?? null,
      emergencyRoute: input.emergencyRoute ?? null,
      emergencyNumbers: input.emergencyNumbers ?? null,
      createdAt: context.clock.now(),
    };
    if (await isNameTaken(db, site)) return { kind: 'name-taken' };
    await insertSite(db, site);
    return { kind: 'site', site };
  });
}

/** Merges a patch into a site (RFC 7396: absent stays, null goes). */
export async function changeSite(
  context: ServiceContext,
  tenantId: string,
  id: string,
  patch: Patch<SiteInput>,
): Promise<SiteOutcome> {
  return context.store.transaction(async (db) => {
    await findTenant(db, tenantId, 'update');
    const site = await findSite(db, tenantId, id, 'update');
    if (site === null) return { kind: 'not-found' };
    const changed: Site = {
      ...site,
      name: patched(site.name, patch.name),
      timezone: patched(site.timezone, patch.timezone),
      language: patched(site.language, patch.language),
      emergencyRoute: patched(site.emergencyRoute, patch.emergencyRoute),
      emergencyNumbers: patched(site.emergencyNumbers, patch.emergencyNumbers),
    };
    if (await isNameTaken(db, changed)) return { kind: 'name-taken' };
    await updateSite(db, changed);
    return { kind: 'site', site: changed };
  });
}

/** Deletes a site; its devices stay, without one. Answers whether there was one. */
export async function removeSite(context: ServiceContext, tenantId: string, id: string): Promise<boolean> {
  return context.store.transaction((db) => deleteSite(db, tenantId, id));
}

/** Both callers hold the tenant's row, so nobody else can take the name meanwhile. */
async function isNameTaken(db: Queryable, site: Site): Promise<boolean> {
  const other = await findSiteByName(db, site.tenantId, site.name);
  return other !== null && other.id !== site.id;
}
