import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { newAuthentication } from '../domain/authentication.js';
import type { Device } from '../domain/device.js';
import { type DeviceSettings, mergeSettings, settingsFault } from '../domain/device-settings.js';
import type { Mac } from '../domain/mac.js';
import { completePolicy } from '../domain/policy.js';
import { addSeconds } from '../domain/time.js';
import type { VendorId } from '../domain/vendor-id.js';
import { deleteDevice, updateDevice } from '../store/device-changes.js';
import { lineIdsOfDevices, replaceDeviceLines } from '../store/device-lines.js';
import { insertDevice, lockDevice } from '../store/devices.js';
import { recordEvents } from '../store/events.js';
import { keepLinesOfTenant } from '../store/lines.js';
import { findSite } from '../store/sites.js';
import type { Queryable } from '../store/store.js';
import { findTenant } from '../store/tenants.js';
import type { Actor, ServiceContext } from './context.js';
import { deviceEvent } from './device-event.js';
import { type Patch, patched } from './patch.js';

export interface DeviceInput {
  mac: Mac;
  vendor: VendorId;
  tenantId: string;
  model?: string | null | undefined;
  siteId?: string | null | undefined;
  label?: string | null | undefined;
  lines?: readonly string[] | null | undefined;
  settings?: DeviceSettings | null | undefined;
}

/** What a device may refer to, and why it may not; `positions` are those in the list of lines that was given. */
type BadReference =
  | { kind: 'site-unknown' }
  | { kind: 'lines-unknown'; positions: number[] }
  | { kind: 'lines-repeated'; positions: number[] }
  | { kind: 'settings-refused'; because: string };

export type CreateDeviceOutcome =
  { kind: 'device'; device: Device } | { kind: 'mac-taken' } | { kind: 'tenant-unknown' } | BadReference;

export type ChangeDeviceOutcome =
  | { kind: 'device'; device: Device }
  | { kind: 'not-found' }
  /** A device's MAC is its name, and its tenant never changes except by deleting it. */
  | { kind: 'fixed'; field: 'mac' | 'tenantId' }
  | BadReference;

/** Creates a device that needs authentication, with a PAP of its own. */
export async function createDevice(
  context: ServiceContext,
  input: DeviceInput,
  actor: Actor,
): Promise<CreateDeviceOutcome> {
  const now = context.clock.now();
  const because = settingsFault(input.settings ?? {});
  if (because !== null) return { kind: 'settings-refused', because };
  return context.store.transaction(async (db) => {
    const tenant = await findTenant(db, input.tenantId, 'key share');
    if (tenant === null) return { kind: 'tenant-unknown' };
    const policy = completePolicy(tenant.policy);
    const device: Device = {
      id: randomUUID(),
      mac: input.mac,
      vendor: input.vendor,
      model: input.model ?? null,
      label: input.label ?? null,
      tenantId: tenant.id,
      siteId: input.siteId ?? null,
      settings: mergeSettings({}, input.settings ?? {}),
      authentication: newAuthentication(policy, now),
      attention: null,
      firstSyncUntil: addSeconds(now, policy.firstSyncSeconds),
      lastProvisionedAt: null,
      lastSeenAt: null,
      lastSeenAddress: null,
      keyVersion: context.masterKey.version,
      createdAt: now,
    };
    const lines = input.lines ?? [];
    const bad = await findBadReference(db, device, lines);
    if (bad !== null) return bad;
    if (!(await insertDevice(db, device))) return { kind: 'mac-taken' };
    await replaceDeviceLines(db, device.id, lines);
    const data = { vendor: device.vendor, model: device.model };
    await recordEvents(db, [deviceEvent(device, 'device.created', actor, now, data)]);
    return { kind: 'device', device };
  });
}

/** Merges a patch into a device (RFC 7396: absent stays, null goes, settings merge member by member). */
export async function changeDevice(
  context: ServiceContext,
  mac: Mac,
  patch: Patch<DeviceInput>,
  actor: Actor,
): Promise<ChangeDeviceOutcome> {
  // Before it is merged, which no depth must make expensive; what comes of it is looked at again.
  const because = settingsFault(patch.settings ?? {});
  if (because !== null) return { kind: 'settings-refused', because };
  return context.store.transaction(async (db) => {
    const device = await lockDevice(db, { mac });
    if (device === null) return { kind: 'not-found' };
    if (patched(device.mac, patch.mac) !== device.mac) return { kind: 'fixed', field: 'mac' };
    if (patched(device.tenantId, patch.tenantId) !== device.tenantId)
      return { kind: 'fixed', field: 'tenantId' };

    const changed: Device = {
      ...device,
      vendor: patched(device.vendor, patch.vendor),
      model: patched(device.model, patch.model),
      label: patched(device.label, patch.label),
      siteId: patched(device.siteId, patch.siteId),
      settings: patch.settings === null ? {} : mergeSettings(device.settings, patch.settings ?? {}),
    };
    const before = (await lineIdsOfDevices(db, [device.id])).get(device.id) ?? [];
    const lines = patch.lines === undefined ? before : (patch.lines ?? []);
    const bad = await findBadReference(db, changed, lines);
    if (bad !== null) return bad;

    const fields = changedFields({ ...device, lines: before }, { ...changed, lines });
    if (fields.length === 0) return { kind: 'device', device };
    await updateDevice(db, changed);
    await replaceDeviceLines(db, device.id, lines);
    const event = deviceEvent(device, 'device.updated', actor, context.clock.now(), { changed: fields });
    await recordEvents(db, [event]);
    return { kind: 'device', device: changed };
  });
}

/**
 * Deletes a device with its tokens. Made again it is another device with another id, from which everything secret is derived: no old token
 * comes back to life. Answers whether there was one.
 */
export async function removeDevice(context: ServiceContext, mac: Mac, actor: Actor): Promise<boolean> {
  return context.store.transaction(async (db) => {
    const device = await lockDevice(db, { mac });
    if (device === null) return false;
    await deleteDevice(db, device.id);
    await recordEvents(db, [deviceEvent(device, 'device.deleted', actor, context.clock.now())]);
    return true;
  });
}

/** Site and lines must be of the device's own tenant; what is found cannot be deleted before the transaction ends. */
async function findBadReference(
  db: Queryable,
  device: Device,
  lines: readonly string[],
): Promise<BadReference | null> {
  const because = settingsFault(device.settings);
  if (because !== null) return { kind: 'settings-refused', because };
  const repeated = positionsWhere(lines, (id, position) => lines.indexOf(id) < position);
  if (repeated.length > 0) return { kind: 'lines-repeated', positions: repeated };

  const { tenantId, siteId } = device;
  const site =
    tenantId !== null && siteId !== null ? await findSite(db, tenantId, siteId, 'key share') : null;
  if (siteId !== null && site === null) return { kind: 'site-unknown' };
  const known = tenantId === null ? new Set() : await keepLinesOfTenant(db, tenantId, lines);
  const unknown = positionsWhere(lines, (id) => !known.has(id));
  return unknown.length > 0 ? { kind: 'lines-unknown', positions: unknown } : null;
}

function positionsWhere(
  ids: readonly string[],
  matches: (id: string, position: number) => boolean,
): number[] {
  return ids.flatMap((id, position) => (matches(id, position) ? [position] : []));
}

const CHANGEABLE = ['vendor', 'model', 'label', 'siteId', 'lines', 'settings'] as const;
type Changeable = Record<(typeof CHANGEABLE)[number], unknown>;

function changedFields(before: Changeable, after: Changeable): string[] {
  return CHANGEABLE.filter((field) => !isDeepStrictEqual(before[field], after[field]));
}
