import type { Selectable } from 'kysely';
import type { ProvingTrust } from '../domain/authentication.js';
import type { Token, TokenState } from '../domain/token.js';
import type { Database } from './schema.js';
import type { Queryable } from './store.js';

/**
 * What a `Token` is made of; in which order tokens registered is another matter (`findFirstPhone`).
 */
export type TokenRow = Omit<Selectable<Database['tokens']>, 'registrationOrder'>;

export const TOKEN_COLUMNS = [
  'tokens.id',
  'tokens.deviceId',
  'tokens.state',
  'tokens.used',
  'tokens.issuedTo',
  'tokens.lastFetchAddress',
  'tokens.fullServedAt',
  'tokens.fullServedUnder',
  'tokens.createdAt',
  'tokens.lastUsedAt',
  'tokens.releasedAt',
  'tokens.keyVersion',
] as const;

export async function insertToken(db: Queryable, token: Token): Promise<void> {
  await db.insertInto('tokens').values(token).execute();
}

export async function findToken(db: Queryable, id: string): Promise<Token | null> {
  const row = await db.selectFrom('tokens').select(TOKEN_COLUMNS).where('id', '=', id).executeTakeFirst();
  return row ?? null;
}

export async function tokensOfDevice(db: Queryable, deviceId: string): Promise<Token[]> {
  return db.selectFrom('tokens').select(TOKEN_COLUMNS).where('deviceId', '=', deviceId).execute();
}

/**
 * Moves a token on, but only from one of the states given: a revocation meanwhile wins.
 * Answers whether it moved. Coming to `released` or `proven` counts as use.
 */
export async function moveToken(
  db: Queryable,
  id: string,
  from: readonly TokenState[],
  to: Exclude<TokenState, 'bootstrap'>,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('tokens')
    .set({
      state: to,
      ...(to === 'revoked' ? {} : { used: true, lastUsedAt: now }),
      ...(to === 'released' ? { releasedAt: now } : {}),
    })
    .where('id', '=', id)
    .where('state', 'in', [...from])
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** What was released is not any more: who holds these tokens has proved nothing. */
export async function takeBackReleases(db: Queryable, ids: readonly string[]): Promise<void> {
  await db
    .updateTable('tokens')
    .set({ state: 'bootstrap', releasedAt: null })
    .where('id', 'in', [...ids])
    .where('state', '=', 'released')
    .execute();
}

/**
 * What trust alone had proved counts no more: who holds these tokens has proved nothing. They were
 * used at `now`, so that they do not lapse at once.
 */
export async function takeBackProofs(db: Queryable, ids: readonly string[], now: Date): Promise<void> {
  await db
    .updateTable('tokens')
    .set({ state: 'bootstrap', fullServedUnder: null, lastUsedAt: now })
    .where('id', 'in', [...ids])
    .where('state', '=', 'proven')
    .execute();
}

/** Its phone has not the full configuration any more. */
export async function forgetServedFull(db: Queryable, id: string): Promise<void> {
  await db
    .updateTable('tokens')
    .set({ fullServedAt: null, fullServedUnder: null })
    .where('id', '=', id)
    .execute();
}

/** Revokes all tokens of a device, or those named. */
export async function revokeTokens(db: Queryable, deviceId: string, ids?: readonly string[]): Promise<void> {
  await db
    .updateTable('tokens')
    .set({ state: 'revoked' })
    .where('deviceId', '=', deviceId)
    .$if(ids !== undefined, (query) => query.where('id', 'in', [...(ids ?? [])]))
    .execute();
}

export async function deleteTokens(db: Queryable, ids: readonly string[]): Promise<void> {
  await db
    .deleteFrom('tokens')
    .where('id', 'in', [...ids])
    .execute();
}

/**
 * A phone came back with its token: by a fetch (then its address is remembered), a registration or
 * a call. A proven token is not touched: it never lapses, and its silence (policy
 * `inactiveSeconds`) ends by nothing but a configuration fetch, which judges it first.
 */
export async function touchToken(
  db: Queryable,
  id: string,
  now: Date,
  fetchAddress?: string | null,
): Promise<void> {
  await db
    .updateTable('tokens')
    .set({
      used: true,
      lastUsedAt: now,
      ...(fetchAddress === undefined ? {} : { lastFetchAddress: fetchAddress }),
    })
    .where('id', '=', id)
    .where('state', '<>', 'proven')
    .execute();
}

/**
 * Remembers that the full configuration went out with this token, and under which trust; null: none
 * was needed.
 */
export async function markServedFull(
  db: Queryable,
  id: string,
  under: ProvingTrust | null,
  now: Date,
): Promise<void> {
  await db
    .updateTable('tokens')
    .set({ fullServedAt: now, fullServedUnder: under })
    .where('id', '=', id)
    .execute();
}

/**
 * Which of the devices have a phone that was served its full configuration, and may have it still.
 */
export async function devicesServedFull(db: Queryable, deviceIds: readonly string[]): Promise<Set<string>> {
  if (deviceIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('tokens')
    .select('deviceId')
    .distinct()
    .where('deviceId', 'in', [...deviceIds])
    .where('state', '<>', 'revoked')
    .where('fullServedAt', 'is not', null)
    .execute();
  return new Set(rows.map((row) => row.deviceId));
}
