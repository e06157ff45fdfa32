import { sql } from 'kysely';
import type { CodeUse } from '../domain/line-code.js';
import { type Page, type PageQuery, readPage } from './page.js';
import { type RowLock, locking } from './row-lock.js';
import type { LineTransport } from './schema.js';
import type { Queryable } from './store.js';
import { sqlStateOf } from './transactions.js';

const UNIQUE_VIOLATION = '23505';

/**
 * A SIP account that a device is given in its full configuration. Its password and its code are
 * sealed with the line's id.
 */
export interface Line {
  id: string;
  tenantId: string;
  label: string;
  displayName: string | null;
  sipUser: string;
  authUser: string | null;
  passwordSealed: Uint8Array;
  keyVersion: number;
  registrar: string;
  outboundProxy: string | null;
  transport: LineTransport;
  /** `deriveCodeLookup` of its provisioning code. */
  codeLookup: string;
  codeSealed: Uint8Array;
  codeUse: CodeUse;
  codeUsedAt: Date | null;
  createdAt: Date;
}

/** Named one by one: a prepared statement with `*` breaks when another instance adds a column. */
const COLUMNS = [
  'id',
  'tenantId',
  'label',
  'displayName',
  'sipUser',
  'authUser',
  'passwordSealed',
  'keyVersion',
  'registrar',
  'outboundProxy',
  'transport',
  'codeLookup',
  'codeSealed',
  'codeUse',
  'codeUsedAt',
  'createdAt',
] as const;

/**
 * Answers false when the provisioning code is taken: it is unique over the whole installation, for
 * an unclaimed phone has no tenant.
 */
export async function insertLine(db: Queryable, line: Line): Promise<boolean> {
  return (await insertLines(db, [line])).has(line.id);
}

/** Answers the ids of those that were inserted; the codes of the others are taken. */
export async function insertLines(db: Queryable, lines: readonly Line[]): Promise<Set<string>> {
  if (lines.length === 0) return new Set();
  const rows = await db
    .insertInto('lines')
    .values([...lines])
    .onConflict((conflict) => conflict.column('codeLookup').doNothing())
    .returning('id')
    .execute();
  return new Set(rows.map(({ id }) => id));
}

export async function findLine(
  db: Queryable,
  tenantId: string,
  id: string,
  lock?: RowLock,
): Promise<Line | null> {
  const query = db.selectFrom('lines').select(COLUMNS).where('id', '=', id).where('tenantId', '=', tenantId);
  const row = await locking(query, lock).executeTakeFirst();
  return row ?? null;
}

/**
 * The lines of a tenant that have one of these users, in order of creation; they cannot be deleted
 * before the transaction ends.
 */
export async function keepLinesOfUsers(
  transaction: Queryable,
  tenantId: string,
  sipUsers: readonly string[],
): Promise<Line[]> {
  if (sipUsers.length === 0) return [];
  return transaction
    .selectFrom('lines')
    .select(COLUMNS)
    .where('tenantId', '=', tenantId)
    .where('sipUser', 'in', [...sipUsers])
    .orderBy('createdAt')
    .orderBy('id')
    .forKeyShare()
    .execute();
}

/**
 * The line whose provisioning code has this look-up value. No other changes it before the
 * transaction ends, so that a code for one use is used once.
 */
export async function lockLineByCode(transaction: Queryable, codeLookup: string): Promise<Line | null> {
  const row = await transaction
    .selectFrom('lines')
    .select(COLUMNS)
    .where('codeLookup', '=', codeLookup)
    .forUpdate()
    .executeTakeFirst();
  return row ?? null;
}

/**
 * Remembers that the code of a line has been used; only for a line that this transaction has
 * locked.
 */
export async function markCodeUsed(transaction: Queryable, id: string, now: Date): Promise<void> {
  await transaction.updateTable('lines').set({ codeUsedAt: now }).where('id', '=', id).execute();
}

/** The lines of a tenant, of exactly this user and label where they are given. */
export async function listLines(
  db: Queryable,
  tenantId: string,
  page: PageQuery,
  { sipUser, label }: { sipUser?: string | undefined; label?: string | undefined } = {},
): Promise<Page<Line>> {
  let query = db.selectFrom('lines').select(COLUMNS).where('tenantId', '=', tenantId);
  if (sipUser !== undefined) query = query.where('sipUser', '=', sipUser);
  if (label !== undefined) query = query.where('label', '=', label);
  return readPage(query, page, (row) => row);
}

/**
 * Answers false when another line has the provisioning code. The database has then given the
 * transaction up: nothing may follow in it.
 */
export async function updateLine(db: Queryable, line: Line): Promise<boolean> {
  try {
    await db.updateTable('lines').set(line).where('id', '=', line.id).execute();
    return true;
  } catch (error) {
    if (sqlStateOf(error) === UNIQUE_VIOLATION) return false;
    throw error;
  }
}

export async function deleteLine(db: Queryable, tenantId: string, id: string): Promise<boolean> {
  const result = await db
    .deleteFrom('lines')
    .where('id', '=', id)
    .where('tenantId', '=', tenantId)
    .executeTakeFirst();
  return result.numDeletedRows > 0n;
}

/** Deletes some of a tenant's lines. Answers whether there were any. */
export async function deleteLinesOfTenant(db: Queryable, tenantId: string, limit: number): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('lines')
    .where('id', 'in', (lines) =>
      lines.selectFrom('lines').select('id').where('tenantId', '=', tenantId).limit(limit),
    )
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/**
 * Which of the given ids are lines of the tenant; they cannot be deleted before the transaction
 * ends.
 */
export async function keepLinesOfTenant(
  transaction: Queryable,
  tenantId: string,
  ids: readonly string[],
): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await transaction
    .selectFrom('lines')
    .select('id')
    .where('tenantId', '=', tenantId)
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forKeyShare()
    .execute();
  return new Set(rows.map((row) => row.id));
}

/**
 * Lines whose code still stands in clear, at most so many; no other instance seals them before the
 * transaction ends.
 */
export async function lockLinesWithClearCode(
  transaction: Queryable,
  limit: number,
): Promise<{ id: string; code: string }[]> {
  const rows = await transaction
    .selectFrom('lines')
    .select(['id', 'provisioningCode'])
    .where('provisioningCode', 'is not', null)
    .limit(limit)
    .forUpdate()
    .execute();
  return rows.map(({ id, provisioningCode }) => ({ id, code: provisioningCode ?? '' }));
}

/** Replaces codes that stand in clear. */
export async function saveSealedCodes(
  transaction: Queryable,
  codes: readonly Pick<Line, 'id' | 'codeLookup' | 'codeSealed'>[],
): Promise<void> {
  const rows = codes.map(({ id, codeLookup, codeSealed }) => ({
    id,
    lookup: codeLookup,
    sealed: Buffer.from(codeSealed).toString('hex'),
  }));
  await sql`
    update lines set provisioning_code = null, code_lookup = made.lookup, code_sealed = decode(made.sealed, 'hex')
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as made(id uuid, lookup text, sealed text)
    where lines.id = made.id`.execute(transaction);
}
