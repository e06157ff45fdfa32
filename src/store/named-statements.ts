import { createHash } from 'node:crypto';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Client, Pool, PoolClient, QueryResult } from 'pg';
import { DatabaseUnavailable, asUnavailable } from './database-unavailable.js';
import { sqlStateOf } from './transactions.js';

/**
 * Statements whose plans each connection may keep. A list of values makes a new text for each
 * length; those beyond go unnamed.
 */
const MAX_NAMED = 500;

/**
 * Lists of hundreds of rows are seldom of the same length twice; their plans would push out those
 * of the short statements.
 */
const MAX_NAMED_CHARACTERS = 10_000;

/** Only these are planned; the others are short and rare. */
const PLANNED = /^\s*(?:select|insert|update|delete|with)\b/i;

/**
 * A plan that a connection keeps can fall behind: another instance has migrated a table ("cached
 * plan must not change result type"), or a pooler in between has discarded it. The statement fails
 * once; then the connection is closed and its successor plans anew.
 */
const STALE_PLAN = new Set(['0A000', '26000']);

/**
 * Gives statements names, so that PostgreSQL parses and plans each of them once a connection
 * (kysely sends them unnamed). The name is a hash of the text: the same in every instance, and
 * never two texts under one name.
 */
export class StatementNames {
  readonly #names = new Map<string, string>();

  /** null for a statement that is sent without a name. */
  nameOf(text: string): string | null {
    const known = this.#names.get(text) ?? null;
    if (known !== null || text.length > MAX_NAMED_CHARACTERS) return known;
    if (this.#names.size >= MAX_NAMED || !PLANNED.test(text)) return null;
    const name = `dg_${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`;
    this.#names.set(text, name);
    return name;
  }
}

/** How long the server is waited for; null waits as long as it takes. */
export interface Patience {
  milliseconds: number | null;
}

/**
 * The pool as kysely wants it, with names put on what goes through. A server that does not answer
 * in time is unavailable: its connection is given up, for nothing that follows on it would be
 * answered either.
 */
export function withNamedStatements(pool: Pool, patience: Readonly<Patience>): PostgresPool {
  const names = new StatementNames();
  // kysely recognises a connection that it has seen by its identity.
  const wrapped = new WeakMap<PoolClient, PostgresPoolClient>();
  const wrap = (client: PoolClient): PostgresPoolClient => {
    let isStale = false;
    const run = async (text: string, values: readonly unknown[]): Promise<QueryResult> => {
      const name = names.nameOf(text);
      const answered = limitTime(client, patience);
      try {
        return await client.query({ ...(name === null ? {} : { name }), text, values: [...values] });
      } catch (error) {
        const cause = asUnavailable(error);
        isStale ||= STALE_PLAN.has(sqlStateOf(error)) || cause instanceof DatabaseUnavailable;
        throw cause;
      } finally {
        answered();
      }
    };
    return {
      // kysely's type has a second form, for cursors; it calls that only when its dialect was given
      // a cursor class.
      query: run as unknown as PostgresPoolClient['query'],
      release: () => {
        client.release(isStale);
      },
    };
  };
  return {
    connect: async () => {
      const client = await pool.connect().catch((error: unknown) => {
        throw error instanceof Error ? new DatabaseUnavailable(error) : error;
      });
      const known = wrapped.get(client) ?? wrap(client);
      wrapped.set(client, known);
      return known;
    },
    end: () => pool.end(),
  };
}

/**
 * Ends a connection whose server has not answered in time, and with it the query that waits on it.
 * Answers what takes that back.
 */
function limitTime(client: PoolClient, { milliseconds }: Patience): () => void {
  if (milliseconds === null) return () => undefined;
  let isAnswered = false;
  const limit = setTimeout(() => {
    // Where it was this process that had no time, the answer is there already, and is read before
    // this is called.
    setImmediate(() => {
      if (!isAnswered) void (client as unknown as Client).end();
    });
  }, milliseconds);
  return () => {
    isAnswered = true;
    clearTimeout(limit);
  };
}
