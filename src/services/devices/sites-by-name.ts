import { findSiteByName } from '../../store/sites.js';
import type { Queryable } from '../../store/store.js';
import { findTenant } from '../../store/tenants.js';

export type FoundSite =
  { kind: 'site'; id: string | null } | { kind: 'site-unknown' } | { kind: 'tenant-unknown' };

/** The sites that lines of a file name, each looked up once a transaction. */
export class SitesByName {
  readonly #found = new Map<string, FoundSite>();

  constructor(private readonly transaction: Queryable) {}

  async find(tenantId: string, name: string | null): Promise<FoundSite> {
    if (name === null) return { kind: 'site', id: null };
    const key = `${tenantId}/${name}`;
    const found = this.#found.get(key) ?? (await this.#lookUp(tenantId, name));
    this.#found.set(key, found);
    return found;
  }

  async #lookUp(tenantId: string, name: string): Promise<FoundSite> {
    const site = await findSiteByName(this.transaction, tenantId, name);
    if (site !== null) return { kind: 'site', id: site.id };
    const tenant = await findTenant(this.transaction, tenantId);
    return { kind: tenant === null ? 'tenant-unknown' : 'site-unknown' };
  }
}
