import { type Migration, Migrator, sql } from 'kysely';
import * as foundation from '../../migrations/0001-foundation.js';
import * as waysIn from '../../migrations/0002-ways-in.js';
import * as fetchMemory from '../../migrations/0003-fetch-memory.js';
import * as settings from '../../migrations/0004-settings.js';
import * as emergencyAndResync from '../../migrations/0005-emergency-and-resync.js';
import * as emergencyNumbers from '../../migrations/0006-emergency-numbers.js';
import * as contacts from '../../migrations/0007-contacts.js';
import * as sharesOfStrangers from '../../migrations/0008-shares-of-strangers.js';
import * as guesses from '../../migrations/0009-guesses.js';
import * as eventPositions from '../../migrations/0010-event-positions.js';
import * as lineAccounts from '../../migrations/0010-line-accounts.js';
import * as serialNumbers from '../../migrations/0010-serial-numbers.js';
import * as siteDevices from '../../migrations/0010-site-devices.js';
import * as lineCodes from '../../migrations/0012-line-codes.js';
import * as suspendedAt from '../../migrations/0013-suspended-at.js';
import * as progress from '../../migrations/0014-progress.js';
import * as webhooks from '../../migrations/0015-webhooks.js';
import * as keysAndSessions from '../../migrations/0016-keys-and-sessions.js';
import * as jobs from '../../migrations/0018-jobs.js';
import { StartupFault } from '../domain/startup-fault.js';
import type { Store } from './store.js';

/**
 * All of them, in the order of their names. Listed rather than found: what is not compiled in
 * cannot be forgotten in a package.
 */
const MIGRATIONS: Record<string, Migration> = {
  '0001-foundation': foundation,
  '0002-ways-in': waysIn,
  '0003-fetch-memory': fetchMemory,
  '0004-settings': settings,
  '0005-emergency-and-resync': emergencyAndResync,
  '0006-emergency-numbers': emergencyNumbers,
  '0007-contacts': contacts,
  '0008-shares-of-strangers': sharesOfStrangers,
  '0009-guesses': guesses,
  '0010-event-positions': eventPositions,
  '0010-line-accounts': lineAccounts,
  '0010-serial-numbers': serialNumbers,
  '0010-site-devices': siteDevices,
  '0012-line-codes': lineCodes,
  '0013-suspended-at': suspendedAt,
  '0014-progress': progress,
  '0015-webhooks': webhooks,
  '0016-keys-and-sessions': keysAndSessions,
  '0018-jobs': jobs,
};

/**
 * Brings the database to the present schema. Safe when several instances start at once: one
 * migrates, the others wait (kysely takes an advisory lock). Answers the names of the migrations
 * that were applied.
 *
 * @throws StartupFault when one fails (all of them are undone), or the database is newer than this
 *   program.
 */
export async function migrate(store: Store): Promise<string[]> {
  const migrator = new Migrator({
    // Migrations are written in the names of SQL.
    db: store.db.withoutPlugins(),
    provider: { getMigrations: async () => unlimited(MIGRATIONS) },
  });
  const { error, results } = await store.unhurried(() => migrator.migrateToLatest());
  if (error !== undefined) {
    throw new StartupFault(
      `The database could not be brought to the present schema: ${error instanceof Error ? error.message : 'unknown'}. ` +
        'Nothing was changed. If the database was used by a newer Dialgate, start that one.',
      { cause: error },
    );
  }
  return (results ?? []).map((result) => result.migrationName);
}

/** A migration of a large database may take its time, whatever limit other statements have. */
function unlimited(migrations: Record<string, Migration>): Record<string, Migration> {
  return Object.fromEntries(
    Object.entries(migrations).map(([name, migration]) => [
      name,
      {
        up: async (db) => {
          await sql`set local statement_timeout = 0`.execute(db);
          await migration.up(db);
        },
      } satisfies Migration,
    ]),
  );
}
