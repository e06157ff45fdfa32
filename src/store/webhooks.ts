import { sql } from 'kysely';
import type { EventType } from '../domain/events.js';
import type { TenantScope } from '../domain/role.js';
import { type Page, type PageQuery, readPage } from './page.js';
import { type RowLock, locking } from './row-lock.js';
import type { Queryable } from './store.js';

/** Who is told of events, by HTTP. Its secrets are sealed with its id. */
export interface Webhook {
  id: string;
  /** Whose events; null: all. */
  tenantId: string | null;
  url: string;
  types: EventType[];
  secretSealed: Uint8Array;
  /** Signs beside the other until `formerSecretUntil`. */
  formerSecretSealed: Uint8Array | null;
  formerSecretUntil: Date | null;
  keyVersion: number;
  /** Up to where in the sealed log deliveries have been made of it. */
  position: number;
  /** Since when every attempt has failed; null when the last one did not. */
  failingSince: Date | null;
  createdAt: Date;
}

/** With how many of its deliveries are not done. */
export interface CountedWebhook extends Webhook {
  pending: number;
  dead: number;
}

/** A webhook that no instance works on, and when the first of its deliveries is due. */
export type FreeWebhook = Pick<Webhook, 'id' | 'tenantId' | 'types' | 'position' | 'failingSince'> & {
  dueAt: Date | null;
};

/** Which instance works on a webhook. */
export interface Lease {
  webhookId: string;
  by: string;
}

const COLUMNS = [
  'id',
  'tenantId',
  'url',
  'types',
  'secretSealed',
  'formerSecretSealed',
  'formerSecretUntil',
  'keyVersion',
  'position',
  'failingSince',
  'createdAt',
] as const;

/** More deliveries are not counted one by one. */
const COUNTED = 10_000;

export async function insertWebhook(db: Queryable, webhook: Webhook): Promise<void> {
  await db
    .insertInto('webhooks')
    .values({ ...webhook, types: JSON.stringify(webhook.types) })
    .execute();
}

export async function countWebhooks(db: Queryable): Promise<number> {
  const { count } = await db
    .selectFrom('webhooks')
    .select(sql<number>`count(*)::integer`.as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

export async function findWebhook(db: Queryable, id: string, lock?: RowLock): Promise<Webhook | null> {
  const query = db.selectFrom('webhooks').select(COLUMNS).where('id', '=', id);
  const row = await locking(query, lock).executeTakeFirst();
  return row === undefined ? null : webhookFromRow(row);
}

export async function countDeliveriesOf(db: Queryable, webhook: Webhook): Promise<CountedWebhook> {
  const row = await counted(db).where('id', '=', webhook.id).executeTakeFirst();
  return { ...webhook, pending: row?.pending ?? 0, dead: row?.dead ?? 0 };
}

export async function listWebhooks(
  db: Queryable,
  { tenantId, scope }: { tenantId: string | null; scope: TenantScope },
  page: PageQuery,
): Promise<Page<CountedWebhook>> {
  let query = counted(db);
  if (tenantId !== null) query = query.where('tenantId', '=', tenantId);
  if (scope !== 'all') query = query.where('tenantId', 'in', [...scope]);
  return readPage(query, page, webhookFromRow);
}

const countOf = (state: 'pending' | 'dead') =>
  sql<number>`(select count(*)::integer from (
    select from webhook_deliveries where webhook_id = webhooks.id and state = ${state} limit ${COUNTED}
  ) as found)`;

function counted(db: Queryable) {
  return db
    .selectFrom('webhooks')
    .select(COLUMNS)
    .select([countOf('pending').as('pending'), countOf('dead').as('dead')]);
}

export async function updateWebhook(
  db: Queryable,
  {
    id,
    url,
    types,
    secretSealed,
    formerSecretSealed,
    formerSecretUntil,
    keyVersion,
  }: Omit<Webhook, 'position' | 'failingSince' | 'createdAt'>,
): Promise<void> {
  const secrets = { secretSealed, formerSecretSealed, formerSecretUntil, keyVersion };
  await db
    .updateTable('webhooks')
    .set({ url, types: JSON.stringify(types), ...secrets })
    .where('id', '=', id)
    .execute();
}

/** Answers the webhook that was deleted; null when there is none. */
export async function deleteWebhook(db: Queryable, id: string): Promise<Webhook | null> {
  const row = await db.deleteFrom('webhooks').where('id', '=', id).returning(COLUMNS).executeTakeFirst();
  return row === undefined ? null : webhookFromRow(row);
}

/** The webhooks that no instance works on, those first that have waited longest. */
export async function listFreeWebhooks(db: Queryable, now: Date): Promise<FreeWebhook[]> {
  const rows = await db
    .selectFrom('webhooks')
    .select(['id', 'tenantId', 'types', 'position', 'failingSince'])
    .select(
      sql<Date | null>`(
        select min(due_at) from webhook_deliveries where webhook_id = webhooks.id and state = 'pending'
      )`.as('dueAt'),
    )
    .where(isFree(now))
    .orderBy('dueAt', (order) => order.asc().nullsLast())
    .execute();
  return rows.map((row) => ({ ...row, position: Number(row.position) }));
}

/** Takes a webhook for an instance until a time. Answers false when another one was quicker. */
export async function leaseWebhook(
  db: Queryable,
  { webhookId, by }: Lease,
  until: Date,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('webhooks')
    .set({ leasedBy: by, leasedUntil: until })
    .where('id', '=', webhookId)
    .where(isFree(now))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function renewLease(db: Queryable, { webhookId, by }: Lease, until: Date): Promise<void> {
  await db
    .updateTable('webhooks')
    .set({ leasedUntil: until })
    .where('id', '=', webhookId)
    .where('leasedBy', '=', by)
    .execute();
}

export async function endLease(db: Queryable, { webhookId, by }: Lease): Promise<void> {
  await db
    .updateTable('webhooks')
    .set({ leasedBy: null, leasedUntil: null })
    .where('id', '=', webhookId)
    .where('leasedBy', '=', by)
    .execute();
}

/** The webhook that a lease is of, locked; null when it is another's by now, or deleted. */
export async function lockLeased(transaction: Queryable, { webhookId, by }: Lease): Promise<Webhook | null> {
  const row = await transaction
    .selectFrom('webhooks')
    .select(COLUMNS)
    .where('id', '=', webhookId)
    .where('leasedBy', '=', by)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? null : webhookFromRow(row);
}

export async function saveWebhookPosition(db: Queryable, id: string, position: number): Promise<void> {
  await db
    .updateTable('webhooks')
    .set({ position: String(position) })
    .where('id', '=', id)
    .execute();
}

export async function saveFailingSince(db: Queryable, id: string, since: Date | null): Promise<void> {
  await db.updateTable('webhooks').set({ failingSince: since }).where('id', '=', id).execute();
}

/** How many webhooks have failed since before a time. */
export async function countFailingWebhooks(db: Queryable, before: Date): Promise<number> {
  const { count } = await db
    .selectFrom('webhooks')
    .select(sql<number>`count(*)::integer`.as('count'))
    .where('failingSince', '<', before)
    .executeTakeFirstOrThrow();
  return count;
}

const isFree = (now: Date) => sql<boolean>`(leased_until is null or leased_until <= ${now}::timestamptz)`;

function webhookFromRow<Row extends { position: string | number }>(row: Row): Row & { position: number } {
  return { ...row, position: Number(row.position) };
}
