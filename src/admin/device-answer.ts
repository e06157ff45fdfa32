import type { Device } from '../domain/device.js';
import { DISPLAY_TEXTS } from '../domain/display.js';
import type { DeviceDetails } from '../services/device-details.js';
import type { ChangeDeviceOutcome, CreateDeviceOutcome } from '../services/devices.js';
import { Problem, type ProblemError, invalid, notFound } from './problem.js';

/** A device as the API answers it. */
export function presentDevice({ device, lines, pap, registered }: DeviceDetails) {
  const { authentication } = device;
  return {
    id: device.id,
    mac: device.mac,
    vendor: device.vendor,
    model: device.model,
    label: device.label,
    tenantId: device.tenantId,
    siteId: device.siteId,
    lines,
    settings: device.settings,
    state: authentication.state,
    /** What the phone shows; one that has proved itself shows what it likes. */
    displayText: authentication.state === 'successful' ? null : DISPLAY_TEXTS[authentication.state],
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
      throw invalid(atLines(outcome.positions, 'is not the id of a line of this tenant'));
    case 'lines-repeated':
      throw invalid(atLines(outcome.positions, 'is in the list already'));
    case 'settings-refused':
      throw invalid([{ pointer: '/settings', detail: outcome.because }]);
  }
}

function atLines(positions: readonly number[], detail: string): ProblemError[] {
  return positions.map((position) => ({ pointer: `/lines/${position}`, detail }));
}
