import { sql } from 'kysely';
import type { Device } from '../domain/device.js';
import type { Mac } from '../domain/mac.js';
import { subscriberText } from '../domain/prefix.js';
import { addSeconds } from '../domain/time.js';
import { REGISTRATION_GRACE_SECONDS } from '../domain/token-places.js';
import type { Token } from '../domain/token.js';
import { DEVICE_COLUMNS, deviceFromRow, findDevice, insertDevice } from './devices.js';
import type { Queryable } from './store.js';
import { findToken, insertToken } from './tokens.js';

/** Decoys that exist at a time, and unclaimed devices without a tenant. */
export const MAX_DECOYS = 1000;
export const MAX_UNCLAIMED = 10_000;

/**
 * Kept free beneath the bound, for those that others make while one makes room; and taken away
 * beyond that, so that not every new one has to look for the longest unused.
 */
const ROOM = 32;

/** The advisory lock of the transaction that makes room. */
const MAKING_ROOM = 0x6463_6f79;

/**
 * Makes room for one more decoy. First are evicted those whose token was never used, then those at
 * which no PAP was guessed; of these, those of the subscriber that asked for most, the longest
 * unused first: to get rid of a lock, an attacker would have to lock a thousand others. One
 * transaction at a time; the others need not wait for it.
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
  const { rows } = await sql<{ id: string }>`
    with decoys as (
      select d.id, coalesce(d.last_seen_at, d.created_at) as seen_at, coalesce(o.subscriber, '') as subscriber,
        (d.state <> 'needed' or d.wrong_in_row > 0 or d.lockouts > 0) as is_guessed_at,
        exists (select 1 from tokens k where k.device_id = d.id and k.used) as is_used
      from devices d left join unmanaged_origins o on o.device_id = d.id
      where d.kind = 'decoy'
    )
    select id from decoys
    order by is_guessed_at, is_used,
      row_number() over (partition by is_guessed_at, is_used, subscriber order by seen_at desc, id desc) desc, seen_at, id
    limit ${limit}`.execute(db);
  return (await endDevices(db, rows)).length;
}

/** A device is created: a decoy with its MAC is deleted with everything that refers to it. */
export async function deleteDecoy(transaction: Queryable, mac: Mac): Promise<void> {
  await transaction.deleteFrom('devices').where('mac', '=', mac).where('kind', '=', 'decoy').execute();
}

/**
 * Puts back a decoy that has made room for others, with the token that proves that there was one.
 * Does nothing where it is back already, or the MAC has become a device's.
 */
export async function restoreDecoy(db: Queryable, device: Device, token: Token): Promise<void> {
  const isNew = await insertDevice(db, device);
  if (!isNew && (await findDevice(db, device.id)) === null) return;
  const subscriber = subscriberText(token.issuedTo) ?? '';
  await saveOrigin(db, { deviceId: device.id, subscriber, isTold: false });
  if ((await findToken(db, token.id)) === null) await insertToken(db, token);
}

/** Registered phones of one subscriber that no flood pushes out: a large site. */
const REGISTERED_SHARE = 250;

/** So many phones of one subscriber are waited for before they have registered, and for so long. */
const SETTLING_SHARE = 8;
const SETTLING_SECONDS = 120;

/** The advisory lock of who makes room for unclaimed devices. */
const MAKING_ROOM_FOR_UNCLAIMED = 0x756e_636c;

/**
 * Makes room for one more unknown phone; answers the devices that were evicted, and whether there
 * is room. When all places are taken, those go first whose phone is not registered, of the
 * subscriber that has most of them, the longest unused first; then the latest registered of a
 * subscriber that has more than a large site would; and last, one by one, those that may be about
 * to register.
 */
export async function makeRoomForUnclaimed(
  transaction: Queryable,
  now: Date,
): Promise<{ hasRoom: boolean; dropped: EndedDevice[] }> {
  if (await hasRoomForUnclaimed(transaction)) return { hasRoom: true, dropped: [] };
  const { rows } = await sql<{
    mine: boolean;
  }>`select pg_try_advisory_xact_lock(${MAKING_ROOM_FOR_UNCLAIMED}) as mine`.execute(transaction);
  // Who makes room already makes enough for both.
  if (rows[0]?.mine !== true) return { hasRoom: true, dropped: [] };
  const candidates = await dispensableUnclaimed(transaction, now);
  const [first] = candidates;
  if (first === undefined) return { hasRoom: false, dropped: [] };
  const alike = candidates.filter(({ worth }) => worth === first.worth);
  const dropped = await endDevices(transaction, first.worth === 'settling' ? [first] : alike);
  return { hasRoom: dropped.length > 0, dropped };
}

interface Dispensable {
  id: string;
  worth: 'unregistered' | 'crowd' | 'settling';
}

/** The first is dispensed with first. */
async function dispensableUnclaimed(transaction: Queryable, now: Date): Promise<Dispensable[]> {
  const { rows } = await sql<Dispensable>`
    with unclaimed as (
      select d.id, coalesce(d.last_seen_at, d.created_at) as seen_at, d.created_at, coalesce(o.subscriber, '') as subscriber,
        exists (
          select from registrations r
          where r.device_id = d.id and r.expires_at > ${addSeconds(now, -REGISTRATION_GRACE_SECONDS)}
        ) as is_registered
      from devices d left join unmanaged_origins o on o.device_id = d.id
      where d.kind = 'unclaimed' and d.tenant_id is null
    ), placed as (
      select *, row_number() over (
        partition by is_registered, subscriber
        order by case when is_registered then created_at end, seen_at desc, id desc
      ) as place
      from unclaimed
    ), judged as (
      select id, place, seen_at, case
        when is_registered then case when place > ${REGISTERED_SHARE} then 'crowd' end
        when place <= ${SETTLING_SHARE} and seen_at > ${addSeconds(now, -SETTLING_SECONDS)} then 'settling'
        else 'unregistered'
      end as worth
      from placed
    )
    select id, worth from judged where worth is not null
    order by array_position(array['unregistered', 'crowd', 'settling'], worth), place desc, seen_at, id
    limit ${2 * ROOM}`.execute(transaction);
  return rows;
}

/** Whether one more unknown phone may be given an unclaimed device. */
async function hasRoomForUnclaimed(db: Queryable): Promise<boolean> {
  const last = await db
    .selectFrom('devices')
    .select('id')
    .where('kind', '=', 'unclaimed')
    .where('tenantId', 'is', null)
    .offset(MAX_UNCLAIMED - 1)
    .limit(1)
    .executeTakeFirst();
  return last === undefined;
}

/** An unclaimed device that was deleted, and whether the audit log has a line about its making. */
export interface EndedDevice {
  device: Device;
  isTold: boolean;
}

/**
 * Deletes up to `limit` unclaimed devices without a tenant that no phone has fetched, registered or
 * called with since; answers them.
 */
export async function deleteUnusedUnclaimed(
  transaction: Queryable,
  usedUntil: Date,
  limit: number,
): Promise<EndedDevice[]> {
  const unused = await transaction
    .selectFrom('devices')
    .select('id')
    .where('kind', '=', 'unclaimed')
    .where('tenantId', 'is', null)
    .where(sql`coalesce(last_seen_at, created_at)`, '<=', usedUntil)
    .where(
      sql<boolean>`not exists (select 1 from tokens k where k.device_id = devices.id and k.last_used_at > ${usedUntil})`,
    )
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  return endDevices(transaction, unused);
}

/** Those that another transaction holds are left to it. */
async function endDevices(db: Queryable, ended: readonly { id: string }[]): Promise<EndedDevice[]> {
  if (ended.length === 0) return [];
  const ids = JSON.stringify(ended.map(({ id }) => id));
  const rows = await db
    .with(
      (name) => name('free').materialized(),
      (query) =>
        query
          .selectFrom('devices')
          .select('id')
          .where('id', 'in', sql<string>`(select value::uuid from jsonb_array_elements_text(${ids}::jsonb))`)
          .where('kind', '<>', 'managed')
          .forUpdate()
          .skipLocked(),
    )
    .deleteFrom('devices')
    .where('id', 'in', (query) => query.selectFrom('free').select('id'))
    .returning(DEVICE_COLUMNS)
    .returning(
      sql<boolean>`coalesce((select told from unmanaged_origins o where o.device_id = devices.id), true)`.as(
        'isTold',
      ),
    )
    .execute();
  return rows.map((row) => ({ device: deviceFromRow(row), isTold: row.isTold }));
}

/**
 * Stores which subscriber first asked for an unknown MAC, and whether that is in the audit log.
 */
export async function saveOrigin(
  transaction: Queryable,
  origin: { deviceId: string; subscriber: string; isTold: boolean },
): Promise<void> {
  await transaction
    .insertInto('unmanagedOrigins')
    .values({ deviceId: origin.deviceId, subscriber: origin.subscriber, told: origin.isTold })
    .onConflict((conflict) => conflict.column('deviceId').doNothing())
    .execute();
}

/**
 * Devices of which a subscriber was the first to ask since then, and that the audit log tells of.
 */
export async function countToldOrigins(db: Queryable, subscriber: string, since: Date): Promise<number> {
  const { told } = await db
    .selectFrom('unmanagedOrigins')
    .innerJoin('devices', 'devices.id', 'unmanagedOrigins.deviceId')
    .where('subscriber', '=', subscriber)
    .where('told', '=', true)
    .where('devices.createdAt', '>', since)
    .select(sql<number>`count(*)::integer`.as('told'))
    .executeTakeFirstOrThrow();
  return told;
}
