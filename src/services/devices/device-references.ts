import type { Device } from '../../domain/device.js';
import { keepLinesOfTenant } from '../../store/lines.js';
import { findSite } from '../../store/sites.js';
import type { Queryable } from '../../store/store.js';
import type { SettingsRefused } from './apply-settings.js';

/** What a device may refer to, and why it may not; `positions` are those in the list of lines that was given. */
export type BadReference =
  | { kind: 'site-unknown' }
  /** `tenantId`: whose lines it may have; null: nobody's, for it has no tenant yet. */
  | { kind: 'lines-unknown'; positions: number[]; tenantId: string | null }
  | { kind: 'lines-repeated'; positions: number[] }
  | SettingsRefused;

/** What devices refer to, in one transaction: what is found is kept from being deleted until its end, so each site is asked for once. */
export class DeviceReferences {
  readonly #sites = new Map<string, boolean>();

  constructor(private readonly transaction: Queryable) {}

  /** Site and lines must be of the device's own tenant. */
  async findBad(
    device: Pick<Device, 'tenantId' | 'siteId'>,
    lines: readonly string[],
  ): Promise<BadReference | null> {
    const repeated = positionsWhere(lines, (id, position) => lines.indexOf(id) < position);
    if (repeated.length > 0) return { kind: 'lines-repeated', positions: repeated };

    const { tenantId, siteId } = device;
    if (siteId !== null && !(await this.#isSiteOf(tenantId, siteId))) return { kind: 'site-unknown' };
    const known = tenantId === null ? new Set() : await keepLinesOfTenant(this.transaction, tenantId, lines);
    const unknown = positionsWhere(lines, (id) => !known.has(id));
    return unknown.length > 0 ? { kind: 'lines-unknown', positions: unknown, tenantId } : null;
  }

  async #isSiteOf(tenantId: string | null, siteId: string): Promise<boolean> {
    if (tenantId === null) return false;
    const key = `${tenantId}/${siteId}`;
    const isKnown =
      this.#sites.get(key) ?? (await findSite(this.transaction, tenantId, siteId, 'key share')) !== null;
    this.#sites.set(key, isKnown);
    return isKnown;
  }
}

function positionsWhere(
  ids: readonly string[],
  matches: (id: string, position: number) => boolean,
): number[] {
  return ids.flatMap((id, position) => (matches(id, position) ? [position] : []));
}
