import { type Authentication, isPapValid, isSuspended, lookAt } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import { type DisplayText, NO_LINE_TEXT, displayTextOf, lacksLine } from '../../domain/display.js';
import { type Policy, completePolicy } from '../../domain/policy.js';
import { derivePap } from '../../domain/secrets.js';
import { lineIdsOfDevices } from '../../store/device-lines.js';
import { recordEvents } from '../../store/events.js';
import { liveRegistrations } from '../../store/registrations.js';
import { type ResyncResult, findResyncResults } from '../../store/resync-results.js';
import { storedPolicies } from '../../store/tenants.js';
import type { Actor, ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';

/** A device as an administrator is shown it. */
export interface DeviceDetails {
  /**
   * As it is now: a lock or a suspension that has lapsed is over, and `attention` is `no-line`
   * where there is nothing else to look at and its phone has proved itself for no line.
   */
  device: Device;
  lines: string[];
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
  const lines = await lineIdsOfDevices(db, ids);
  const registrations = await liveRegistrations(db, ids, now);
  const registered = new Set(registrations.map((registration) => registration.deviceId));
  const resyncs = await findResyncResults(db, ids);
  const policies = await storedPolicies(db, [...new Set(devices.flatMap((device) => device.tenantId ?? []))]);

  const details = devices.map((device): DeviceDetails => {
    const policy = completePolicy(policies.get(device.tenantId ?? '') ?? {});
    const own = lines.get(device.id) ?? [];
    const isLineMissing = lacksLine(device, own, now);
    return {
      device: {
        ...device,
        authentication: presently(device.authentication, now),
        attention: device.attention ?? (isLineMissing ? 'no-line' : null),
      },
      lines: own,
      displayText: displayTextOf(device, policy, now) ?? (isLineMissing ? NO_LINE_TEXT : null),
      papValid: isPapValid(device.authentication, policy, now),
      ...(revealTo !== null && { pap: papOf(context, device, policy, now) }),
      registered: registered.has(device.id),
      resync: resyncs.get(device.id) ?? null,
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

function presently(authentication: Authentication, now: Date): Authentication {
  const suspendedUntil = isSuspended(authentication, now) ? authentication.suspendedUntil : null;
  return { ...lookAt(authentication, now), suspendedUntil };
}

function papOf(context: ServiceContext, device: Device, policy: Policy, now: Date): string | null {
  const { pap } = device.authentication;
  if (pap === null || !isPapValid(device.authentication, policy, now)) return null;
  return derivePap(context.masterKey, device.id, pap.serial, pap.digits);
}
