/** Folders that a test may fill and that clean themselves up. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made = new Set<string>();
let atExit = false;

/**
 * Makes an empty folder of our own (mode 0700). It is removed when the process ends, unless
 * removeFolder was quicker.
 */
export function temporaryFolder(purpose = 'test'): string {
  if (!atExit) {
    process.on('exit', () => made.forEach(removeFolder));
    atExit = true;
  }
  const folder = mkdtempSync(join(tmpdir(), `dialgate-${purpose}-`));
  made.add(folder);
  return folder;
}

/** Removes a folder and all that is in it now. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  made.delete(folder);
}
