import { z } from 'zod';
import { invalid } from '../http/problem.js';
import { queryInteger } from './query-fields.js';
import type { Page, PageQuery, Position } from '../store/page.js';

const MAX_LIMIT = 500;

/** What every list takes: how many items, and after which one. */
export const PAGE_QUERY = {
  limit: queryInteger(1, MAX_LIMIT).default(100).describe('How many items the page has at the most.'),
  cursor: z.string().max(200).optional().describe('The `cursor` of the page before; absent: the first page.'),
};

export const pageSchema = z.strictObject(PAGE_QUERY);

export const badCursor = () => invalid([{ pointer: 'cursor', detail: 'is none that was answered here' }]);

/** The page that `limit` and `cursor` of a query ask for. */
export function toPageQuery(query: { limit: number; cursor?: string | undefined }): PageQuery {
  return { limit: query.limit, after: query.cursor === undefined ? null : decodeCursor(query.cursor) };
}

/** The form of a page of such items, and its name in the description. */
export const pageOf = <T extends z.ZodType>(id: string, item: T) =>
  z.strictObject({ items: z.array(item), cursor: z.string().nullable() }).meta({ id });

/** A page as it is answered. The cursor is null at the end. */
export function presentPage<T, U>(
  page: Page<T>,
  present: (item: T) => U,
): { items: U[]; cursor: string | null } {
  return { items: page.items.map(present), cursor: page.next === null ? null : encodeCursor(page.next) };
}

/** A cursor is opaque to its reader: the creation time and id of the last row that was answered. */
function encodeCursor(last: Position): string {
  return Buffer.from(`${last.createdAt.getTime()}/${last.id}`).toString('base64url');
}

const CURSOR = /^(\d{1,14})\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

function decodeCursor(cursor: string): Position {
  const [, time, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (time === undefined || id === undefined) throw badCursor();
  return { createdAt: new Date(Number(time)), id };
}
