/** A PGlite that has just been initialised, kept on disk: to make one takes seconds of processor time, to load one does not. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';

const FOLDER = join(process.cwd(), 'node_modules', '.cache', 'dialgate');

/** As PGlite's `dumpDataDir` made it, once for each version of PGlite. */
export async function emptyPglite(): Promise<Blob> {
  const path = join(FOLDER, `empty-pglite-${pgliteVersion()}.tar`);
  try {
    return new Blob([readFileSync(path)]);
  } catch {
    // Not made yet, or not readable: then it is made.
  }
  const pglite = await PGlite.create();
  const dump = await pglite.dumpDataDir('none');
  await pglite.close();
  mkdirSync(FOLDER, { recursive: true });
  // Whole or not at all: several test processes do this at once.
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, Buffer.from(await dump.arrayBuffer()));
  renameSync(draft, path);
  return dump;
}

function pgliteVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite');
  const { version } = JSON.parse(readFileSync(join(entry, '..', '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  return version;
}
