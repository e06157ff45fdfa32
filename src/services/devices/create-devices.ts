import { randomUUID } from 'node:crypto';
import { newAuthentication } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import type { DeviceSettings } from '../../domain/device-settings.js';
import type { Mac } from '../../domain/mac.js';
import { completePolicy } from '../../domain/policy.js';
import { type TenantScope, isInScope } from '../../domain/role.js';
import type { VendorId } from '../../domain/vendor-id.js';
import { openWindow } from '../../domain/window.js';
import { deleteOwnerless } from '../../store/device-changes.js';
import { insertDeviceLines } from '../../store/device-lines.js';
import { insertDevices } from '../../store/devices.js';
import { recordEvents } from '../../store/events.js';
import type { Queryable } from '../../store/store.js';
import { type Tenant, findTenant } from '../../store/tenants.js';
import { applySettings } from './apply-settings.js';
import type { Administrator, ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';
import { type BadReference, DeviceReferences } from './device-references.js';

export interface DeviceInput {
  mac: Mac;
  vendor: VendorId;
  tenantId: string;
  model?: string | null | undefined;
  siteId?: string | null | undefined;
  label?: string | null | undefined;
  serialNumber?: string | null | undefined;
  lines?: readonly string[] | null | undefined;
  settings?: DeviceSettings | null | undefined;
}

export type CreateDeviceOutcome =
  | { kind: 'device'; device: Device }
  | { kind: 'mac-taken' }
  /** The same, told to a key for named tenants: it does not say whose the device is. */
  | { kind: 'mac-unavailable' }
  | { kind: 'tenant-unknown' }
  | BadReference;

/**
 * Creates a device that needs authentication, with a PAP of its own. An unclaimed device or decoy
 * with its MAC is deleted, with its tokens.
 */
export async function createDevice(
  context: ServiceContext,
  input: DeviceInput,
  actor: Administrator,
): Promise<CreateDeviceOutcome> {
  const [outcome] = await context.store.transaction((transaction) =>
    createDevices(transaction, context, [input], actor),
  );
  if (outcome === undefined) throw new Error('One device makes one outcome.');
  return outcome;
}

/**
 * Creates several devices in the caller's transaction and answers what came of each, in their
 * order. One that cannot be made leaves no trace and does not keep the others from being made. Of
 * two with the same MAC the first is made.
 */
export async function createDevices(
  transaction: Queryable,
  context: ServiceContext,
  inputs: readonly DeviceInput[],
  actor: Administrator,
): Promise<CreateDeviceOutcome[]> {
  const now = context.clock.now();
  const tenants = await keepTenants(transaction, inputs, actor.scope);
  const references = new DeviceReferences(transaction);
  await references.prepareLines(inputs);
  const outcomes: CreateDeviceOutcome[] = [];
  for (const input of inputs) {
    const tenant = tenants.get(input.tenantId);
    const phone = { vendor: input.vendor, model: input.model ?? null };
    const applied = applySettings({}, input.settings ?? {}, phone);
    if (applied.kind === 'settings-refused') outcomes.push(applied);
    else if (tenant === undefined) outcomes.push({ kind: 'tenant-unknown' });
    else {
      const device = newDevice(context, { ...input, settings: applied.settings }, tenant, now);
      const bad = await references.findBad(device, input.lines ?? []);
      outcomes.push(bad ?? { kind: 'device', device });
    }
  }

  const devices = outcomes.flatMap((outcome) => (outcome.kind === 'device' ? [outcome.device] : []));
  await deleteOwnerless(
    transaction,
    devices.map((device) => device.mac),
  );
  const inserted = await insertDevices(transaction, devices);
  const made = devices.filter((device) => inserted.has(device.id));
  await insertDeviceLines(
    transaction,
    outcomes.flatMap((outcome, index) =>
      outcome.kind === 'device' && inserted.has(outcome.device.id)
        ? [{ deviceId: outcome.device.id, lineIds: inputs[index]?.lines ?? [] }]
        : [],
    ),
  );
  await recordEvents(
    transaction,
    made.map((device) =>
      deviceEvent(device, 'device.created', actor, now, { vendor: device.vendor, model: device.model }),
    ),
  );
  return outcomes.map((outcome) =>
    outcome.kind === 'device' && !inserted.has(outcome.device.id)
      ? { kind: actor.scope === 'all' ? 'mac-taken' : 'mac-unavailable' }
      : outcome,
  );
}

function newDevice(
  context: ServiceContext,
  input: DeviceInput & { settings: DeviceSettings },
  tenant: Tenant,
  now: Date,
): Device {
  const policy = completePolicy(tenant.policy);
  return {
    id: randomUUID(),
    mac: input.mac,
    kind: 'managed',
    vendor: input.vendor,
    model: input.model ?? null,
    label: input.label ?? null,
    serialNumber: input.serialNumber ?? null,
    tenantId: tenant.id,
    siteId: input.siteId ?? null,
    settings: input.settings,
    authentication: newAuthentication(policy, now),
    attention: null,
    ...openWindow(policy, now),
    lastProvisionedAt: null,
    lastSeenAt: null,
    lastSeenAddress: null,
    keyVersion: context.masterKey.version,
    createdAt: now,
  };
}

/**
 * The tenants that are named, exist and are in scope; none of them is deleted before the
 * transaction ends.
 */
async function keepTenants(
  transaction: Queryable,
  inputs: readonly DeviceInput[],
  scope: TenantScope,
): Promise<Map<string, Tenant>> {
  const tenants = new Map<string, Tenant>();
  for (const id of new Set(inputs.map((input) => input.tenantId))) {
    const tenant = isInScope(scope, id) ? await findTenant(transaction, id, 'key share') : null;
    if (tenant !== null) tenants.set(id, tenant);
  }
  return tenants;
}
