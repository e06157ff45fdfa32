import { deriveHa1, deriveSipPassword } from '../domain/secrets.js';
import { isLive } from '../domain/token.js';
import type { Account, Ha1 } from '../internal/contract.js';
import { findRegistration } from '../store/registrations.js';
import { findToken } from '../store/tokens.js';
import type { ServiceContext } from './context.js';

/** The SIP account that came with a token; null when there is none, or it is nobody's any more. The state of the device does not matter. */
export async function findAccount(context: ServiceContext, user: string): Promise<Account | null> {
  const token = await findToken(context.store.db, user);
  if (token === null || !isLive(token, context.clock.now())) return null;
  return accountOf(context, token.id, token.deviceId);
}

/** The account of a token that is known to live. */
export function accountOf(context: ServiceContext, tokenId: string, deviceId: string): Account {
  const realm = context.installation.sip.domain;
  return { user: tokenId, realm, ha1: ha1Of(context, tokenId, realm), deviceId };
}

/**
 * What answers a phone that challenges our NOTIFY with a realm of its own. A phone whose token has just been revoked is told of that by NOTIFY
 * as long as it is registered, so it is answered too.
 */
export async function findHa1(context: ServiceContext, user: string, realm: string): Promise<Ha1 | null> {
  const { store, clock } = context;
  const token = await findToken(store.db, user);
  if (token === null) return null;
  const now = clock.now();
  if (!isLive(token, now)) {
    const registration = await findRegistration(store.db, user);
    if (registration === null || registration.expiresAt <= now) return null;
  }
  return ha1Of(context, user, realm);
}

function ha1Of(context: ServiceContext, tokenId: string, realm: string): Ha1 {
  return deriveHa1(tokenId, realm, deriveSipPassword(context.masterKey, tokenId));
}
