/** Makes a PostgreSQL cluster in a temporary folder and keeps its server on a leash. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PostgresPrograms } from './postgres-programs.js';
import { removeFolder, temporaryFolder } from './temporary-folder.js';
import { until } from './wait-for.js';

export interface Server {
  stop(): Promise<void>;
}

const INITDB_WITHIN_MS = 180_000;
const START_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 60_000;

/** Nothing here outlives a test, so nothing needs to survive a power cut. */
const SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  autovacuum: 'off',
  shared_buffers: '32MB',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
};

/**
 * Runs the server and waits on its standard input, which ends when our process does, be it by
 * SIGKILL, which no handler of ours could answer. SIGQUIT is PostgreSQL's immediate shutdown.
 */
const LEASH = `
"$@" >log 2>&1 &
cat >/dev/null
kill -QUIT $!
wait $!
rm -rf "$PWD"
`;

/** @throws with the server's own words when it does not start */
export async function launchServer(
  programs: PostgresPrograms,
  password: string,
  port: number,
): Promise<Server> {
  const folder = temporaryFolder('postgres');
  await makeCluster(programs, folder, password);
  const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const leash = spawn(
    '/bin/sh',
    ['-c', LEASH, 'leash', programs.postgres, '-D', join(folder, 'data'), ...settings],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: folder,
      env: { PATH: '/usr/bin:/bin' },
      detached: true, // Ctrl-C is for the tests; the server ends after them.
      ...programs.identity,
    },
  );
  await once(leash, 'spawn');
  letGo(leash);

  const stop = async (): Promise<void> => {
    if (leash.exitCode === null && leash.signalCode === null) {
      leash.ref();
      const exited = once(leash, 'exit', { signal: AbortSignal.timeout(STOP_WITHIN_MS) });
      leash.stdin?.end();
      await exited;
    }
    removeFolder(folder);
  };
  try {
    await isReady(join(folder, 'log'));
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

async function makeCluster(programs: PostgresPrograms, folder: string, password: string): Promise<void> {
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const { uid, gid } = programs.identity;
  if (uid !== undefined && gid !== undefined) {
    for (const path of [folder, data, passwordFile]) chownSync(path, uid, gid);
  }
  const account = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  await promisify(execFile)(
    programs.initdb,
    [...account, '--no-sync', '--locale=C', '--encoding=UTF8', '--pgdata', data],
    { cwd: folder, env: { PATH: '/usr/bin:/bin' }, timeout: INITDB_WITHIN_MS, ...programs.identity },
  );
}

async function isReady(log: string): Promise<void> {
  await until(
    () => {
      const said = existsSync(log) ? readFileSync(log, 'utf8') : '';
      if (said.includes('FATAL:')) throw new Error(`PostgreSQL does not start:\n${said}`);
      return said.includes('ready to accept connections');
    },
    { within: START_WITHIN_MS, what: 'PostgreSQL to start' },
  );
}

/**
 * A test that forgets to stop the server must end all the same: neither the process nor its pipe
 * keeps ours alive.
 */
function letGo(child: ChildProcess): void {
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
}
