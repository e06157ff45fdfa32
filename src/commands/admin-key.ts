import { createLogger } from '../process/logger.js';
import { COMMAND_LINE } from '../services/audit/actors.js';
import { type KeyInput, RESERVED_ACTORS, createApiKey, removeApiKey } from '../services/keys/api-keys.js';
import { ROLES, type Role } from '../domain/role.js';
import { StartupFault } from '../domain/startup-fault.js';
import { listApiKeys } from '../store/api-keys.js';
import { migrate } from '../store/migrate.js';
import { openStore } from '../store/open-store.js';
import type { Store } from '../store/store.js';
import { readOptions, requireConfig } from './configuration.js';

const USAGE = `dialgate admin-key [--name NAME] [--role ROLE] [--tenant ID]… [--expires DATE]
                                    make a key; it is shown this once
dialgate admin-key --list           list the keys
dialgate admin-key --remove ID      remove a key

ROLE is admin (the default), operator, support or auditor. Without --tenant the key opens all tenants.
DATE is a day such as 2030-12-31, at whose end (UTC) the key expires, or an ISO 8601 time.

Works on the database that DATABASE_URL or DATA_DIR names. The embedded database has one process at a time: stop Dialgate first, or
make the key over the API (POST /api/v1/api-keys).
`;

/** `dialgate admin-key`: how the first administrator gets in. */
export async function adminKey(parameters: string[]): Promise<number> {
  const { values } = readOptions({
    args: parameters,
    options: {
      name: { type: 'string', default: 'administrator' },
      role: { type: 'string', default: 'admin' },
      tenant: { type: 'string', multiple: true, default: [] },
      expires: { type: 'string' },
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
  const role = readRole(values.role);
  const expiresAt = values.expires === undefined ? null : readExpiry(values.expires);
  const config = requireConfig();
  const store = await openStore({ ...config, log: createLogger(config.logLevel) });
  try {
    await migrate(store);
    if (values.list === true) return await list(store);
    if (values.remove !== undefined) return await remove(store, values.remove);
    const input = { name: values.name, role, tenantIds: values.tenant, expiresAt };
    return await create(store, input);
  } finally {
    await store.close();
  }
}

function readRole(text: string): Role {
  const role = ROLES.find((one) => one === text);
  if (role === undefined) throw new StartupFault(`--role: one of ${ROLES.join(', ')}.`);
  return role;
}

/** A day means its end. */
function readExpiry(text: string): Date {
  const time = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59.999Z` : text);
  if (!/^\d{4}-/.test(text) || Number.isNaN(time.getTime()))
    throw new StartupFault('--expires: a day such as 2030-12-31, or a time such as 2030-12-31T18:00:00Z.');
  return time;
}

async function create(store: Store, input: KeyInput): Promise<number> {
  const tenantIds = input.tenantIds.map((id) => id.toLowerCase());
  const noId = tenantIds.find((id) => !isId(id));
  if (noId !== undefined) throw new StartupFault(`--tenant: ${noId} is not the id of a tenant.`);
  const by = { ...COMMAND_LINE, scope: 'all' } as const;
  const outcome = await createApiKey(store, { ...input, tenantIds }, by, new Date());
  switch (outcome.kind) {
    case 'created':
      process.stdout.write(`${outcome.key}\n`);
      return 0;
    case 'tenants-unknown':
      throw new StartupFault(`--tenant: ${tenantIds[outcome.positions[0] ?? 0]} is not the id of a tenant.`);
    case 'expired':
      throw new StartupFault('--expires: a time in the future.');
    case 'beyond-scope':
      throw new Error('The command line has all tenants.');
  }
}

async function list(store: Store): Promise<number> {
  for (const key of await listApiKeys(store.db)) {
    const { id, name, role, tenantIds, createdAt, expiresAt, lastUsedAt } = key;
    const tenants = tenantIds.length === 0 ? 'all tenants' : `tenants ${tenantIds.join(' ')}`;
    const ends = expiresAt === null ? '' : `, expires ${expiresAt.toISOString()}`;
    const used = lastUsedAt === null ? 'never used' : `last used ${lastUsedAt.toISOString()}`;
    process.stdout.write(
      `${id}  ${createdAt.toISOString()}  ${name}  (${role}, ${tenants}${ends}, ${used})\n`,
    );
  }
  return 0;
}

async function remove(store: Store, id: string): Promise<number> {
  // Who can run this can make another one.
  const by = { ...COMMAND_LINE, scope: 'all', mayBeLast: true } as const;
  if (isId(id) && (await removeApiKey(store, id, by, new Date())).kind === 'removed') return 0;
  process.stderr.write('There is no such key.\n');
  return 1;
}

function isId(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
