import type { Device } from '../../domain/device.js';
import type { DeviceSettings } from '../../domain/device-settings.js';
import type { Mac } from '../../domain/mac.js';
import type { Role } from '../../domain/role.js';
import { authorizeProvisioning } from '../authentication/authorize-provisioning.js';
import { resetAuthentication } from '../authentication/reset-authentication.js';
import { endSuspension, suspendAuthentication } from '../authentication/suspend-authentication.js';
import type { Administrator, ServiceContext } from '../context.js';
import { type RefusedOrder, resyncDevice } from '../devices/change-device.js';
import { type DevicePatch, patchDevice, removeDevice } from '../devices/devices.js';

/** What can be ordered for many devices at once, each with what it is told. */
export type DeviceOrder =
  | { action: 'reset-authentication' | 'end-suspension' | 'authorize-provisioning' | 'resync' | 'delete' }
  | {
      action: 'suspend-authentication';
      parameters: { seconds?: number | undefined; force?: boolean | undefined };
    }
  | { action: 'assign-site'; parameters: { siteId: string | null } }
  | { action: 'set-settings'; parameters: { settings: DeviceSettings | null } };

export type DeviceActionName = DeviceOrder['action'];

const EDITORS: readonly Role[] = ['admin', 'operator'];
const HELPERS: readonly Role[] = ['admin', 'operator', 'support'];

/** Who may order it: those who may do it to a single device. */
export const DEVICE_ACTION_ROLES: Readonly<Record<DeviceActionName, readonly Role[]>> = {
  'reset-authentication': EDITORS,
  'suspend-authentication': HELPERS,
  'end-suspension': HELPERS,
  'authorize-provisioning': EDITORS,
  resync: HELPERS,
  delete: EDITORS,
  'assign-site': EDITORS,
  'set-settings': EDITORS,
};

export const NO_DEVICE = 'There is no such device.';

/** Why an order was not carried out on a device; null: it was. */
export type ActionFailure = string | null;

/** Carries out an order on one device, as the single call of the API does. */
export async function carryOut(
  context: ServiceContext,
  order: DeviceOrder,
  mac: Mac,
  actor: Administrator,
): Promise<ActionFailure> {
  switch (order.action) {
    case 'reset-authentication':
      return failureOf(await resetAuthentication(context, mac, actor));
    case 'suspend-authentication':
      return failureOf(await suspendAuthentication(context, mac, actor, order.parameters));
    case 'end-suspension':
      return failureOf(await endSuspension(context, mac, actor));
    case 'authorize-provisioning':
      return failureOf(await authorizeProvisioning(context, mac, actor));
    case 'resync':
      return failureOf(await resyncDevice(context, mac));
    case 'delete':
      return (await removeDevice(context, mac, actor)) ? null : NO_DEVICE;
    case 'assign-site':
    case 'set-settings':
      return patch(context, mac, order.parameters, actor);
  }
}

function failureOf(outcome: Device | RefusedOrder | null): ActionFailure {
  if (outcome === null) return NO_DEVICE;
  if (!('refused' in outcome)) return null;
  return outcome.refused === 'unclaimed'
    ? 'The device is unclaimed: it has no tenant yet.'
    : 'Several phones claim the device: the parameter force suspends it all the same.';
}

async function patch(
  context: ServiceContext,
  mac: Mac,
  change: DevicePatch,
  actor: Administrator,
): Promise<ActionFailure> {
  const outcome = await patchDevice(context, mac, change, actor);
  switch (outcome.kind) {
    case 'device':
      return null;
    case 'not-found':
      return NO_DEVICE;
    case 'site-unknown':
      return 'The site is not one of the device’s tenant.';
    case 'settings-refused':
      return outcome.faults.map(({ pointer, because }) => `${pointer} ${because}`).join('; ');
    default:
      throw new Error(`A device refused a change that the order does not make: ${outcome.kind}.`);
  }
}
