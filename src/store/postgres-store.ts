import { Kysely, PostgresDialect } from 'kysely';
import { type ClientConfig, Pool, TypeOverrides, types } from 'pg';
import type { Logger } from 'pino';
import { StartupFault } from '../domain/startup-fault.js';
import { type Patience, withNamedStatements } from './named-statements.js';
import { notify } from './notify.js';
import { PostgresListener } from './postgres-listener.js';
import { type Database, PLUGINS } from './schema.js';
import type { Store } from './store.js';
import { runTransaction } from './transactions.js';

/**
 * PostgreSQL 13: the oldest with which we were tested is 15, the oldest with all that we use is 13.
 */
const MINIMUM_VERSION = 130_000;
const CONNECTIONS = 10;
const CONNECT_MS = 10_000;
/** No statement of ours takes long; one that does waits for a lock that is not released. */
const STATEMENT_MS = 60_000;
/**
 * A server that has not answered for so long hangs, or the network between has dropped the
 * connection.
 */
const PATIENCE_MS = 10_000;

/** int8 as a number: our largest is the count of events ever written, far below 2⁵³. */
const numberForInt8 = new TypeOverrides();
numberForInt8.setTypeParser(types.builtins.INT8, Number);

/** @throws StartupFault when the server cannot be reached, refuses us or is too old. */
export async function openPostgresStore(databaseUrl: string, log: Logger): Promise<Store> {
  const config: ClientConfig = {
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'dialgate',
    types: numberForInt8,
  };
  const pool = new Pool({
    ...config,
    max: CONNECTIONS,
    statement_timeout: STATEMENT_MS,
    idle_in_transaction_session_timeout: STATEMENT_MS,
  });
  pool.on('error', (error) => {
    log.warn({ err: error }, 'an idle connection to the database was lost');
  });
  // One that is in use tells its query too; but the pool does not listen to it, and an error event
  // without a listener ends the process.
  pool.on('connect', (client) => {
    client.on('error', (error) => log.debug({ err: error }, 'a connection to the database was lost'));
  });
  try {
    await checkServer(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }

  const patience: Patience = { milliseconds: PATIENCE_MS };
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool: withNamedStatements(pool, patience) }),
    plugins: PLUGINS,
  });
  const listener = new PostgresListener(config, log);
  return {
    db,
    transaction: (work) => runTransaction(db, work),
    unhurried: async (work) => {
      patience.milliseconds = null;
      try {
        return await work();
      } finally {
        patience.milliseconds = PATIENCE_MS;
      }
    },
    listen: (channel, heard) => listener.listen(channel, heard),
    notify: (channel, payload, queryable = db) => notify(queryable, channel, payload),
    connections: () => ({
      busy: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    close: async () => {
      await listener.close();
      await db.destroy();
      // Without a single query kysely never took the pool over; ending it is left to us.
      if (!pool.ended && !pool.ending) await pool.end();
    },
  };
}

async function checkServer(pool: Pool): Promise<void> {
  const version = await pool
    .query<{ version: string; name: string }>(
      `select current_setting('server_version_num') as version, current_setting('server_version') as name`,
    )
    .catch((error: unknown) => {
      throw new StartupFault(
        `The PostgreSQL server that DATABASE_URL names cannot be used: ${reasonOf(error)}. Check DATABASE_URL, and that the server runs.`,
        { cause: error },
      );
    });
  const row = version.rows[0];
  if (row === undefined || Number(row.version) < MINIMUM_VERSION) {
    throw new StartupFault(
      `The PostgreSQL server that DATABASE_URL names has version ${row?.name ?? 'unknown'}; Dialgate needs 13 or later.`,
    );
  }
}

/**
 * What the driver says, without the URL, which may hold a password. Several addresses of one host
 * fail with one error each.
 */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
}
