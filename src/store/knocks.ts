import { sql } from 'kysely';
import type { Mac } from '../domain/mac.js';
import { subscriberText } from '../domain/prefix.js';
import type { VendorId } from '../domain/vendor-id.js';
import type { Queryable } from './store.js';

/** Fetches for a MAC that no managed device has. */
export interface Knock {
  mac: Mac;
  /** The family whose file was asked for. */
  vendor: VendorId;
  /** Whence it came last, and what it called itself. */
  address: string | null;
  userAgent: string | null;
  times: number;
  firstAt: Date;
  lastAt: Date;
}

/**
 * MACs that are remembered; of those that the one who asked for most asked for, the longest silent
 * are forgotten first.
 */
export const MAX_KNOCKS = 1000;

/** Adds to what is remembered of MACs; answers those of which nothing was. */
export async function saveKnocks(db: Queryable, knocks: readonly Knock[]): Promise<Mac[]> {
  const noted = knocks.map((knock) => ({ ...knock, subscriber: subscriberText(knock.address) ?? '' }));
  // In one order, so that two instances that write at the same time do not wait for each other. A
  // row that was never updated has no xmax.
  const { rows } = await sql<{ mac: Mac; isNew: boolean }>`
    insert into knocks (mac, vendor, address, user_agent, times, first_at, last_at, subscriber)
    select "mac", "vendor", "address", "userAgent", "times", "firstAt", "lastAt", "subscriber"
    from jsonb_to_recordset(${JSON.stringify(noted)}::jsonb) as knock(
      "mac" text, "vendor" text, "address" text, "userAgent" text, "times" integer, "firstAt" timestamptz, "lastAt" timestamptz,
      "subscriber" text
    )
    order by "mac"
    on conflict (mac) do update set
      vendor = excluded.vendor, address = excluded.address, user_agent = excluded.user_agent,
      times = knocks.times + least(excluded.times, 2147483647 - knocks.times),
      last_at = greatest(knocks.last_at, excluded.last_at)
    returning mac, xmax = 0 as is_new`.execute(db);
  return rows.filter((row) => row.isNew).map((row) => row.mac);
}

/** Removes rows beyond the bound, and MACs that have become devices. */
export async function trimKnocks(db: Queryable): Promise<void> {
  await sql`
    delete from knocks where mac in (
        select mac from (
          select mac, last_at, row_number() over (partition by subscriber order by last_at desc, mac desc) as place from knocks
        ) placed
        order by place, last_at desc, mac desc offset ${MAX_KNOCKS}
      )
      or exists (select 1 from devices d where d.mac = knocks.mac and d.kind = 'managed')`.execute(db);
}

/** MACs that each of these subscribers was the first to ask for since then. */
export async function countNewKnocks(
  db: Queryable,
  subscribers: readonly string[],
  since: Date,
): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('knocks')
    .where('subscriber', 'in', [...subscribers])
    .where('firstAt', '>', since)
    .groupBy('subscriber')
    .select(['subscriber', sql<number>`count(*)::integer`.as('knocks')])
    .execute();
  return new Map(rows.map(({ subscriber, knocks }) => [subscriber, knocks]));
}

/** A place in the list, which has the latest knock first. */
export interface KnockPosition {
  lastAt: Date;
  mac: string;
}

/**
 * Unknown MACs that were asked for and were not created since, the latest first. What knocks
 * between two pages is on the first again.
 */
export async function listKnocks(
  db: Queryable,
  { limit, after }: { limit: number; after: KnockPosition | null },
): Promise<{ items: Knock[]; next: KnockPosition | null }> {
  let query = db
    .selectFrom('knocks')
    .select(['mac', 'vendor', 'address', 'userAgent', 'times', 'firstAt', 'lastAt'])
    .where(
      sql<boolean>`not exists (select 1 from devices d where d.mac = knocks.mac and d.kind = 'managed')`,
    );
  if (after !== null)
    query = query.where(sql<boolean>`(last_at, mac) < (${after.lastAt}::timestamptz, ${after.mac})`);
  const rows = await query
    .orderBy('lastAt', 'desc')
    .orderBy('mac', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit).map((row) => ({
    mac: row.mac,
    vendor: row.vendor,
    address: row.address,
    userAgent: row.userAgent,
    times: row.times,
    firstAt: row.firstAt,
    lastAt: row.lastAt,
  }));
  return { items, next: rows.length > limit ? (items.at(-1) ?? null) : null };
}
