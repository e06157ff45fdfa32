import {
  type Expression,
  type RawBuilder,
  type SelectQueryBuilder,
  type Simplify,
  type SqlBool,
  sql,
} from 'kysely';

/** A row's place in order of creation; the id decides between rows of the same millisecond. */
export interface Position {
  createdAt: Date;
  id: string;
}

/**
 * One page of a list in order of creation: up to `limit` rows after a position; null begins at the
 * beginning.
 */
export interface PageQuery {
  limit: number;
  after: Position | null;
}

export interface Page<T> {
  items: T[];
  /** After what the next page begins; null when there is none. */
  next: Position | null;
}

/**
 * Reads a page of what a query finds. Keyset pagination: rows made meanwhile never shift a page,
 * and the thousandth page costs what the first does. Of several tables, `created_at` and `id` are
 * to be those of one.
 */
export async function readPage<DB, TB extends keyof DB, O, T extends Position>(
  query: SelectQueryBuilder<DB, TB, O>,
  page: PageQuery,
  fromRow: (row: Simplify<O>) => T,
): Promise<Page<T>> {
  const rows = await query
    .where(afterPosition(page))
    .orderBy(sql`created_at`)
    .orderBy(sql`id`)
    .limit(page.limit + 1)
    .execute();
  return toPage(rows.map(fromRow), page);
}

function afterPosition(page: PageQuery): Expression<SqlBool> {
  if (page.after === null) return sql<SqlBool>`true`;
  const { createdAt, id } = page.after;
  return sql<SqlBool>`(created_at, id) > (${createdAt}::timestamptz, ${id}::uuid)`;
}

/** Makes a page of up to `limit + 1` rows: the one too many only tells that there is more. */
function toPage<T extends Position>(rows: readonly T[], { limit }: PageQuery): Page<T> {
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return { items, next: last === undefined ? null : { createdAt: last.createdAt, id: last.id } };
}

/**
 * A jsonb value for writing; both drivers want text, and an absent value is NULL rather than JSON's
 * null.
 */
export function jsonText(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** The pattern for LIKE that finds a text anywhere in a column; `%` and `_` mean themselves. */
export function contains(text: string): RawBuilder<string> {
  return sql<string>`${`%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`}`;
}
