import { type Authentication, succeed } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import type { Token } from '../../domain/token.js';
import { saveAuthentication, saveWindow } from '../../store/devices.js';
import { deleteEntryLocks } from '../../store/entry-locks.js';
import { recordEvents } from '../../store/events.js';
import type { Queryable } from '../../store/store.js';
import { moveToken } from '../../store/tokens.js';
import { phoneAt } from '../audit/actors.js';
import { deviceEvent } from '../audit/device-event.js';

/**
 * Whether a full configuration went out with this bootstrap token under trust: then its coming back proves that the phone has it. While a policy
 * only observes, anybody is served; so the first phone to come back is the device's, and what others were served proves nothing any more.
 */
export function isTrustedReturn(
  { state, fullServedUnder }: Pick<Token, 'state' | 'fullServedUnder'>,
  authentication: Pick<Authentication, 'state'>,
): boolean {
  if (state !== 'bootstrap' || fullServedUnder === null) return false;
  return fullServedUnder !== 'observation' || authentication.state !== 'successful';
}

/**
 * A phone came back with its token: it, and not somebody else who asked for its MAC, has what went out with it. The token is proven, and where
 * a full configuration had gone out under trust, the device is successful. For a device that this transaction has locked; answers both as
 * they then are.
 */
export async function proveToken(
  transaction: Queryable,
  device: Device,
  token: Token,
  address: string | null,
  now: Date,
): Promise<{ device: Device; token: Token }> {
  await moveToken(transaction, token.id, [token.state], 'proven', now);
  const synced = await markSynced(transaction, device, now);
  return {
    device:
      token.state === 'bootstrap' ? await succeedByTrust(transaction, synced, token, address, now) : synced,
    token: { ...token, state: 'proven', used: true, lastUsedAt: now },
  };
}

/** The device has come within its window, if it has one; from now on it is judged by its silence. */
async function markSynced(transaction: Queryable, device: Device, now: Date): Promise<Device> {
  if (device.firstSyncedAt !== null) return device;
  const synced: Device = { ...device, firstSyncedAt: now };
  await saveWindow(transaction, device.id, synced);
  return synced;
}

async function succeedByTrust(
  transaction: Queryable,
  device: Device,
  { fullServedUnder }: Token,
  address: string | null,
  now: Date,
): Promise<Device> {
  if (fullServedUnder === null || device.authentication.state === 'successful') return device;
  const authentication = succeed(device.authentication, fullServedUnder);
  await saveAuthentication(transaction, device.id, authentication);
  await deleteEntryLocks(transaction, device.id);
  await recordEvents(transaction, [
    deviceEvent(device, 'device.authenticated', phoneAt(address), now, { by: fullServedUnder }),
  ]);
  return { ...device, authentication };
}
