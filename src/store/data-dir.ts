import { access, constants, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { StartupFault } from '../startup-fault.js';

/** Makes the folder where needed, closed to other users, and makes sure that it can be written. */
export async function prepareDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await access(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw dataDirFault(dataDir, error);
  }
}

export function dataDirFault(dataDir: string, error: unknown): StartupFault {
  const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return new StartupFault(
    `The data folder ${resolve(dataDir)} cannot be written (${reason}). Give this user the right to write there, or set DATA_DIR to a folder that it can write.`,
    { cause: error },
  );
}
