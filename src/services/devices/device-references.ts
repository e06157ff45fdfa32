import type { Device } from '../../domain/device.js';
import { keepLinesOfTenant } from '../../store/lines.js';
import { findSite } from '../../store/sites.js';
import type { Queryable } from '../../store/store.js';
import type { SettingsRefused } from './apply-settings.js';

/**
 * What a device may refer to, and why it may not; `positions` are those in the list of lines that
 * was given.
 */
export type BadReference =
  | { kind: 'site-unknown' }
  /** `tenantId`: the tenant whose lines it may have; null: none, for it has no tenant yet. */
  | { kind: 'lines-unknown'; positions: number[]; tenantId: string | null }
  | { kind: 'lines-repeated'; positions: number[] }
  | SettingsRefused;

/**
 * What devices refer to, in one transaction: what is found is kept from being deleted until its
 * end, so each site is asked for once.
 */
export class DeviceReferences {
  readonly #sites = new Map<string, boolean>();
  /** By tenant, those of its lines that were asked for. */
  readonly #lines = new Map<string, Set<string>>();

  constructor(private readonly transaction: Queryable) {}

  /** Looks up the lines of many devices at once. */
  async prepareLines(
    devices: readonly { tenantId: string; lines?: readonly string[] | null | undefined }[],
  ): Promise<void> {
    for (const tenantId of new Set(devices.map((device) => device.tenantId))) {
      const ids = devices.flatMap((device) => (device.tenantId === tenantId ? (device.lines ?? []) : []));
      this.#lines.set(tenantId, await keepLinesOfTenant(this.transaction, tenantId, [...new Set(ids)]));
    }
  }

  /** Site and lines must be of the device's own tenant. */
  async findBad(
    device: Pick<Device, 'tenantId' | 'siteId'>,
    lines: readonly string[],
  ): Promise<BadReference | null> {
    const repeated = positionsWhere(lines, (id, position) => lines.indexOf(id) < position);
    if (repeated.length > 0) return { kind: 'lines-repeated', positions: repeated };

    const { tenantId, siteId } = device;
    if (siteId !== null && !(await this.#isSiteOf(tenantId, siteId))) return { kind: 'site-unknown' };
    const known = await this.#linesOf(tenantId, lines);
    const unknown = positionsWhere(lines, (id) => !known.has(id));
    return unknown.length > 0 ? { kind: 'lines-unknown', positions: unknown, tenantId } : null;
  }

  /** Those of the lines that are the tenant's, and perhaps more. */
  async #linesOf(tenantId: string | null, lines: readonly string[]): Promise<ReadonlySet<string>> {
    if (tenantId === null) return new Set();
    return this.#lines.get(tenantId) ?? (await keepLinesOfTenant(this.transaction, tenantId, lines));
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
