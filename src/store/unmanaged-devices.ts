import { sql } from 'kysely';
import type { Device } from '../domain/device.js';
import type { Mac } from '../domain/mac.js';
import type { Token } from '../domain/token.js';
import { DEVICE_COLUMNS, deviceFromRow, findDevice, insertDevice } from './devices.js';
import type { Queryable } from './store.js';
import { findToken, insertToken } from './tokens.js';

/** Decoys that exist at a time, and unclaimed devices without a tenant. */
export const MAX_DECOYS = 1000;
export const MAX_UNCLAIMED = 10_000;

/**
 * Kept free beneath the bound, for those that others make while one makes room; and taken away beyond that, so that not every new one has to
 * look for the longest unused.
 */
const ROOM = 32;

/** The advisory lock of whoever makes room. */
const MAKING_ROOM = 0x6463_6f79;

/**
 * Makes room for one more decoy. Those go first that nobody ever came back to, then those that nobody guessed at; of these, the longest unused:
 * to get rid of a lock, somebody would have to lock a thousand others. One transaction at a time; the others need not wait for it.
 */
export async function makeRoomForDecoy(transaction: Queryable): Promise<void> {
  if ((await countDecoys(transaction)) < MAX_DECOYS - ROOM) return;
  const { rows } = await sql<{
    mine: boolean;
  }>`select pg_try_advisory_xact_lock(${MAKING_ROOM}) as mine`.execute(transaction);
  if (rows[0]?.mine !== true) return;
  const excess = (await countDecoys(transaction)) - (MAX_DECOYS - 2 * ROOM);
  if (excess > 0) await dropDecoys(transaction, excess);
}

async function countDecoys(db: Queryable): Promise<number> {
  const { decoys } = await db
    .selectFrom('devices')
    .where('kind', '=', 'decoy')
    .select(sql<number>`count(*)::integer`.as('decoys'))
    .executeTakeFirstOrThrow();
  return decoys;
}

/** Deletes up to `limit` decoys in the order of `makeRoomForDecoy`. Answers how many there were. */
export async function dropDecoys(db: Queryable, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from devices where id in (
      select d.id from devices d
      where d.kind = 'decoy'
      order by (d.state <> 'needed' or d.wrong_in_row > 0 or d.lockouts > 0),
        exists (select 1 from tokens k where k.device_id = d.id and k.used),
        coalesce(d.last_seen_at, d.created_at), d.id
      limit ${limit} for update skip locked
    )`.execute(db);
  return Number(numAffectedRows ?? 0);
}

/** A MAC becomes somebody's: a decoy that has it makes way, with all that came of it. */
export async function deleteDecoy(transaction: Queryable, mac: Mac): Promise<void> {
  await transaction.deleteFrom('devices').where('mac', '=', mac).where('kind', '=', 'decoy').execute();
}

/**
 * Puts back a decoy that has made room for others, with the token that proves that there was one. Does nothing where it is back already, or the
 * MAC has become somebody's.
 */
export async function restoreDecoy(db: Queryable, device: Device, token: Token): Promise<void> {
  const isNew = await insertDevice(db, device);
  if (!isNew && (await findDevice(db, device.id)) === null) return;
  if ((await findToken(db, token.id)) === null) await insertToken(db, token);
}

/** Whether one more phone that nobody knows may be given a device that waits for a claim. */
export async function hasRoomForUnclaimed(db: Queryable): Promise<boolean> {
  const last = await db
    .selectFrom('devices')
    .select('id')
    .where('kind', '=', 'unclaimed')
    .where('tenant_id', 'is', null)
    .offset(MAX_UNCLAIMED - 1)
    .limit(1)
    .executeTakeFirst();
  return last === undefined;
}

/** Deletes up to `limit` unclaimed devices without a tenant that no phone has fetched, registered or called with since; answers them. */
export async function deleteUnusedUnclaimed(
  transaction: Queryable,
  usedUntil: Date,
  limit: number,
): Promise<Device[]> {
  const rows = await transaction
    .deleteFrom('devices')
    .where('id', 'in', (deleted) =>
      deleted
        .selectFrom('devices')
        .select('id')
        .where('kind', '=', 'unclaimed')
        .where('tenant_id', 'is', null)
        .where(sql`coalesce(last_seen_at, created_at)`, '<=', usedUntil)
        .where(
          sql<boolean>`not exists (select 1 from tokens k where k.device_id = devices.id and k.last_used_at > ${usedUntil})`,
        )
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning(DEVICE_COLUMNS)
    .execute();
  return rows.map(deviceFromRow);
}
