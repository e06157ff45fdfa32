import { type Expression, type SqlBool, sql } from 'kysely';
import type { Mac } from '../domain/mac.js';
import type { NetworkKind, NetworkReason } from '../domain/network.js';
import { parsePrefix } from '../domain/prefix.js';
import { type Page, type PageQuery, readPage } from './page.js';
import type { Queryable } from './store.js';

/** A trusted public address or prefix of a tenant. */
export interface Network {
  id: string;
  tenantId: string;
  /** As `Prefix.text` spells it. */
  prefix: string;
  kind: NetworkKind;
  label: string | null;
  reason: NetworkReason;
  /** Who opened it: `phone`, or the name of an API key. */
  openedBy: string;
  /** The device whose success opened it; null: an administrator did. */
  openedFor: Mac | null;
  /** Since when it is trusted; a new success from there begins anew. */
  openedAt: Date;
  /** null: permanent. */
  expiresAt: Date | null;
  createdAt: Date;
}

/** A temporary network; only those expire. */
export type TemporaryNetwork = Network & { kind: 'temporary'; expiresAt: Date };

/** A network with the number of devices that it has let in. */
export type CountedNetwork = Network & { devices: number };

const COLUMNS = [
  'networks.id',
  'networks.tenantId',
  'networks.prefix',
  'networks.kind',
  'networks.label',
  'networks.reason',
  'networks.openedBy',
  'networks.openedFor',
  'networks.openedAt',
  'networks.expiresAt',
  'networks.createdAt',
] as const;

/** Adds a network. Answers false when the tenant has one of this prefix and kind. */
export async function insertNetwork(db: Queryable, network: Network): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('networks')
    .values(network)
    .onConflict((conflict) => conflict.columns(['tenantId', 'prefix', 'kind']).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

/**
 * Opens a temporary network, or begins the one that the tenant has of this prefix anew: never to
 * end earlier than it would have. Answers the network as it then is; its id tells which of the two
 * happened. Its row is held until the transaction ends.
 */
export async function openOrRenewNetwork(
  transaction: Queryable,
  network: TemporaryNetwork,
): Promise<Network> {
  const row = await transaction
    .insertInto('networks')
    .values(network)
    .onConflict((conflict) =>
      conflict.columns(['tenantId', 'prefix', 'kind']).doUpdateSet({
        reason: network.reason,
        openedBy: network.openedBy,
        openedFor: network.openedFor,
        openedAt: network.openedAt,
        expiresAt: sql<Date>`greatest(networks.expires_at, excluded.expires_at)`,
      }),
    )
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
  return networkFromRow(row);
}

/** A network that is trusted at `now`. */
export async function findNetwork(
  db: Queryable,
  tenantId: string,
  id: string,
  now: Date,
): Promise<CountedNetwork | null> {
  const row = await counted(db, now)
    .where('tenantId', '=', tenantId)
    .where('networks.id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : networkFromRow(row);
}

/** The networks of a tenant that are trusted at `now`. */
export async function listNetworks(
  db: Queryable,
  tenantId: string,
  page: PageQuery,
  now: Date,
): Promise<Page<CountedNetwork>> {
  return readPage(counted(db, now).where('tenantId', '=', tenantId), page, networkFromRow);
}

/** Whether a tenant has any network that is trusted at `now`. */
export async function hasNetworks(db: Queryable, tenantId: string, now: Date): Promise<boolean> {
  const row = await db
    .selectFrom('networks')
    .select('id')
    .where('tenantId', '=', tenantId)
    .where(isTrustedAt(now))
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

function counted(db: Queryable, now: Date) {
  return db
    .selectFrom('networks')
    .select(COLUMNS)
    .select(
      sql<number>`(select count(*)::integer from network_devices where network_id = networks.id)`.as(
        'devices',
      ),
    )
    .where(isTrustedAt(now));
}

function isTrustedAt(now: Date): Expression<SqlBool> {
  return sql<SqlBool>`(expires_at is null or expires_at > ${now}::timestamptz)`;
}

/** Deletes a network that is trusted at `now`. Answers it, null when there is none. */
export async function deleteNetwork(
  db: Queryable,
  tenantId: string,
  id: string,
  now: Date,
): Promise<Network | null> {
  const row = await db
    .deleteFrom('networks')
    .where('tenantId', '=', tenantId)
    .where('id', '=', id)
    .where(isTrustedAt(now))
    .returning(COLUMNS)
    .executeTakeFirst();
  return row === undefined ? null : networkFromRow(row);
}

/** Deletes the temporary network of this prefix if its time is over; answers it then. */
export async function deleteNetworkIfExpired(
  db: Queryable,
  tenantId: string,
  prefix: string,
  now: Date,
): Promise<Network | null> {
  const row = await db
    .deleteFrom('networks')
    .where('tenantId', '=', tenantId)
    .where('prefix', '=', prefix)
    .where('expiresAt', '<=', now)
    .returning(COLUMNS)
    .executeTakeFirst();
  return row === undefined ? null : networkFromRow(row);
}

/**
 * Deletes up to `limit` networks whose time is over and answers them; those that another instance
 * holds are left to it.
 */
export async function deleteExpiredNetworks(db: Queryable, now: Date, limit: number): Promise<Network[]> {
  const rows = await db
    .deleteFrom('networks')
    .where('id', 'in', (expression) =>
      expression
        .selectFrom('networks')
        .select('id')
        .where('expiresAt', '<=', now)
        .orderBy('expiresAt')
        .limit(limit)
        .forUpdate()
        .skipLocked(),
    )
    .returning(COLUMNS)
    .execute();
  return rows.map(networkFromRow);
}

function networkFromRow<Row extends { prefix: string }>(row: Row): Row {
  return { ...row, prefix: ourSpelling(row.prefix) };
}

/** The database writes `::1.2.3.4/128` where RFC 5952 and we write `::102:304/128`. */
export function ourSpelling(cidr: string): string {
  return parsePrefix(cidr)?.text ?? cidr;
}
