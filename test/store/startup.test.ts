/**
 * What keeps Dialgate from starting is said in a sentence that names the setting; and what only
 * looks like it does not.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeMasterKey } from '../../src/domain/secrets.js';
import { loadMasterKey } from '../../src/services/master-key.js';
import { StartupFault } from '../../src/domain/startup-fault.js';
import { prepareDataDir } from '../../src/store/data-dir.js';
import { lockDataDir } from '../../src/store/data-dir-lock.js';
import { migrate } from '../../src/store/migrate.js';
import { openStore } from '../../src/store/open-store.js';
import { freePort } from '../support/free-port.js';
import { SILENT, onBothDatabases, pgliteStore } from '../support/store.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const isFault =
  (pattern: RegExp) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof StartupFault, String(error));
    assert.match(error.message, pattern);
    return true;
  };

test('a data folder that cannot be written is named', async () => {
  // A file in the way stops root, too, whom no permission stops.
  const path = join(temporaryFolder('unwritable'), 'file');
  writeFileSync(path, '');
  for (const dataDir of [path, join(path, 'below')]) {
    await assert.rejects(
      openStore({ databaseUrl: null, dataDir, log: SILENT }),
      isFault(/cannot be written.*DATA_DIR/),
    );
  }
});

test('the data folder is closed to others, an existing one too', async () => {
  const parent = temporaryFolder('open-to-others');
  for (const mode of [0o755, 0o777, 0o750, null]) {
    const dataDir = join(parent, `data-${mode}`);
    if (mode !== null) {
      mkdirSync(dataDir);
      chmodSync(dataDir, mode);
    }
    await prepareDataDir(dataDir);
    assert.equal(statSync(dataDir).mode & 0o777, 0o700);
  }
});

test(
  'a PostgreSQL that does not answer is named by its setting, and its password is not',
  { timeout: 300_000 },
  async () => {
    const port = await freePort();
    const databaseUrl = `postgresql://dialgate:very-secret@127.0.0.1:${port}/dialgate`;
    await assert.rejects(openStore({ databaseUrl, dataDir: null, log: SILENT }), (error) => {
      isFault(/ECONNREFUSED.*DATABASE_URL/)(error);
      return !String(error).includes('very-secret');
    });
  },
);

onBothDatabases('a second start on the same database finds it up to date', async ({ store }) => {
  assert.deepEqual(await migrate(store), []);
});

onBothDatabases('a database from a newer version is left alone', async ({ store }) => {
  const newer = { name: '9999-from-the-future', timestamp: new Date().toISOString() };
  const table = store.db.withTables<{ kysely_migration: typeof newer }>();
  await table.insertInto('kysely_migration').values(newer).execute();
  try {
    await assert.rejects(migrate(store), isFault(/Nothing was changed.*newer Dialgate/));
  } finally {
    await table.deleteFrom('kysely_migration').where('name', '=', newer.name).execute();
  }
});

test('one process at a time has the database of a data folder', { timeout: 300_000 }, async () => {
  const dataDir = temporaryFolder('locked');
  const store = await openStore({ databaseUrl: null, dataDir, log: SILENT });
  try {
    await assert.rejects(
      openStore({ databaseUrl: null, dataDir, log: SILENT }),
      isFault(new RegExp(`in use by process ${process.pid}.*DATA_DIR.*DATABASE_URL`)),
    );
    assert.equal(statSync(join(dataDir, 'database.lock')).mode & 0o777, 0o600);
  } finally {
    await store.close();
  }
  assert.ok(!existsSync(join(dataDir, 'database.lock')));
});

test('the lock of another living process holds, and falls with it', { timeout: 300_000 }, async () => {
  const dataDir = temporaryFolder('locked-elsewhere');
  const script = `
    const { lockDataDir } = await import(${JSON.stringify(new URL('../../src/store/data-dir-lock.js', import.meta.url).href)});
    await lockDataDir(${JSON.stringify(dataDir)});
    process.stdout.write('locked');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  await assert.rejects(lockDataDir(dataDir), isFault(new RegExp(`in use by process ${child.pid}`)));

  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await exited;
  const lock = await lockDataDir(dataDir);
  await lock.release();
  assert.deepEqual(readdirSync(dataDir), []);
});

test('the lock of a process that is gone counts for nothing, even when its id is in use again', async () => {
  const dataDir = temporaryFolder('stale');
  // This process, as if it had been started at another time; a process that there is not; and
  // nonsense.
  for (const stale of [`${process.pid} 1 x\n`, '4194304 1 x\n', 'nonsense', '']) {
    writeFileSync(join(dataDir, 'database.lock'), stale);
    const lock = await lockDataDir(dataDir);
    await assert.rejects(lockDataDir(dataDir), isFault(/in use/));
    await lock.release();
  }
});

test('of many that find a stale lock at once one gets the folder', async () => {
  // Several times, for the order in which they come between each other is a matter of chance.
  for (let round = 0; round < 40; round += 1) {
    const dataDir = temporaryFolder('contended');
    writeFileSync(join(dataDir, 'database.lock'), `${process.pid} 1 x\n`);
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, async () => lockDataDir(dataDir)));
    assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 1);
    assert.deepEqual(readdirSync(dataDir), ['database.lock']);
  }
});

test('the first start makes a master key that only this user can read', async () => {
  const store = await pgliteStore();
  const dataDir = join(temporaryFolder('key'), 'data');
  const [first, second] = await Promise.all([
    loadMasterKey(store.db, { masterKey: null, dataDir }, SILENT),
    loadMasterKey(store.db, { masterKey: null, dataDir }, SILENT),
  ]);
  assert.equal(statSync(join(dataDir, 'master.key')).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(dataDir), ['master.key']);
  assert.equal(first.fingerprint, second.fingerprint);
  const again = await loadMasterKey(store.db, { masterKey: null, dataDir }, SILENT);
  assert.deepEqual(again, first);
});

test('MASTER_KEY goes before the file, and makes none', async () => {
  const store = await pgliteStore();
  const dataDir = temporaryFolder('key');
  await loadMasterKey(store.db, { masterKey: makeMasterKey(), dataDir }, SILENT);
  assert.deepEqual(readdirSync(dataDir), []);
});

test('a master key that is not the database’s is refused, and so is none', async () => {
  const store = await pgliteStore();
  const dataDir = temporaryFolder('key');
  const masterKey = makeMasterKey();
  await loadMasterKey(store.db, { masterKey, dataDir }, SILENT);

  const other = makeMasterKey();
  await assert.rejects(loadMasterKey(store.db, { masterKey: other, dataDir }, SILENT), (error) => {
    isFault(/^MASTER_KEY is not the key that the database was made with/)(error);
    return !String(error).includes(other);
  });
  await assert.rejects(
    loadMasterKey(store.db, { masterKey: null, dataDir }, SILENT),
    isFault(/set MASTER_KEY, or restore/),
  );
  // And no new key lies there now that looks as if it were the right one.
  assert.deepEqual(readdirSync(dataDir), []);
  writeFileSync(join(dataDir, 'master.key'), makeMasterKey());
  await assert.rejects(
    loadMasterKey(store.db, { masterKey: null, dataDir }, SILENT),
    isFault(/master\.key is not the key/),
  );
  writeFileSync(join(dataDir, 'master.key'), masterKey);
  await loadMasterKey(store.db, { masterKey: null, dataDir }, SILENT);
});

test('a master key file that is empty, or no file, is refused; one that others can read is warned of', async () => {
  const store = await pgliteStore();
  const dataDir = temporaryFolder('key');
  const path = join(dataDir, 'master.key');
  writeFileSync(path, '\n');
  await assert.rejects(
    loadMasterKey(store.db, { masterKey: null, dataDir }, SILENT),
    isFault(/no usable master key/),
  );

  writeFileSync(path, makeMasterKey());
  chmodSync(path, 0o644);
  const warned: unknown[] = [];
  const log = Object.assign(Object.create(SILENT) as typeof SILENT, {
    warn: (fields: unknown) => warned.push(fields),
  });
  await loadMasterKey(store.db, { masterKey: null, dataDir }, log);
  assert.equal(warned.length, 1);
  assert.ok(!JSON.stringify(warned).includes(readFileSync(path, 'utf8').trim()));

  const folderInTheWay = join(temporaryFolder('key'), 'data');
  mkdirSync(join(folderInTheWay, 'master.key'), { recursive: true });
  await assert.rejects(
    loadMasterKey(store.db, { masterKey: null, dataDir: folderInTheWay }, SILENT),
    isFault(/EISDIR/),
  );
});
