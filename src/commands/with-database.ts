import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { StartupFault } from '../domain/startup-fault.js';
import type { Config } from '../process/config.js';
import { describeInstallation } from '../process/installation.js';
import { createLogger } from '../process/logger.js';
import type { ServiceContext } from '../services/context.js';
import { loadMasterKey } from '../services/master-key.js';
import { migrate } from '../store/migrate.js';
import { openStore } from '../store/open-store.js';
import { requireConfig } from './configuration.js';

/**
 * Does a command's work on the database that the environment names, as the services do theirs, and
 * answers its exit status.
 *
 * @throws StartupFault when there is no such database: none is made
 */
export async function withDatabase(
  work: (context: ServiceContext, config: Config) => Promise<number>,
): Promise<number> {
  const config = requireConfig();
  // Else one would be made, with a database and a key in it.
  if (config.databaseUrl === null && !existsSync(config.dataDir))
    throw new StartupFault(
      `There is no data folder ${resolve(config.dataDir)}: set DATA_DIR, or DATABASE_URL.`,
    );
  const log = createLogger(config.logLevel);
  const store = await openStore({ ...config, log });
  try {
    await migrate(store);
    const masterKey = await loadMasterKey(store.db, config, log);
    const ports = {
      provisioning: config.provisioningPort,
      sip: config.sipPort,
      sipTls: config.sipTls.port,
    };
    const installation = describeInstallation(config, ports);
    const clock = { now: () => new Date() };
    return await work({ store, clock, masterKey, installation, log }, config);
  } finally {
    await store.close();
  }
}
