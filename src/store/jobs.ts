import { type Selectable, sql } from 'kysely';
import type { Mac } from '../domain/mac.js';
import type { TenantScope } from '../domain/role.js';
import type { JobItemTable, JobState, JobTable } from './job-tables.js';
import { type Page, type PageQuery, jsonText } from './page.js';
import type { Queryable } from './store.js';

export type Job = Selectable<JobTable>;
export type JobItem = Selectable<JobItemTable>;
/** A job that is to be begun; nothing of it has been done. */
export type NewJob = Omit<Job, 'state' | 'done' | 'failed' | 'batches' | 'endedAt'>;

const JOB_COLUMNS = [
  'id',
  'action',
  'parameters',
  'actor',
  'address',
  'tenantIds',
  'state',
  'total',
  'done',
  'failed',
  'batches',
  'createdAt',
  'endedAt',
] as const;

export async function insertJob(transaction: Queryable, job: NewJob): Promise<void> {
  await transaction
    .insertInto('jobs')
    .values({
      ...job,
      parameters: JSON.stringify(job.parameters),
      tenantIds: jsonText(job.tenantIds),
      state: 'running',
      done: 0,
      failed: 0,
      batches: 0,
    })
    .execute();
}

/** Jobs that run: of this actor, and in all. */
export async function countRunningJobs(
  db: Queryable,
  actor: string,
): Promise<{ ofActor: number; total: number }> {
  return db
    .selectFrom('jobs')
    .select([
      sql<number>`(count(*) filter (where actor = ${actor}))::integer`.as('ofActor'),
      sql<number>`count(*)::integer`.as('total'),
    ])
    .where('state', '=', 'running')
    .executeTakeFirstOrThrow();
}

/** Makes an item of each MAC. Answers how many. */
export async function addMacs(transaction: Queryable, jobId: string, macs: readonly Mac[]): Promise<number> {
  if (macs.length === 0) return 0;
  const { numAffectedRows } = await sql`
    insert into job_items (job_id, place, mac)
    select ${jobId}::uuid, place, mac
    from jsonb_array_elements_text(${JSON.stringify(macs)}::jsonb) with ordinality as given(mac, place)`.execute(
    transaction,
  );
  return Number(numAffectedRows ?? 0n);
}

export async function setTotal(transaction: Queryable, jobId: string, total: number): Promise<void> {
  await transaction.updateTable('jobs').set({ total }).where('id', '=', jobId).execute();
}

export async function setFile(
  transaction: Queryable,
  file: { jobId: string; sealed: Uint8Array; keyVersion: number },
): Promise<void> {
  await transaction.insertInto('jobFiles').values(file).execute();
}

/** The sealed file of a job; null once it is over. */
export async function findFile(db: Queryable, jobId: string): Promise<Uint8Array | null> {
  const row = await db.selectFrom('jobFiles').select('sealed').where('jobId', '=', jobId).executeTakeFirst();
  return row?.sealed ?? null;
}

export async function countFiles(db: Queryable): Promise<number> {
  const row = await db
    .selectFrom('jobFiles')
    .select(sql<number>`count(*)::integer`.as('count'))
    .executeTakeFirstOrThrow();
  return row.count;
}

/** A job whose tenants are all among these. */
export async function findJob(db: Queryable, id: string, scope: TenantScope): Promise<Job | null> {
  const row = await visibleJobs(db, scope).where('id', '=', id).executeTakeFirst();
  return row ?? null;
}

/** The newest first. */
export async function listJobs(
  db: Queryable,
  scope: TenantScope,
  { limit, after }: PageQuery,
): Promise<Page<Job>> {
  let query = visibleJobs(db, scope);
  if (after !== null)
    query = query.where(
      sql<boolean>`(created_at, id) < (${after.createdAt}::timestamptz, ${after.id}::uuid)`,
    );
  const rows = await query
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, next: last === undefined ? null : { createdAt: last.createdAt, id: last.id } };
}

function visibleJobs(db: Queryable, scope: TenantScope) {
  const query = db.selectFrom('jobs').select(JOB_COLUMNS);
  return scope === 'all' ? query : query.where(sql<boolean>`tenant_ids <@ ${JSON.stringify(scope)}::jsonb`);
}

/** The items of a job that are over, in its order. */
export async function listClosedItems(db: Queryable, jobId: string): Promise<JobItem[]> {
  return db
    .selectFrom('jobItems')
    .selectAll()
    .where('jobId', '=', jobId)
    .where('ok', 'is not', null)
    .orderBy('place')
    .execute();
}

/** The jobs that run, the oldest first. */
export async function listRunningJobs(db: Queryable): Promise<Pick<Job, 'id' | 'action'>[]> {
  return db
    .selectFrom('jobs')
    .select(['id', 'action'])
    .where('state', '=', 'running')
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
}

/**
 * A running job, its row locked until the transaction ends: a job is worked at in one place at a
 * time, and is not cancelled meanwhile. null where another instance has it, or it runs no more.
 */
export async function takeJob(transaction: Queryable, id: string): Promise<Job | null> {
  const row = await transaction
    .selectFrom('jobs')
    .select(JOB_COLUMNS)
    .where('id', '=', id)
    .where('state', '=', 'running')
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
  return row ?? null;
}

export async function nextOpenItem(
  transaction: Queryable,
  jobId: string,
): Promise<Pick<JobItem, 'place' | 'mac'> | null> {
  const row = await transaction
    .selectFrom('jobItems')
    .select(['place', 'mac'])
    .where('jobId', '=', jobId)
    .where('ok', 'is', null)
    .orderBy('place')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** Writes what came of an item; null: it went well. */
export async function closeItem(
  transaction: Queryable,
  { jobId, place, error }: Pick<JobItem, 'jobId' | 'place' | 'error'>,
): Promise<void> {
  await transaction
    .updateTable('jobItems')
    .set({ ok: error === null, error })
    .where('jobId', '=', jobId)
    .where('place', '=', place)
    .execute();
  await countItems(transaction, jobId, error === null ? { done: 1, failed: 0 } : { done: 0, failed: 1 });
}

export async function countItems(
  transaction: Queryable,
  jobId: string,
  { done, failed }: { done: number; failed: number },
): Promise<void> {
  await transaction
    .updateTable('jobs')
    .set((job) => ({ done: job('done', '+', done), failed: job('failed', '+', failed) }))
    .where('id', '=', jobId)
    .execute();
}

/** Writes what came of a batch of a file, and that it is done. */
export async function closeBatch(
  transaction: Queryable,
  jobId: string,
  results: readonly Pick<JobItem, 'place' | 'mac' | 'ok' | 'detail'>[],
  counted: { done: number; failed: number },
): Promise<void> {
  if (results.length > 0) {
    await sql`
      insert into job_items (job_id, place, mac, ok, detail)
      select ${jobId}::uuid, place, mac, ok, detail
      from jsonb_to_recordset(${JSON.stringify(results)}::jsonb)
        as result(place integer, mac text, ok boolean, detail jsonb)`.execute(transaction);
  }
  await countItems(transaction, jobId, counted);
  await transaction
    .updateTable('jobs')
    .set((job) => ({ batches: job('batches', '+', 1) }))
    .where('id', '=', jobId)
    .execute();
}

/**
 * Ends a job that runs, and forgets its file; within a transaction. Waits for the item in hand, and
 * for no other. Answers false when it ran no more.
 */
export async function endJob(
  db: Queryable,
  id: string,
  state: Exclude<JobState, 'running'>,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('jobs')
    .set({ state, endedAt: now })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .executeTakeFirst();
  if (numUpdatedRows === 1n) await db.deleteFrom('jobFiles').where('jobId', '=', id).execute();
  return numUpdatedRows === 1n;
}

/**
 * Deletes jobs that ended before a time, and the oldest that ended where all have more items than
 * `maxItems`. Answers how many.
 */
export async function deleteOldJobs(db: Queryable, endedBefore: Date, maxItems: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from jobs where id in (
      select id from (
        select id, ended_at, sum(total + 1) over (order by created_at desc, id desc) as items
        from jobs where state <> 'running'
      ) as ended
      where ended_at < ${endedBefore}::timestamptz or items > ${maxItems}::bigint
    )`.execute(db);
  return Number(numAffectedRows ?? 0n);
}
