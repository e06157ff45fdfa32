import { randomUUID } from 'node:crypto';
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { type MasterKey, makeMasterKey, openMasterKey } from '../domain/secrets.js';
import { StartupFault } from '../domain/startup-fault.js';
import { dataDirFault, prepareDataDir } from '../store/data-dir.js';
import { adoptFingerprint, findFingerprint } from '../store/installation.js';
import type { Queryable } from '../store/store.js';

export interface MasterKeySettings {
  /** The text of the key; null takes the file. */
  masterKey: string | null;
  dataDir: string;
}

/** Shorter keys are typed by people, and guessed by machines. */
const MIN_LENGTH = 16;

/**
 * The key from which everything secret is derived: `MASTER_KEY`, else `DATA_DIR/master.key`, which
 * is made when neither it nor the database has been used before. The database remembers the key's
 * fingerprint, so that a wrong one is noticed now and not by the phones.
 *
 * @throws StartupFault when the key is missing, malformed, or not that of the database.
 */
export async function loadMasterKey(
  db: Queryable,
  settings: MasterKeySettings,
  log: Logger,
): Promise<MasterKey> {
  const path = join(settings.dataDir, 'master.key');
  const fingerprint = await findFingerprint(db);
  const found = settings.masterKey ?? (await readKeyFile(settings.dataDir, path, log));
  if (found === null && fingerprint !== null) throw missing(path);

  const key = openMasterKey(
    checked(found ?? (await makeKeyFile(settings.dataDir, path, log)), settings, path),
  );
  if ((await adoptFingerprint(db, key.fingerprint)) !== key.fingerprint) throw wrong(settings, path);
  return key;
}

function checked(text: string, settings: MasterKeySettings, path: string): string {
  if (text.trim().length >= MIN_LENGTH) return text;
  const where = settings.masterKey === null ? `The file ${resolve(path)}` : 'MASTER_KEY';
  throw new StartupFault(
    `${where} holds no usable master key: ${MIN_LENGTH} characters at least. Restore it from a backup.`,
  );
}

function missing(path: string): StartupFault {
  return new StartupFault(
    `The database was made with a master key, and there is none: set MASTER_KEY, or restore ${resolve(path)}. ` +
      'Without that key no PIN, token or password of this database can be told.',
  );
}

function wrong(settings: MasterKeySettings, path: string): StartupFault {
  const held = settings.masterKey === null ? `The key in ${resolve(path)}` : 'MASTER_KEY';
  return new StartupFault(
    `${held} is not the key that the database was made with. Give every instance the key of the first one, by MASTER_KEY or by its ` +
      'master.key, or let this one use another database.',
  );
}

async function readKeyFile(dataDir: string, path: string, log: Logger): Promise<string | null> {
  try {
    const text = await readFile(path, 'utf8');
    const mode = (await stat(path)).mode & 0o777;
    if ((mode & 0o077) !== 0) {
      log.warn(
        { path: resolve(path), mode: mode.toString(8) },
        'the master key can be read by others; chmod 600',
      );
    }
    return text;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw dataDirFault(dataDir, error);
  }
}

/**
 * Makes the file whole or not at all, and never over one that is there: two instances may start at
 * once on one folder.
 */
async function makeKeyFile(dataDir: string, path: string, log: Logger): Promise<string> {
  await prepareDataDir(dataDir);
  const draft = `${path}.${randomUUID()}`;
  try {
    await writeFile(draft, `${makeMasterKey()}\n`, { flag: 'wx', mode: 0o600, flush: true });
    await link(draft, path);
    log.info({ path: resolve(path) }, 'a master key was made; keep a copy of it apart from the database');
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw dataDirFault(dataDir, error);
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(path, 'utf8');
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
