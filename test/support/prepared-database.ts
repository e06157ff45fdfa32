/**
 * An empty, migrated database, kept on disk for each set of migrations and packages: to make one
 * takes seconds of processor time, to copy one does not.
 */
import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { CLI, NODE_FLAGS } from './command.js';
import { removeFolder, temporaryFolder } from './temporary-folder.js';

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
const CACHE = join(process.cwd(), 'node_modules', '.cache', 'dialgate');

/** A new data folder of one's own. It has no master key yet. */
export function preparedFolder(purpose: string): string {
  const folder = temporaryFolder(purpose);
  cpSync(template(), folder, { recursive: true });
  return folder;
}

/** As PGlite's `dumpDataDir` made it, to be loaded into memory. */
export async function preparedDump(): Promise<Blob> {
  const path = join(CACHE, `dump-${version()}.tar`);
  if (existsSync(path)) return new Blob([readFileSync(path)]);
  const copy = preparedFolder('dump');
  const pglite = await PGlite.create(join(copy, 'database'), { extensions: { pg_trgm } });
  const dump = await pglite.dumpDataDir('none');
  await pglite.close();
  removeFolder(copy);
  const draft = join(CACHE, `draft-${randomUUID()}`);
  writeFileSync(draft, Buffer.from(await dump.arrayBuffer()));
  renameSync(draft, path);
  return dump;
}

function template(): string {
  const path = join(CACHE, `data-${version()}`);
  if (!existsSync(path)) makeTemplate(path);
  return path;
}

function makeTemplate(path: string): void {
  const draft = join(CACHE, `draft-${randomUUID()}`);
  mkdirSync(draft, { recursive: true });
  const made = spawnSync(process.execPath, [...NODE_FLAGS, CLI, 'migrate'], {
    env: { PATH: process.env['PATH'], DATA_DIR: draft },
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (made.status !== 0) throw new Error(`The database of the tests could not be made: ${made.stderr}`);
  try {
    // Whole or not at all: several test processes do this at once.
    renameSync(draft, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
    removeFolder(draft);
  }
}

let known: string | null = null;

function version(): string {
  if (known !== null) return known;
  const hash = createHash('sha256').update(readFileSync('package-lock.json'));
  for (const file of readdirSync(MIGRATIONS).filter((name) => name.endsWith('.js'))) {
    hash.update(readFileSync(join(MIGRATIONS, file)));
  }
  known = hash.digest('hex').slice(0, 16);
  return known;
}
