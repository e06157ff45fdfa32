import type { ResyncProgress, ResyncReason, ResyncWay } from '../domain/resync.js';
import type { Queryable } from './store.js';

/** What came of the last resync of a device, as far as it has come. */
export interface ResyncResult {
  deviceId: string;
  reason: ResyncReason;
  /** When it came so far. */
  at: Date;
  outcome: ResyncProgress;
  /** null until it has been sent. */
  way: ResyncWay | null;
  /** Whom the NOTIFY was for, where it went through a registrar: the address of the line. */
  target: string | null;
  /** What the NOTIFY was answered. */
  status: number | null;
  failure: string | null;
}

const COLUMNS = ['deviceId', 'reason', 'at', 'outcome', 'way', 'target', 'status', 'failure'] as const;

/**
 * Writes how far the last resyncs of these devices have come, one each, in the place of what was
 * written before.
 */
export async function saveResyncResults(db: Queryable, results: readonly ResyncResult[]): Promise<void> {
  if (results.length === 0) return;
  await db
    .insertInto('resyncResults')
    .values([...results])
    .onConflict((conflict) =>
      conflict.column('deviceId').doUpdateSet((row) => ({
        reason: row.ref('excluded.reason'),
        at: row.ref('excluded.at'),
        outcome: row.ref('excluded.outcome'),
        way: row.ref('excluded.way'),
        target: row.ref('excluded.target'),
        status: row.ref('excluded.status'),
        failure: row.ref('excluded.failure'),
      })),
    )
    .execute();
}

/**
 * Writes what a NOTIFY was answered; of one that was sent last, and whose phone has not fetched
 * yet, for that says more.
 */
export async function saveResyncAnswer(
  db: Queryable,
  deviceId: string,
  answer: Pick<ResyncResult, 'at' | 'outcome' | 'way' | 'target' | 'status' | 'failure'>,
): Promise<void> {
  await db
    .updateTable('resyncResults')
    .set(answer)
    .where('deviceId', '=', deviceId)
    .where('outcome', 'in', ['sent', 'answered', 'failed'])
    .execute();
}

export async function findResyncResults(
  db: Queryable,
  deviceIds: readonly string[],
): Promise<Map<string, ResyncResult>> {
  if (deviceIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('resyncResults')
    .select(COLUMNS)
    .where('deviceId', 'in', [...deviceIds])
    .execute();
  return new Map(rows.map((row) => [row.deviceId, row]));
}
