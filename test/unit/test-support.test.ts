/**
 * The tests' own tools: a server that outlives its test run would be found by somebody else, much
 * later.
 */
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Client } from 'pg';
import { freePort, freePortRange } from '../support/free-port.js';
import { startPostgres, type Postgres } from '../support/postgres.js';
import { ROOT } from '../support/command.js';
import { removeFolder, temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/wait-for.js';

describe('until', () => {
  test('returns what it saw at last', async () => {
    let looks = 0;
    assert.equal(await until(() => (++looks === 3 ? 'there' : undefined), { every: 1 }), 'there');
    assert.equal(looks, 3);
  });

  test('gives up within its limit, and says for what it waited', async () => {
    await assert.rejects(
      until(() => false, { within: 30, every: 5, what: 'Godot' }),
      /waited 30 ms for Godot/,
    );
  });

  test('gives up while a look never ends', async () => {
    await assert.rejects(
      until(() => new Promise<boolean>(() => {}), { within: 30 }),
      /in vain/,
    );
  });
});

test('a run of test files that is told to end ends, with all that it started', async (t) => {
  const folder = temporaryFolder('run');
  const files = ['one', 'two', 'three'].map((name) => join(folder, `${name}.mjs`));
  for (const file of files) writeFileSync(file, "console.log('runs'); setInterval(() => {}, 1000);");
  const script = `
    import { conclude } from '${ROOT}/scripts/outcomes.mjs';
    import { runTestFiles } from '${ROOT}/scripts/test-run.mjs';
    const options = { atOnce: 2, withinMs: 600_000, nodeOptions: [] };
    process.stdout.write('begun');
    await conclude(() => runTestFiles(${JSON.stringify(files)}, options));`;
  const runner = spawn(process.execPath, ['--input-type=module', '-e', script]);
  t.after(() => runner.kill('SIGKILL'));
  await once(runner.stdout, 'data');
  await until(async () => (await childrenOf(runner.pid)).length === 2);
  const children = await childrenOf(runner.pid);
  runner.kill('SIGTERM');
  const [, signal] = (await once(runner, 'exit')) as [number | null, NodeJS.Signals | null];
  assert.equal(signal, 'SIGTERM');
  for (const child of children) assert.throws(() => process.kill(child, 0), { code: 'ESRCH' });
});

test('a free port can be listened on, and the first of a range is even', async () => {
  const server = createServer().listen(await freePort(), '127.0.0.1');
  await once(server, 'listening');
  server.close();
  const { first, last } = await freePortRange(10);
  assert.equal(last - first, 9);
  assert.equal(first % 2, 0);
});

test('a temporary folder exists until it is removed', () => {
  const folder = temporaryFolder();
  assert.ok(existsSync(folder));
  removeFolder(folder);
  assert.ok(!existsSync(folder));
});

describe('a PostgreSQL server', () => {
  let postgres: Postgres;
  before(async () => {
    postgres = await startPostgres();
  });
  after(async () => {
    if (postgres.kind === 'running') await postgres.stop();
  });

  test('gives databases of our own, also as copies of one that was prepared', async (t) => {
    if (postgres.kind === 'unavailable') return t.skip(postgres.reason);
    const prepared = await postgres.createDatabase('prepared');
    await query(prepared, 'create table word (text text); insert into word values ($$kept$$)');
    const copy = await postgres.createDatabase(undefined, 'prepared');
    assert.deepEqual(await query(copy, 'select text from word'), [{ text: 'kept' }]);
    assert.notEqual(copy, prepared);
  });

  test('lets nobody in without its password', async (t) => {
    if (postgres.kind === 'unavailable') return t.skip(postgres.reason);
    const url = new URL(postgres.url('postgres'));
    url.password = 'guess';
    await assert.rejects(query(url.href, 'select 1'), /password authentication failed/);
  });

  test('is gone, with its files, when its test process is killed', async (t) => {
    if (postgres.kind === 'unavailable') return t.skip(postgres.reason);
    const module = new URL('../support/postgres.js', import.meta.url).href;
    const script = `const postgres = await (await import(${JSON.stringify(module)})).startPostgres();
      console.log(postgres.url('postgres'));
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [printed] = (await once(child.stdout, 'data')) as [Buffer];
    const url = printed.toString().trim();
    const [row] = await query(url, 'show data_directory');
    assert.ok(existsSync(row?.['data_directory'] ?? ''));

    child.kill('SIGKILL');
    const gone = (): boolean => !existsSync(dirname(row?.['data_directory'] ?? ''));
    await until(gone, { within: 10_000, what: 'its folder to go' });
    await assert.rejects(query(url, 'select 1'), /ECONNREFUSED/);
  });
});

async function query(url: string, text: string): Promise<Record<string, string>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, string>>(text)).rows;
  } finally {
    await client.end();
  }
}

/** The processes that a process has started and that live (proc(5)). */
async function childrenOf(pid: number | undefined): Promise<number[]> {
  const listed = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return listed.split(' ').filter(Boolean).map(Number);
}
