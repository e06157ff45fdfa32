import { grantExpiry } from '../domain/registration.js';
import { addSeconds, secondsUntil } from '../domain/time.js';
import { isLive } from '../domain/token.js';
import type { Registration } from '../internal/contract.js';
import { deleteRegistration, findRegistration, saveRegistration } from '../store/registrations.js';
import { findToken, touchToken } from '../store/tokens.js';
import type { ServiceContext } from './context.js';

/** Phones register every few minutes; that they do needs not be written each time. */
const TOUCH_AFTER_SECONDS = 600;

/**
 * Remembers where an authenticated phone can be reached, in whatever state its device is, so that it can be told when that changes. Answers what
 * was granted, or null when the user has no account any more. A REGISTER that was overtaken by a newer one changes nothing.
 */
export async function register(
  context: ServiceContext,
  user: string,
  registration: Registration,
): Promise<{ expiresSeconds: number } | null> {
  const { db } = context.store;
  const now = context.clock.now();
  const token = await findToken(db, user);
  if (token === null || !isLive(token, now)) return null;

  const granted = grantExpiry(registration.expiresSeconds);
  const saved = await saveRegistration(db, {
    tokenId: token.id,
    deviceId: token.deviceId,
    contact: registration.contact,
    protocol: registration.source.protocol,
    sourceAddress: registration.source.address,
    sourcePort: registration.source.port,
    callId: registration.callId,
    cseq: registration.cseq,
    userAgent: registration.userAgent,
    registeredAt: now,
    expiresAt: addSeconds(now, granted),
  });
  if (!token.used || addSeconds(token.lastUsedAt, TOUCH_AFTER_SECONDS) <= now)
    await touchToken(db, token.id, now);
  if (saved) return { expiresSeconds: granted };
  const newer = await findRegistration(db, user);
  return { expiresSeconds: newer === null ? 0 : secondsUntil(newer.expiresAt, now) };
}

/** Forgets where a phone can be reached: its connection is gone, or it said so. */
export async function unregister(context: ServiceContext, user: string): Promise<void> {
  await deleteRegistration(context.store.db, user);
}
