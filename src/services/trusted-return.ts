import { succeed } from '../domain/authentication.js';
import type { Device } from '../domain/device.js';
import { type Token, isLive } from '../domain/token.js';
import { lockDevice, saveAuthentication } from '../store/devices.js';
import { recordEvents } from '../store/events.js';
import type { Queryable } from '../store/store.js';
import { findToken, moveToken } from '../store/tokens.js';
import { phoneAt } from './actors.js';
import type { ServiceContext } from './context.js';
import { deviceEvent } from './device-event.js';

/** Whether a fetch with this token proves something: see `proveToken`. */
export function isReturn(token: Pick<Token, 'state' | 'fullServedUnder' | 'lastUsedAt'>, now: Date): boolean {
  if (!isLive(token, now)) return false;
  return token.state === 'released' || (token.state === 'bootstrap' && token.fullServedUnder !== null);
}

/**
 * A phone came back with its token. A released one is proven thereby. So is one with which the full configuration went out under trust
 * (`markServedFull`): then the phone has shown that it, and not somebody else who asked for its MAC, got that configuration, and its device
 * is successful. Answers the token as it then is; null when there is none. Revoked meanwhile, it stays revoked.
 */
export async function proveToken(
  context: ServiceContext,
  tokenId: string,
  address: string | null,
): Promise<Token | null> {
  return context.store.transaction(async (transaction) => {
    const known = await findToken(transaction, tokenId);
    const device = known === null ? null : await lockDevice(transaction, { id: known.deviceId });
    const token = device === null ? null : await findToken(transaction, tokenId);
    const now = context.clock.now();
    if (device === null || token === null || !isReturn(token, now)) return token;
    await moveToken(transaction, tokenId, [token.state], 'proven', now);
    if (token.state === 'bootstrap') await succeedByTrust(transaction, device, token, address, now);
    return { ...token, state: 'proven', used: true, lastUsedAt: now };
  });
}

async function succeedByTrust(
  transaction: Queryable,
  device: Device,
  { fullServedUnder }: Token,
  address: string | null,
  now: Date,
): Promise<void> {
  if (fullServedUnder === null || device.authentication.state === 'successful') return;
  await saveAuthentication(transaction, device.id, succeed(device.authentication, fullServedUnder));
  await recordEvents(transaction, [
    deviceEvent(device, 'device.authenticated', phoneAt(address), now, { by: fullServedUnder }),
  ]);
}
