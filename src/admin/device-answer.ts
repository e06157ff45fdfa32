import { z } from 'zod';
import { AUTHENTICATION_STATES } from '../domain/authentication.js';
import { type Device, DEVICE_KINDS } from '../domain/device.js';
import { withoutFormer } from '../domain/former-parameters.js';
import { STAGES } from '../domain/progress.js';
import { RESYNC_PROGRESS, RESYNC_REASONS, RESYNC_WAYS } from '../domain/resync.js';
import { VENDOR_IDS } from '../domain/vendor-id.js';
import { Problem, type ProblemError, invalid, notFound } from '../http/problem.js';
import type { CreateDeviceOutcome } from '../services/devices/create-devices.js';
import type { DeviceDetails } from '../services/devices/device-details.js';
import type { ChangeDeviceOutcome } from '../services/devices/devices.js';
import { ownId, ownMac, time } from './fields.js';
import { DEVICE_SETTINGS_ANSWER, refusedSettings } from './settings-fields.js';

/** How far the last resync has come. Earlier ones are in the events. */
const RESYNC_ANSWER = z.strictObject({
  reason: z.enum(RESYNC_REASONS),
  at: time,
  outcome: z.enum(RESYNC_PROGRESS),
  way: z.enum(RESYNC_WAYS).nullable(),
  target: z.string().nullable(),
  status: z.int().nullable(),
  failure: z.string().nullable(),
});

/** When each stage was first reached since the device was created or last reset; null: not yet. */
const PROGRESS_ANSWER = z.strictObject({
  createdAt: time,
  contactedAt: time.nullable(),
  minimalAt: time.nullable(),
  registeredAt: time.nullable(),
  calledAt: time.nullable(),
  authenticatedAt: time.nullable(),
  fullAt: time.nullable(),
});

/** The last stage that was reached, its time, and why the next does not follow. */
const STUCK_ANSWER = z.strictObject({ stage: z.enum(STAGES), since: time, cause: z.string() });

/** A device as the API answers it. */
export const DEVICE_ANSWER = z
  .strictObject({
    id: ownId,
    mac: ownMac,
    kind: z.enum(DEVICE_KINDS),
    vendor: z.enum(VENDOR_IDS),
    model: z.string().nullable(),
    label: z.string().nullable(),
    serialNumber: z.string().nullable(),
    tenantId: ownId.nullable(),
    siteId: ownId.nullable(),
    tenantName: z.string().nullable(),
    siteName: z.string().nullable(),
    lines: z.array(z.strictObject({ id: ownId, label: z.string(), sipUser: z.string() })),
    settings: DEVICE_SETTINGS_ANSWER,
    state: z.enum(AUTHENTICATION_STATES),
    displayText: z.string().nullable(),
    papValid: z.boolean(),
    /**
     * There where a new one was made, and where `?reveal=pap` asks for it; null when there is none
     * to be used.
     */
    pap: z.string().nullable().optional(),
    failedUntil: time.nullable(),
    suspendedUntil: time.nullable(),
    firstSyncUntil: time.nullable(),
    attention: z.string().nullable(),
    authenticatedBy: z.string().nullable(),
    registered: z.boolean(),
    resync: RESYNC_ANSWER.nullable(),
    progress: PROGRESS_ANSWER,
    stuck: STUCK_ANSWER.nullable(),
    createdAt: time,
    lastProvisionedAt: time.nullable(),
    lastSeenAt: time.nullable(),
    lastSeenAddress: z.string().nullable(),
  })
  .meta({ id: 'Device' });

export function presentDevice({
  device,
  lines,
  tenantName,
  siteName,
  progress,
  stuck,
  displayText,
  papValid,
  pap,
  registered,
  resync,
}: DeviceDetails): z.infer<typeof DEVICE_ANSWER> {
  const { authentication } = device;
  return {
    id: device.id,
    mac: device.mac,
    kind: device.kind,
    vendor: device.vendor,
    model: device.model,
    label: device.label,
    serialNumber: device.serialNumber,
    tenantId: device.tenantId,
    siteId: device.siteId,
    tenantName,
    siteName,
    lines,
    settings: withoutFormer(device.settings),
    state: authentication.state,
    displayText,
    papValid,
    ...(pap !== undefined && { pap }),
    failedUntil: authentication.failedUntil,
    suspendedUntil: authentication.suspendedUntil,
    firstSyncUntil: device.firstSyncUntil,
    attention: device.attention,
    authenticatedBy: authentication.authenticatedBy,
    registered,
    resync: resync && presentResync(resync),
    progress,
    stuck,
    createdAt: device.createdAt,
    lastProvisionedAt: device.lastProvisionedAt,
    lastSeenAt: device.lastSeenAt,
    lastSeenAddress: device.lastSeenAddress,
  };
}

function presentResync({
  deviceId: _device,
  ...result
}: NonNullable<DeviceDetails['resync']>): z.infer<typeof RESYNC_ANSWER> {
  return result;
}

/** The device that came of a request, or the problem that did. */
export function deviceOf(outcome: CreateDeviceOutcome | ChangeDeviceOutcome): Device {
  switch (outcome.kind) {
    case 'device':
      return outcome.device;
    case 'not-found':
      throw notFound('device');
    case 'mac-taken':
      throw new Problem(409, 'There is a device with this MAC address.', [
        { pointer: '/mac', detail: 'is taken' },
      ]);
    case 'mac-unavailable':
      throw new Problem(409, 'This MAC address cannot be used: there may be a device that has it.', [
        { pointer: '/mac', detail: 'cannot be used' },
      ]);
    case 'fixed':
      throw new Problem(409, `A device keeps its ${outcome.field}: delete it and create it anew.`, [
        { pointer: `/${outcome.field}`, detail: 'cannot be changed' },
      ]);
    case 'tenant-unknown':
      throw invalid([{ pointer: '/tenantId', detail: 'is not the id of a tenant' }]);
    case 'site-unknown':
      throw invalid([{ pointer: '/siteId', detail: 'is not the id of a site of this tenant' }]);
    case 'lines-unknown':
      throw invalid(atLines(outcome.positions, allowedLines(outcome.tenantId)));
    case 'lines-repeated':
      throw invalid(atLines(outcome.positions, 'is in the list already'));
    case 'settings-refused':
      throw refusedSettings(outcome);
  }
}

function allowedLines(tenantId: string | null): string {
  if (tenantId === null) return 'is a line, and a device without a tenant has none: give it a tenant as well';
  return `is not the id of a line of tenant ${tenantId}; a device takes lines of its own tenant only`;
}

function atLines(positions: readonly number[], detail: string): ProblemError[] {
  return positions.map((position) => ({ pointer: `/lines/${position}`, detail }));
}
