import type { Kysely } from 'kysely';
import type { Database } from './schema.js';

/** What a query needs: the database, or the transaction that is under way. */
export type Queryable = Kysely<Database>;

/** Stops listening. */
export type Unlisten = () => Promise<void>;

/** Connections that are in use, that are not, and those who wait for one. */
export interface Connections {
  busy: number;
  idle: number;
  waiting: number;
}

/**
 * The open database. There are two kinds, PostgreSQL and PGlite; only `openStore` knows which.
 */
export interface Store {
  readonly db: Queryable;
  /**
   * Runs `work` in one transaction, and again when the database asks for that (serialisation
   * failure 40001, deadlock 40P01). What `work` throws rolls back and is thrown on. `work` uses the
   * transaction it is given and nothing else: on PGlite there is one connection, and a query beside
   * its own transaction waits for itself until the time limit ends it.
   */
  transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T>;
  /**
   * Waits for the answers to `work` as long as they take, which others need not: for what is done
   * before anything is served, or to all that is stored.
   */
  unhurried<T>(work: () => Promise<T>): Promise<T>;
  /**
   * Calls `heard` for each NOTIFY on a channel, from this instance or any other. Fails nothing when
   * the connection is lost: it is made again; every listener is called with an empty payload when
   * it is lost and when it is there again, for something may have been missed.
   */
  listen(channel: string, heard: (payload: string) => void): Promise<Unlisten>;
  /** Takes effect when the transaction that `db` is has been committed. */
  notify(channel: string, payload: string, db?: Queryable): Promise<void>;
  /** Those to the server; null where there is none. */
  connections(): Connections | null;
  close(): Promise<void>;
}
