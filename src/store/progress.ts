import { sql } from 'kysely';
import type { Progress } from '../domain/progress.js';
import type { Queryable } from './store.js';

/** When devices reached their stages, by their ids. */
export async function findProgress(db: Queryable, ids: readonly string[]): Promise<Map<string, Progress>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('devices')
    .select(['contactedAt', 'minimalAt', 'registeredAt', 'calledAt', 'authenticatedAt', 'fullAt', 'id'])
    .select(sql<Date>`coalesce(progress_since, created_at)`.as('createdAt'))
    .where('id', 'in', [...ids])
    .execute();
  return new Map(rows.map(({ id, ...progress }) => [id, progress]));
}

/** Notes that a device reached a stage, unless it did so before. */
export async function noteStage(
  db: Queryable,
  deviceId: string,
  stage: 'registeredAt' | 'calledAt',
  now: Date,
): Promise<void> {
  await db
    .updateTable('devices')
    .set({ [stage]: now })
    .where('id', '=', deviceId)
    .where(stage, 'is', null)
    .execute();
}

/** A reset: the way begins anew. */
export async function restartProgress(transaction: Queryable, deviceId: string, now: Date): Promise<void> {
  await transaction
    .updateTable('devices')
    .set({
      progressSince: now,
      contactedAt: null,
      minimalAt: null,
      registeredAt: null,
      calledAt: null,
      authenticatedAt: null,
      fullAt: null,
      holdsFull: false,
    })
    .where('id', '=', deviceId)
    .execute();
}
