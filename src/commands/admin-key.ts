import { createLogger } from '../process/logger.js';
import { COMMAND_LINE } from '../services/audit/actors.js';
import { RESERVED_ACTORS, createApiKey, removeApiKey } from '../services/api-keys.js';
import { StartupFault } from '../domain/startup-fault.js';
import { listApiKeys } from '../store/api-keys.js';
import { migrate } from '../store/migrate.js';
import { openStore } from '../store/open-store.js';
import type { Store } from '../store/store.js';
import { readOptions, requireConfig } from './configuration.js';

const USAGE = `dialgate admin-key [--name NAME]     make a key; it is shown this once
dialgate admin-key --list           list the keys
dialgate admin-key --remove ID      remove a key

Works on the database that DATABASE_URL or DATA_DIR names. The embedded database has one process at a time: stop Dialgate first, or
make the key over the API (POST /api/v1/api-keys).
`;

/** `dialgate admin-key`: how the first administrator gets in. */
export async function adminKey(parameters: string[]): Promise<number> {
  const { values } = readOptions({
    args: parameters,
    options: {
      name: { type: 'string', default: 'administrator' },
      list: { type: 'boolean' },
      remove: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (RESERVED_ACTORS.includes(values.name))
    throw new StartupFault(`The audit log has another meaning for the name ${values.name}: choose another.`);
  const config = requireConfig();
  const store = await openStore({ ...config, log: createLogger(config.logLevel) });
  try {
    await migrate(store);
    if (values.list === true) return await list(store);
    if (values.remove !== undefined) return await remove(store, values.remove);
    const { key } = await createApiKey(store, values.name, COMMAND_LINE, new Date());
    process.stdout.write(`${key}\n`);
    return 0;
  } finally {
    await store.close();
  }
}

async function list(store: Store): Promise<number> {
  for (const key of await listApiKeys(store.db)) {
    process.stdout.write(`${key.id}  ${key.createdAt.toISOString()}  ${key.name}\n`);
  }
  return 0;
}

async function remove(store: Store, id: string): Promise<number> {
  const isId = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
  if (isId && (await removeApiKey(store, id, COMMAND_LINE, new Date()))) return 0;
  process.stderr.write('There is no such key.\n');
  return 1;
}
