/**
 * A real PostgreSQL server for the tests of one process: empty, ours alone, and gone when we are.
 *
 *     const postgres = await startPostgres();
 *     if (postgres.kind === 'unavailable') return t.skip(postgres.reason);
 */
import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { freePort } from './free-port.js';
import { findPostgres, type PostgresPrograms } from './postgres-programs.js';
import { launchServer, type Server } from './postgres-server.js';

export interface RunningPostgres {
  kind: 'running';
  /** The URL of a database of this server, as DATABASE_URL takes it. */
  url(database: string): string;
  /**
   * Creates a database, empty or as a copy of another one without connections. @returns
   * its URL
   */
  createDatabase(name?: string, template?: string): Promise<string>;
  /**
   * Ends the server with its connections, and removes its files. The end of this process does the
   * same.
   */
  stop(): Promise<void>;
}

export type Postgres = RunningPostgres | { kind: 'unavailable'; reason: string };

/** Between our choice of a free port and the server's use of it somebody else may take it. */
const ATTEMPTS = 3;

/**
 * Takes one to two seconds, so a test file starts one server and gives each test a database.
 *
 * @returns unavailable where no PostgreSQL is installed or may be run
 * @throws when it is there but does not start
 */
export async function startPostgres(): Promise<Postgres> {
  const programs = await findPostgres();
  if (programs.kind === 'unavailable') return programs;
  const password = randomBytes(16).toString('hex');
  const { server, port } = await launchOnFreePort(programs, password);

  const url = (database: string): string =>
    `postgresql://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
  return {
    kind: 'running',
    url,
    async createDatabase(name = `test_${randomBytes(6).toString('hex')}`, template = 'template0') {
      await execute(
        url('postgres'),
        `create database ${escapeIdentifier(name)} template ${escapeIdentifier(template)}`,
      );
      return url(name);
    },
    stop: () => server.stop(),
  };
}

async function launchOnFreePort(
  programs: PostgresPrograms,
  password: string,
): Promise<{ server: Server; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return { server: await launchServer(programs, password, port), port };
    } catch (error) {
      const portTaken = error instanceof Error && error.message.includes('Address already in use');
      if (!portTaken || attempt === ATTEMPTS) throw error;
    }
  }
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
