import { createLogger } from '../process/logger.js';
import { migrate } from '../store/migrate.js';
import { openStore } from '../store/open-store.js';
import { requireConfig } from './configuration.js';

/**
 * `dialgate migrate`: brings the database up to date and says what it did. `serve` does the same at
 * its start.
 */
export async function migrateDatabase(): Promise<number> {
  const config = requireConfig();
  const store = await openStore({ ...config, log: createLogger(config.logLevel) });
  try {
    const done = await migrate(store);
    process.stdout.write(
      done.length === 0 ? 'The database is up to date.\n' : `Migrated: ${done.join(', ')}\n`,
    );
    return 0;
  } finally {
    await store.close();
  }
}
