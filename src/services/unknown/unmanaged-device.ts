import type { Device } from '../../domain/device.js';
import type { Token } from '../../domain/token.js';
import type { FetchFacts } from '../../store/fetch-lookup.js';

type Origin = Pick<Device, 'id' | 'mac' | 'kind' | 'vendor' | 'authentication' | 'keyVersion' | 'createdAt'>;

/** A device that no administrator has created: it has no tenant and no settings. */
export function unmanagedDevice(origin: Origin): Device {
  return {
    ...origin,
    model: null,
    label: null,
    serialNumber: null,
    tenantId: null,
    siteId: null,
    settings: {},
    attention: null,
    firstSyncUntil: null,
    firstSyncedAt: null,
    windowClaimedBy: null,
    lastProvisionedAt: null,
    lastSeenAt: null,
    lastSeenAddress: null,
  };
}

/** What a look-up would find of such a device if it were stored. */
export function factsOf(device: Device, token: Token | null): FetchFacts {
  const { firstSyncUntil, firstSyncedAt, windowClaimedBy } = device;
  return {
    deviceId: device.id,
    mac: device.mac,
    kind: device.kind,
    vendor: device.vendor,
    model: device.model,
    tenantId: device.tenantId,
    authentication: device.authentication,
    window: { firstSyncUntil, firstSyncedAt, windowClaimedBy },
    policy: {},
    languages: [],
    timezone: null,
    settings: [],
    emergency: [],
    lines: [],
    token,
    network: null,
    awaited: false,
  };
}
