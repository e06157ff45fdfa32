import { succeed } from '../../domain/authentication.js';
import type { Device } from '../../domain/device.js';
import { isClaimable } from '../../domain/line-code.js';
import { deriveCodeLookup } from '../../domain/secrets.js';
import type { Token } from '../../domain/token.js';
import { openWindow } from '../../domain/window.js';
import { saveOwner } from '../../store/device-changes.js';
import { appendDeviceLine } from '../../store/device-lines.js';
import { saveAuthentication, saveWindow } from '../../store/devices.js';
import { recordEvents } from '../../store/events.js';
import { type Line, lockLineByCode, markCodeUsed } from '../../store/lines.js';
import type { Queryable } from '../../store/store.js';
import { findPolicy } from '../../store/tenants.js';
import { moveToken } from '../../store/tokens.js';
import type { Actor, ServiceContext } from '../context.js';
import { deviceEvent } from '../audit/device-event.js';
import { openNetwork } from '../networks/open-network.js';
import { requestResync } from '../resync/resyncs.js';

export type CodeMatch = { kind: 'line'; line: Line } | { kind: 'other-tenant' } | { kind: 'none' };

/**
 * The line whose code an unclaimed phone dialled. Its row is held until the transaction ends, so
 * that a code for one use goes to one phone; a code that is disabled or used up finds no line. The
 * tenant of a device never changes (Wazo, "Tenant assignation"): one that has a tenant already
 * takes lines of its own only.
 */
export async function matchCode(
  { masterKey }: Pick<ServiceContext, 'masterKey'>,
  transaction: Queryable,
  device: Device,
  digits: string,
): Promise<CodeMatch> {
  const line = await lockLineByCode(transaction, deriveCodeLookup(masterKey, digits));
  if (line === null || !isClaimable(line)) return { kind: 'none' };
  const isOwn = device.tenantId === null || device.tenantId === line.tenantId;
  return isOwn ? { kind: 'line', line } : { kind: 'other-tenant' };
}

export interface Claim {
  /** Locked by this transaction. */
  device: Device;
  /** As `matchCode` answered it in this transaction. */
  line: Line;
  /** With which its phone calls. */
  token: Token;
  callId: string;
  caller: Actor;
}

/**
 * Gives an unclaimed device the line whose code it dialled. Wazo: "When a device is provisioned, it
 * is transferred to the tenant of the line to which it is being associated." The full configuration
 * goes to the phone that made the call, after the call. Answers the device as it then is.
 */
export async function giveLine(
  transaction: Queryable,
  { device, line, token, callId, caller }: Claim,
  now: Date,
): Promise<Device> {
  const policy = await findPolicy(transaction, line.tenantId);
  const claimed: Device = {
    ...device,
    kind: 'managed',
    tenantId: line.tenantId,
    authentication: succeed(device.authentication, 'code'),
    ...openWindow(policy, now),
  };
  await saveOwner(transaction, claimed);
  await saveAuthentication(transaction, device.id, claimed.authentication, now);
  await saveWindow(transaction, device.id, claimed);
  await appendDeviceLine(transaction, device.id, line.id);
  if (line.codeUse === 'once') await markCodeUsed(transaction, line.id, now);
  await recordEvents(transaction, [
    deviceEvent(claimed, 'code.accepted', caller, now, { line: line.id }),
    deviceEvent(claimed, 'device.authenticated', caller, now, { by: 'code' }),
  ]);
  await moveToken(transaction, token.id, ['bootstrap'], 'released', now);
  await requestResync(
    transaction,
    { deviceId: device.id, tokenId: token.id, callId, reason: 'claimed' },
    now,
  );
  await openNetwork(transaction, { device: claimed, token, policy, by: 'code' }, now);
  return claimed;
}
