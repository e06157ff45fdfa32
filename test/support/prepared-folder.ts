/** A data folder with an empty, migrated database: to make one takes seconds of processor time, to copy one does not. */
import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { removeFolder, temporaryFolder } from './temporary-folder.js';

const CLI = fileURLToPath(new URL('../../src/cli.js', import.meta.url));
const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url));
const CACHE = join(process.cwd(), 'node_modules', '.cache', 'dialgate');

/** A new data folder of one's own. It has no master key yet. */
export function preparedFolder(purpose: string): string {
  const template = join(CACHE, `data-${templateVersion()}`);
  if (!existsSync(template)) makeTemplate(template);
  const folder = temporaryFolder(purpose);
  cpSync(template, folder, { recursive: true });
  return folder;
}

function makeTemplate(template: string): void {
  const draft = join(CACHE, `draft-${randomUUID()}`);
  mkdirSync(draft, { recursive: true });
  const made = spawnSync(process.execPath, [CLI, 'migrate'], {
    env: { PATH: process.env['PATH'], DATA_DIR: draft },
    encoding: 'utf8',
    timeout: 120_000,
  });
  if (made.status !== 0) throw new Error(`The database of the tests could not be made: ${made.stderr}`);
  try {
    // Whole or not at all: several test processes do this at once.
    renameSync(draft, template);
  } catch (error) {
    if (!existsSync(template)) throw error;
    removeFolder(draft);
  }
}

/** Another one for each set of migrations and packages. */
function templateVersion(): string {
  const hash = createHash('sha256').update(readFileSync('package-lock.json'));
  for (const file of readdirSync(MIGRATIONS).filter((name) => name.endsWith('.js'))) {
    hash.update(readFileSync(join(MIGRATIONS, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
