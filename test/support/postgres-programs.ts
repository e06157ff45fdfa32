/** Where PostgreSQL's programs are, and as whom they may run. */
import { execFile } from 'node:child_process';
import { access, constants, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface PostgresPrograms {
  kind: 'found';
  initdb: string;
  postgres: string;
  /**
   * Whom to run them as; empty when we are an ordinary user ourselves. PostgreSQL refuses to run as
   * root.
   */
  identity: { uid?: number; gid?: number };
}

/** Debian's place, where each version has its own folder. */
const DEBIAN = '/usr/lib/postgresql';

/**
 * @returns unavailable, with the reason, when they are not installed or there is no user to run
 *   them as
 */
export async function findPostgres(): Promise<PostgresPrograms | { kind: 'unavailable'; reason: string }> {
  const folder = await findFolder();
  if (folder === undefined) return { kind: 'unavailable', reason: 'PostgreSQL is not installed' };
  const identity = await findIdentity();
  if (identity === undefined) {
    return {
      kind: 'unavailable',
      reason: 'PostgreSQL does not run as root, and no user postgres or nobody exists',
    };
  }
  return { kind: 'found', initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres'), identity };
}

async function findFolder(): Promise<string | undefined> {
  const onPath = await ask('sh', ['-c', 'readlink -f "$(command -v initdb)"']);
  // Where it is not Debian's package, it is on the PATH or nowhere.
  const versions = await readdir(DEBIAN).catch(() => []);
  const newestFirst = versions
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(DEBIAN, version, 'bin'));
  const folders = [...(onPath === undefined ? [] : [dirname(onPath)]), ...newestFirst, '/usr/local/bin'];
  for (const folder of folders) {
    if ((await isExecutable(join(folder, 'initdb'))) && (await isExecutable(join(folder, 'postgres'))))
      return folder;
  }
  return undefined;
}

async function findIdentity(): Promise<PostgresPrograms['identity'] | undefined> {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    const [uid, gid] = await Promise.all([ask('id', ['-u', user]), ask('id', ['-g', user])]);
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** What a program prints, or nothing when it fails or has nothing to say. */
function ask(program: string, parameters: string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, parameters, { timeout: 60_000 }, (error, stdout) => {
      const answer = stdout.trim();
      resolve(error === null && answer !== '' ? answer : undefined);
    });
  });
}
