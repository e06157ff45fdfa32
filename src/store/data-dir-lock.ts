import { createHash, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StartupFault } from '../domain/startup-fault.js';
import { dataDirFault } from './data-dir.js';

export interface HeldLock {
  release(): Promise<void>;
}

const TRIES = 5;

/**
 * PGlite has no lock of its own, and two processes on one database destroy it. So the folder has a
 * file that names the process which uses it. The file of a process that is gone counts for nothing:
 * process ids are used again (in a container they are always the same), so it also says when that
 * process was started.
 *
 * @throws StartupFault while another process, or this one, uses the folder.
 */
export async function lockDataDir(dataDir: string): Promise<HeldLock> {
  try {
    const outcome = await hold(join(dataDir, 'database.lock'));
    if ('heldBy' in outcome) throw inUse(dataDir, outcome.heldBy);
    return outcome;
  } catch (error) {
    throw error instanceof StartupFault ? error : dataDirFault(dataDir, error);
  }
}

/**
 * Creates the lock, in the place of a stale one if there is one. The process that removes a stale
 * lock holds a second lock on doing so, which is named after the stale one's content: without it, a
 * process that read the stale lock a moment ago would remove the lock of the one that replaced it.
 * That lock may be stale in its turn, and is then treated likewise.
 */
async function hold(path: string): Promise<HeldLock | { heldBy: string }> {
  const mine = `${process.pid} ${await startOf(process.pid)} ${randomUUID()}\n`;
  let holder: string | null = null;
  for (let tried = 0; tried < TRIES; tried += 1) {
    if (await createWhole(path, mine)) return { release: () => removeIf(path, mine) };
    holder = await readIfThere(path);
    if (holder === null) continue;
    if (await isAlive(holder)) return { heldBy: holder };
    const removal = await hold(`${path}.${createHash('sha256').update(holder).digest('hex').slice(0, 16)}`);
    if ('heldBy' in removal) return removal;
    try {
      await removeIf(path, holder);
    } finally {
      await removal.release();
    }
  }
  return { heldBy: holder ?? '' };
}

function inUse(dataDir: string, holder: string): StartupFault {
  return new StartupFault(
    `The data folder ${resolve(dataDir)} is in use by process ${holder.split(' ')[0]}. Stop that process, set DATA_DIR to another folder, or let several instances share a PostgreSQL by DATABASE_URL.`,
  );
}

/**
 * Creates the file with its content in one step, so that it is never read half written. Answers
 * false when there is one.
 */
async function createWhole(path: string, content: string): Promise<boolean> {
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, content, { flag: 'wx', mode: 0o600 });
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function removeIf(path: string, content: string): Promise<void> {
  if ((await readIfThere(path)) === content) await rm(path, { force: true });
}

async function isAlive(holder: string): Promise<boolean> {
  const [pidText = '', start] = holder.trim().split(' ');
  const pid = Number(pidText);
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and not ours to signal.
    if (codeOf(error) !== 'EPERM') return false;
  }
  return (await startOf(pid)) === start;
}

/**
 * When a process was started, in ticks since the system was (proc(5), field 22 of `stat`); `-`
 * where the system has no /proc.
 */
async function startOf(pid: number): Promise<string> {
  const stat = await readIfThere(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses and may hold anything.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
