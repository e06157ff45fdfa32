import { type Authentication, isPapValid, isSuspended, lookAt } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import { type DisplayText, NO_LINE_TEXT, displayTextOf, lacksLine } from '../../domain/display.js';
import { type Policy, completePolicy } from '../../domain/policy.js';
import { type Circumstances, type Progress, type Stuck, stuckAt } from '../../domain/progress.js';
import { derivePap } from '../../domain/secrets.js';
import { type DeviceLine, linesOfDevices } from '../../store/device-lines.js';
import { findProgress } from '../../store/progress.js';
import { recordEvents } from '../../store/events.js';
import { liveRegistrations } from '../../store/registrations.js';
import { type ResyncResult, findResyncResults } from '../../store/resync-results.js';
import { siteNames } from '../../store/sites.js';
import { storedPolicies, tenantNames } from '../../store/tenants.js';
import type { Actor, ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';

/** A device as an administrator is shown it. */
export interface DeviceDetails {
  /**
   * As it is now: a lock or a suspension that has lapsed is over, and `attention` is `no-line`
   * where there is nothing else to look at and its phone has proved itself for no line.
   */
  device: Device;
  /** In the order of its keys. */
  lines: DeviceLine[];
  tenantName: string | null;
  siteName: string | null;
  /** How far its phone has come, and where it waits. */
  progress: Progress;
  stuck: Stuck | null;
  /** What its phone shows; null where that is up to the phone. */
  displayText: DisplayText | typeof NO_LINE_TEXT | null;
  /** Whether there is one that could still be used. */
  papValid: boolean;
  /** That one, where it was asked for; null when there is none. */
  pap?: string | null;
  registered: boolean;
  /** What came of the last resync; null when there was none. */
  resync: ResyncResult | null;
}

/**
 * Everything that an administrator is shown of devices. `revealTo` is shown their PAPs as well, and
 * that is in the audit log before they are answered, one line for each PAP; null: they are not
 * shown, and nothing is written.
 */
export async function showDevices(
  context: ServiceContext,
  devices: readonly Device[],
  revealTo: Actor | null,
): Promise<DeviceDetails[]> {
  const now = context.clock.now();
  const { db } = context.store;
  const ids = devices.map((device) => device.id);
  const lines = await linesOfDevices(db, ids);
  const progresses = await findProgress(db, ids);
  const registrations = await liveRegistrations(db, ids, now);
  const registered = new Set(registrations.map((registration) => registration.deviceId));
  const resyncs = await findResyncResults(db, ids);
  const tenantIds = [...new Set(devices.flatMap((device) => device.tenantId ?? []))];
  const policies = await storedPolicies(db, tenantIds);
  const tenants = await tenantNames(db, tenantIds);
  const sites = await siteNames(db, [...new Set(devices.flatMap((device) => device.siteId ?? []))]);

  const details = devices.map((device): DeviceDetails => {
    const policy = completePolicy(policies.get(device.tenantId ?? '') ?? {});
    const own = lines.get(device.id) ?? [];
    const isLineMissing = lacksLine(
      device,
      own.map(({ id }) => id),
      now,
    );
    const authentication = presently(device.authentication, now);
    const displayText = displayTextOf(device, policy, now);
    const progress = progresses.get(device.id) ?? notBegun(device);
    const resync = resyncs.get(device.id) ?? null;
    return {
      device: {
        ...device,
        authentication,
        attention: device.attention ?? (isLineMissing ? 'no-line' : null),
      },
      lines: own,
      tenantName: tenants.get(device.tenantId ?? '') ?? null,
      siteName: sites.get(device.siteId ?? '') ?? null,
      progress,
      stuck: stuckAt(
        progress,
        circumstances(context, { ...device, authentication }, displayText, resync),
        now,
      ),
      displayText: displayText ?? (isLineMissing ? NO_LINE_TEXT : null),
      papValid: isPapValid(device.authentication, policy, now),
      ...(revealTo !== null && { pap: papOf(context, device, policy, now) }),
      registered: registered.has(device.id),
      resync,
    };
  });
  if (revealTo === null) return details;
  const revealed = details.filter(({ papValid }) => papValid);
  await recordEvents(
    db,
    revealed.map(({ device }) => deviceEvent(device, 'pap.revealed', revealTo, now)),
  );
  return details;
}

/** Shows one device. */
export async function showDevice(
  context: ServiceContext,
  device: Device,
  revealTo: Actor | null,
): Promise<DeviceDetails> {
  const [details] = await showDevices(context, [device], revealTo);
  if (details === undefined) throw new Error('One device makes one answer.');
  return details;
}

/** Of a device that was deleted since it was listed. */
function notBegun({ createdAt }: Device): Progress {
  const none = null;
  return {
    createdAt,
    contactedAt: none,
    minimalAt: none,
    registeredAt: none,
    calledAt: none,
    authenticatedAt: none,
    fullAt: none,
  };
}

function circumstances(
  { installation }: ServiceContext,
  { kind, attention, authentication }: Device,
  displayText: DisplayText | null,
  resync: ResyncResult | null,
): Circumstances {
  const { transport, port } = installation.sip;
  const { state, failedUntil, suspendedUntil, wrongInRow } = authentication;
  return {
    state,
    displayText,
    failedUntil,
    suspendedUntil,
    wrongInRow,
    asks: kind === 'unclaimed' ? 'code' : 'pap',
    isContested: attention === 'contested',
    provisioningUrl: installation.publicUrl,
    sipPort: `${transport.toUpperCase()} port ${port}`,
    resyncFailure: resync?.outcome === 'failed' ? (resync.failure ?? String(resync.status)) : null,
  };
}

function presently(authentication: Authentication, now: Date): Authentication {
  const suspendedUntil = isSuspended(authentication, now) ? authentication.suspendedUntil : null;
  return { ...lookAt(authentication, now), suspendedUntil };
}

function papOf(context: ServiceContext, device: Device, policy: Policy, now: Date): string | null {
  const { pap } = device.authentication;
  if (pap === null || !isPapValid(device.authentication, policy, now)) return null;
  return derivePap(context.masterKey, device.id, pap.serial, pap.digits);
}
