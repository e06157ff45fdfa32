import type { Device } from '../../domain/device.js';
import type { DeviceSettings } from '../../domain/device-settings.js';
import { rememberFormer } from '../../domain/former-parameters.js';
import type { Mac } from '../../domain/mac.js';
import { completePolicy } from '../../domain/policy.js';
import { isInScope } from '../../domain/role.js';
import { deleteDevice, updateDevice } from '../../store/device-changes.js';
import { lineIdsOfDevices, replaceDeviceLines } from '../../store/device-lines.js';
import { lockDevice } from '../../store/devices.js';
import { recordEvents } from '../../store/events.js';
import { findSite } from '../../store/sites.js';
import type { Queryable } from '../../store/store.js';
import { findTenant } from '../../store/tenants.js';
import { adoptDevice } from '../unknown/adopt-device.js';
import { applySettings } from './apply-settings.js';
import type { Actor, Administrator, ServiceContext } from '../context.js';
import type { DeviceInput } from './create-devices.js';
import { deviceEvent } from '../audit/device-event.js';
import { type BadReference, DeviceReferences } from './device-references.js';
import { resyncForLines } from '../resync/resyncs.js';
import { type Patch, changedFields, patched } from '../patch.js';

export type ChangeDeviceOutcome =
  | { kind: 'device'; device: Device; changed: readonly string[] }
  | { kind: 'not-found' }
  /** A device's MAC is its name, and its tenant never changes except by deleting it. */
  | { kind: 'fixed'; field: 'mac' | 'tenantId' }
  | { kind: 'tenant-unknown' }
  | BadReference;

/**
 * What can be changed of a device. `attention`: an administrator can take the flag away, and not
 * raise it.
 */
export type DevicePatch = Patch<DeviceInput & { attention: null }>;

/**
 * Merges a patch into a device (RFC 7396: absent stays, null goes, settings merge member by
 * member). An unclaimed one that is given a tenant, or a line of the tenant that it has, is managed
 * from then on.
 */
export async function patchDevice(
  context: ServiceContext,
  mac: Mac,
  patch: DevicePatch,
  actor: Administrator,
): Promise<ChangeDeviceOutcome> {
  return context.store.transaction((db) => patchDeviceIn(db, context, mac, patch, actor));
}

/**
 * Changes a device in the caller's transaction; `changed` names the fields that have another value
 * now.
 */
export async function patchDeviceIn(
  db: Queryable,
  context: Pick<ServiceContext, 'clock'>,
  mac: Mac,
  patch: DevicePatch,
  actor: Administrator,
): Promise<ChangeDeviceOutcome> {
  const device = await lockDevice(db, { mac });
  if (device === null || !isInScope(actor.scope, device.tenantId)) return { kind: 'not-found' };
  if (patched(device.mac, patch.mac) !== device.mac) return { kind: 'fixed', field: 'mac' };
  const merged = merge(device, patch);
  const applied = applySettings(device.settings, patch.settings, merged);
  if (applied.kind === 'settings-refused') return applied;
  const settings = await settingsAt(db, device, merged.siteId, applied.settings);
  const changed = { ...merged, settings };
  const { tenantId } = changed;
  if (device.tenantId !== null && tenantId !== device.tenantId) return { kind: 'fixed', field: 'tenantId' };
  const before = (await lineIdsOfDevices(db, [device.id])).get(device.id) ?? [];
  const lines = patch.lines === undefined ? before : (patch.lines ?? []);
  const tenant = tenantId === null ? null : await findTenant(db, tenantId, 'key share');
  if (tenantId !== null && tenant === null) return { kind: 'tenant-unknown' };
  const bad = await new DeviceReferences(db).findBad(changed, lines);
  if (bad !== null) return bad;

  const fields = changedFields({ ...device, lines: before }, { ...changed, lines }, CHANGEABLE);
  if (fields.length === 0) return { kind: 'device', device, changed: [] };
  const now = context.clock.now();
  await updateDevice(db, changed);
  await replaceDeviceLines(db, device.id, lines);
  if (fields.includes('lines')) await resyncForLines(db, [device.id], now);
  await recordEvents(db, [deviceEvent(changed, 'device.updated', actor, now, { changed: fields })]);
  const isAdopted = device.kind === 'unclaimed' && (device.tenantId !== tenantId || lines.length > 0);
  if (tenant === null || !isAdopted) return { kind: 'device', device: changed, changed: fields };
  const adopted = await adoptDevice(db, changed, completePolicy(tenant.policy), now);
  return { kind: 'device', device: adopted, changed: fields };
}

/**
 * The settings that a device takes to another site: what its phones were set there has to be
 * cleared, and is known here only.
 */
async function settingsAt(
  db: Queryable,
  { tenantId, siteId }: Device,
  nextSiteId: string | null,
  settings: DeviceSettings,
): Promise<DeviceSettings> {
  if (tenantId === null || siteId === null || siteId === nextSiteId) return settings;
  const left = await findSite(db, tenantId, siteId);
  return left === null ? settings : rememberFormer(settings, left.settings);
}

function merge(device: Device, patch: DevicePatch): Device {
  return {
    ...device,
    vendor: patched(device.vendor, patch.vendor),
    model: patched(device.model, patch.model),
    label: patched(device.label, patch.label),
    serialNumber: patched(device.serialNumber, patch.serialNumber),
    tenantId: patched(device.tenantId, patch.tenantId),
    siteId: patched(device.siteId, patch.siteId),
    attention: patched(device.attention, patch.attention),
  };
}

/**
 * Deletes a device with its tokens. Made again it is another device with another id, from which
 * everything secret is derived: no old token comes back to life. Answers whether there was one.
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

const CHANGEABLE = [
  'vendor',
  'model',
  'label',
  'serialNumber',
  'tenantId',
  'siteId',
  'lines',
  'settings',
  'attention',
] as const;
