/**
 * A migrated, empty store for a test: on PGlite, and on a real PostgreSQL server that this process
 * starts for itself.
 *
 *     onBothDatabases('a wrong PAP is counted', async ({ store }) => { … });
 *
 * Each kind is opened once for the process, for that takes seconds, and emptied before each test;
 * so the tests of a file run one by one.
 */
import { after, test, type TestContext } from 'node:test';
import { sql } from 'kysely';
import { pino } from 'pino';
import { migrate } from '../../src/store/migrate.js';
import { openStore } from '../../src/store/open-store.js';
import { openMemoryStore } from '../../src/store/pglite-store.js';
import type { Store } from '../../src/store/store.js';
import { type Postgres, startPostgres } from './postgres.js';
import { preparedDump } from './prepared-database.js';

export const SILENT = pino({ level: 'silent' });

export interface TestDatabase {
  kind: 'PGlite' | 'PostgreSQL';
  store: Store;
  /**
   * Opens the same database once more, as a second instance of Dialgate would. On PGlite it is the
   * same store: there is one process.
   */
  openAnother: () => Promise<Store>;
}

/**
 * Defines the test twice. Where PostgreSQL is not installed, its half is skipped, with the reason.
 */
export function onBothDatabases(
  name: string,
  body: (database: TestDatabase, t: TestContext) => Promise<void>,
): void {
  test(`${name} (PGlite)`, async (t) => {
    const store = await pgliteStore();
    await body({ kind: 'PGlite', store, openAnother: async () => store }, t);
  });
  onPostgres(`${name} (PostgreSQL)`, async (url, t) => {
    const opened: Store[] = [];
    const openAnother = async (): Promise<Store> => {
      const store = await openStore({ databaseUrl: url, dataDir: null, log: SILENT });
      opened.push(store);
      return store;
    };
    try {
      await body({ kind: 'PostgreSQL', store: await postgresStore(url), openAnother }, t);
    } finally {
      for (const store of opened) await store.close();
    }
  });
}

/**
 * Defines a test that needs a PostgreSQL of its own right: it is given the URL of a migrated, empty
 * database.
 */
export function onPostgres(name: string, body: (url: string, t: TestContext) => Promise<void>): void {
  test(name, async (t) => {
    const server = await postgresServer();
    if (server.kind === 'unavailable') return t.skip(server.reason);
    const url = server.url(DATABASE);
    await empty(await postgresStore(url));
    await body(url, t);
  });
}

const DATABASE = 'dialgate';
let pglite: Promise<Store> | null = null;
let postgres: Promise<Postgres> | null = null;
let onServer: Promise<Store> | null = null;

export async function pgliteStore(): Promise<Store> {
  pglite ??= migrated(async () => openMemoryStore(await preparedDump()));
  const store = await pglite;
  await empty(store);
  return store;
}

/** The server of this process, or why there is none. */
export async function postgresServer(): Promise<Postgres> {
  postgres ??= startPostgres();
  return postgres;
}

async function postgresStore(url: string): Promise<Store> {
  onServer ??= (async () => {
    const server = await postgresServer();
    if (server.kind === 'running') await server.createDatabase(DATABASE);
    return migrated(() => openStore({ databaseUrl: url, dataDir: null, log: SILENT }));
  })();
  return onServer;
}

async function migrated(open: () => Promise<Store>): Promise<Store> {
  const store = await open();
  await migrate(store);
  return store;
}

/** Tables up to this size are emptied row by row: TRUNCATE makes each of their indexes anew. */
const SMALL_BYTES = 1_000_000;

/** Empties every table, and has its numbers begin anew; references are not looked at meanwhile. */
async function empty(store: Store): Promise<void> {
  await sql`do ${sql.raw(`$$
    declare name text;
    begin
      perform set_config('session_replication_role', 'replica', true);
      for name in
        select tablename from pg_tables where schemaname = 'public' and tablename not like 'kysely%'
      loop
        if pg_relation_size(name::regclass) > ${SMALL_BYTES} then
          execute format('truncate %I cascade', name);
        else
          execute format('delete from %I', name);
        end if;
      end loop;
      for name in select sequencename from pg_sequences where schemaname = 'public' loop
        execute format('alter sequence %I restart', name);
      end loop;
    end $$`)}`.execute(store.db);
}

after(async () => {
  await (await pglite)?.close();
  await (await onServer)?.close();
  const server = await postgres;
  if (server?.kind === 'running') await server.stop();
});
