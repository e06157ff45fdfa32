import { isAccountName } from '../domain/account-name.js';
import { deriveHa1, deriveSipPassword, unseal } from '../domain/secrets.js';
import { isLive } from '../domain/token.js';
import type { Account, Ha1 } from '../contract/messages.js';
import { registrationsOf } from '../store/registrations.js';
import { findResync } from '../store/resyncs.js';
import { findToken } from '../store/tokens.js';
import type { ServiceContext } from './context.js';
import { lineOfDevice, readReference } from './resync/resync-outcome.js';
import type { Queryable } from '../store/store.js';
import { type Subscriber, findSubscriber } from '../store/subscribers.js';

/**
 * The SIP account that came with a token; null when there is none, or the token is no longer valid.
 * The state of the device does not matter.
 */
export async function findAccount(context: ServiceContext, user: string): Promise<Account | null> {
  if (!isAccountName(context.masterKey.accountNames, user)) return null;
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
 * What answers a phone that challenges our NOTIFY with a realm of its own. A phone whose token has
 * just been revoked is told of that by NOTIFY as long as it is registered, so it is answered too.
 */
export async function findHa1(context: ServiceContext, user: string, realm: string): Promise<Ha1 | null> {
  const { store, clock } = context;
  const token = await findToken(store.db, user);
  if (token === null) return null;
  const now = clock.now();
  if (!isLive(token, now)) {
    const registrations = await registrationsOf(store.db, user, now);
    if (registrations.length === 0) return null;
  }
  return ha1Of(context, user, realm);
}

/**
 * What answers a registrar that challenges our NOTIFY for a line: the line's own credentials, for
 * the realm of the challenge. Only while the NOTIFY is open, so that the SIP application can ask
 * for those of no other line; null else.
 */
export async function findLineHa1(
  context: ServiceContext,
  reference: string,
  realm: string,
): Promise<Ha1 | null> {
  const { store, masterKey } = context;
  const read = readReference(reference);
  if (read === null || read.lineId === null) return null;
  const resync = await findResync(store.db, read.id);
  if (resync === null || resync.deviceId !== read.deviceId || resync.sent === 0) return null;
  const line = await lineOfDevice(store.db, read.deviceId, read.lineId);
  if (line === null) return null;
  const password = unseal(masterKey, line.lineId, line.passwordSealed);
  return deriveHa1(line.authUser ?? line.sipUser, realm, password);
}

function ha1Of(context: ServiceContext, tokenId: string, realm: string): Ha1 {
  return deriveHa1(tokenId, realm, deriveSipPassword(context.masterKey, tokenId));
}

/** The subscriber with this SIP user name; null when it is unknown, revoked or lapsed. */
export async function findLiveSubscriber(db: Queryable, user: string, now: Date): Promise<Subscriber | null> {
  const subscriber = await findSubscriber(db, user);
  return subscriber !== null && isLive(subscriber.token, now) ? subscriber : null;
}
