import type { Selectable } from 'kysely';
import type { ProvingTrust } from '../domain/authentication.js';
import type { Token, TokenState } from '../domain/token.js';
import type { Database } from './schema.js';
import type { Queryable } from './store.js';

/**
 * What a `Token` is made of; in which order tokens registered is another matter (`findFirstPhone`).
 */
export type TokenRow = Omit<Selectable<Database['tokens']>, 'registration_order'>;

export const TOKEN_COLUMNS = [
  'tokens.id',
  'tokens.device_id',
  'tokens.state',
  'tokens.used',
  'tokens.issued_to',
  'tokens.last_fetch_address',
  'tokens.full_served_at',
  'tokens.full_served_under',
  'tokens.created_at',
  'tokens.last_used_at',
  'tokens.released_at',
  'tokens.key_version',
] as const;

export function tokenFromRow(row: TokenRow): Token {
  return {
    id: row.id,
    deviceId: row.device_id,
    state: row.state,
    used: row.used,
    issuedTo: row.issued_to,
    lastFetchAddress: row.last_fetch_address,
    fullServedAt: row.full_served_at,
    fullServedUnder: row.full_served_under,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    releasedAt: row.released_at,
    keyVersion: row.key_version,
  };
}

export async function insertToken(db: Queryable, token: Token): Promise<void> {
  await db
    .insertInto('tokens')
    .values({
      id: token.id,
      device_id: token.deviceId,
      state: token.state,
      used: token.used,
      issued_to: token.issuedTo,
      last_fetch_address: token.lastFetchAddress,
      full_served_at: token.fullServedAt,
      full_served_under: token.fullServedUnder,
      created_at: token.createdAt,
      last_used_at: token.lastUsedAt,
      released_at: token.releasedAt,
      key_version: token.keyVersion,
    })
    .execute();
}

export async function findToken(db: Queryable, id: string): Promise<Token | null> {
  const row = await db.selectFrom('tokens').select(TOKEN_COLUMNS).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : tokenFromRow(row);
}

export async function tokensOfDevice(db: Queryable, deviceId: string): Promise<Token[]> {
  const rows = await db
    .selectFrom('tokens')
    .select(TOKEN_COLUMNS)
    .where('device_id', '=', deviceId)
    .execute();
  return rows.map(tokenFromRow);
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
      ...(to === 'revoked' ? {} : { used: true, last_used_at: now }),
      ...(to === 'released' ? { released_at: now } : {}),
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
    .set({ state: 'bootstrap', released_at: null })
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
    .set({ state: 'bootstrap', full_served_under: null, last_used_at: now })
    .where('id', 'in', [...ids])
    .where('state', '=', 'proven')
    .execute();
}

/** Its phone has not the full configuration any more. */
export async function forgetServedFull(db: Queryable, id: string): Promise<void> {
  await db
    .updateTable('tokens')
    .set({ full_served_at: null, full_served_under: null })
    .where('id', '=', id)
    .execute();
}

/** Revokes all tokens of a device, or those named. */
export async function revokeTokens(db: Queryable, deviceId: string, ids?: readonly string[]): Promise<void> {
  await db
    .updateTable('tokens')
    .set({ state: 'revoked' })
    .where('device_id', '=', deviceId)
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
      last_used_at: now,
      ...(fetchAddress === undefined ? {} : { last_fetch_address: fetchAddress }),
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
    .set({ full_served_at: now, full_served_under: under })
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
    .select('device_id')
    .distinct()
    .where('device_id', 'in', [...deviceIds])
    .where('state', '<>', 'revoked')
    .where('full_served_at', 'is not', null)
    .execute();
  return new Set(rows.map((row) => row.device_id));
}
