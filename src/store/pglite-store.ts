import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { Kysely, sql } from 'kysely';
import { StartupFault } from '../domain/startup-fault.js';
import { type HeldLock, lockDataDir } from './data-dir-lock.js';
import { prepareDataDir } from './data-dir.js';
import { Listeners } from './listeners.js';
import { notify } from './notify.js';
import { PgliteDialect } from './pglite-dialect.js';
import { type Database, PLUGINS } from './schema.js';
import type { Store } from './store.js';
import { runTransaction } from './transactions.js';

/**
 * @throws StartupFault when the folder cannot be written, another process uses it, or the files in
 *   it are damaged.
 */
export async function openPgliteStore(dataDir: string): Promise<Store> {
  await prepareDataDir(dataDir);
  const lock = await lockDataDir(dataDir);
  try {
    return await storeOn(await openPglite(join(dataDir, 'database')), lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** What the migrations ask for with `create extension`. */
const EXTENSIONS = { pg_trgm };

/** A database that is gone when it is closed; empty, or from what PGlite's `dumpDataDir` made. */
export async function openMemoryStore(dump: Blob | null = null): Promise<Store> {
  return storeOn(
    await PGlite.create({ extensions: EXTENSIONS, ...(dump !== null && { loadDataDir: dump }) }),
    null,
  );
}

async function openPglite(folder: string): Promise<PGlite> {
  try {
    return await PGlite.create(folder, { extensions: EXTENSIONS });
  } catch (error) {
    throw new StartupFault(
      `The database in ${folder} cannot be opened: ${String(error)}. Restore that folder from a backup, or move it away to start anew.`,
      { cause: error },
    );
  }
}

async function storeOn(pglite: PGlite, lock: HeldLock | null): Promise<Store> {
  const db = new Kysely<Database>({ dialect: new PgliteDialect(pglite), plugins: PLUGINS });
  const listeners = new Listeners();
  pglite.onNotification((channel, payload) => {
    listeners.tell(channel, payload);
  });
  return {
    db,
    transaction: (work) => runTransaction(db, work),
    unhurried: (work) => work(),
    listen: async (channel, heard) => {
      if (listeners.add(channel, heard)) await sql`listen ${sql.id(channel)}`.execute(db.withoutPlugins());
      return async () => {
        listeners.remove(channel, heard);
      };
    },
    notify: (channel, payload, queryable = db) => notify(queryable, channel, payload),
    connections: () => null,
    close: async () => {
      await db.destroy();
      if (!pglite.closed) await pglite.close();
      await lock?.release();
    },
  };
}
