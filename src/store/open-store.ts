import type { Logger } from 'pino';
import { openMemoryStore, openPgliteStore } from './pglite-store.js';
import { openPostgresStore } from './postgres-store.js';
import type { Store } from './store.js';

export interface StoreSettings {
  /** A PostgreSQL server; null takes PGlite in the data folder. */
  databaseUrl: string | null;
  /** null, without a server, keeps everything in memory: for tests. */
  dataDir: string | null;
  log: Logger;
}

/**
 * Opens the database that the settings name. @throws StartupFault with what the operator can do
 * about it.
 */
export async function openStore({ databaseUrl, dataDir, log }: StoreSettings): Promise<Store> {
  if (databaseUrl !== null) return openPostgresStore(databaseUrl, log);
  return dataDir === null ? openMemoryStore() : openPgliteStore(dataDir);
}
