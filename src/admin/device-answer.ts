import type { Device } from '../domain/device.js';
import type { CreateDeviceOutcome } from '../services/create-devices.js';
import type { DeviceDetails } from '../services/device-details.js';
import type { ChangeDeviceOutcome } from '../services/devices.js';
import { Problem, type ProblemError, invalid, notFound } from './problem.js';
import { refusedSettings } from './settings-fields.js';

/** A device as the API answers it. */
export function presentDevice({ device, lines, displayText, pap, registered }: DeviceDetails) {
  const { authentication } = device;
  return {
    id: device.id,
    mac: device.mac,
    kind: device.kind,
    vendor: device.vendor,
    model: device.model,
    label: device.label,
    tenantId: device.tenantId,
    siteId: device.siteId,
    lines,
    settings: device.settings,
    state: authentication.state,
    displayText,
    pap,
    failedUntil: authentication.failedUntil,
    suspendedUntil: authentication.suspendedUntil,
    firstSyncUntil: device.firstSyncUntil,
    attention: device.attention,
    authenticatedBy: authentication.authenticatedBy,
    registered,
    createdAt: device.createdAt,
    lastProvisionedAt: device.lastProvisionedAt,
    lastSeenAt: device.lastSeenAt,
    lastSeenAddress: device.lastSeenAddress,
  };
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
