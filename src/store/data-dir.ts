import { randomUUID } from 'node:crypto';
import { access, chmod, constants, mkdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StartupFault } from '../domain/startup-fault.js';

const OWNER_ONLY = 0o700;

/**
 * Makes the folder where needed, closes it to other users, who could read the database in it, and
 * makes sure that it can be written.
 */
export async function prepareDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: OWNER_ONLY });
    if (await isOpenToOthers(dataDir)) await closeToOthers(dataDir);
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw dataDirFault(dataDir, error);
  }
}

/**
 * A folder that belongs to another user, as a volume that a group may write, stays as it is;
 * `isOpenToOthers` tells.
 */
async function closeToOthers(dataDir: string): Promise<void> {
  await chmod(dataDir, OWNER_ONLY).catch((error: unknown) => {
    if (!['EPERM', 'EROFS', 'ENOTSUP'].includes(codeOf(error))) throw error;
  });
}

/** Whether users other than its owner may do anything in the folder. */
export async function isOpenToOthers(dataDir: string): Promise<boolean> {
  return ((await stat(dataDir)).mode & 0o077) !== 0;
}

/**
 * The database extends its journal by so much at a time (`wal_segment_size`); with less it ends at
 * the next occasion.
 */
const LEAST_FREE_BYTES = 16 * 2 ** 20;

/**
 * Whether what is written to the folder is kept: why not, in a sentence for the operator; null when
 * it is.
 */
export async function findWriteFault(dataDir: string): Promise<string | null> {
  const probe = join(dataDir, `write-check.${randomUUID()}`);
  try {
    const { bavail, bsize } = await statfs(dataDir);
    if (bavail * bsize < LEAST_FREE_BYTES) return 'The disk of DATA_DIR is full: less than 16 MB are left.';
    await writeFile(probe, 'x', { flag: 'wx', mode: 0o600, flush: true });
    return null;
  } catch (error) {
    return `DATA_DIR cannot be written (${codeOf(error)}).`;
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

export function dataDirFault(dataDir: string, error: unknown): StartupFault {
  const reason = codeOf(error);
  return new StartupFault(
    `The data folder ${resolve(dataDir)} cannot be written (${reason}). Give this user the right to write there, or set DATA_DIR to a folder that it can write.`,
    { cause: error },
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
