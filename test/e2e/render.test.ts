/**
 * What an operator can do on the command line with configurations: look at one, and be told of a
 * template that is wrong.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CLI, NODE_FLAGS } from '../support/command.js';
import { preparedFolder } from '../support/prepared-database.js';
import { Service, startInVain } from '../support/service.js';

interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}

const render = (dataDir: string, ...parameters: string[]) => command(dataDir, 'render', ...parameters);

async function command(dataDir: string, name: string, ...parameters: string[]): Promise<Ended> {
  const env = { PATH: process.env['PATH'], DATA_DIR: dataDir, LOG_LEVEL: 'error' };
  return new Promise((resolve) => {
    const options = { env, timeout: 240_000 };
    execFile(
      process.execPath,
      [...NODE_FLAGS, CLI, name, ...parameters],
      options,
      (error, stdout, stderr) => {
        resolve({ status: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      },
    );
  });
}

function addTemplate(dataDir: string, name: string, text: string): void {
  mkdirSync(join(dataDir, 'templates', 'yealink'), { recursive: true });
  writeFileSync(join(dataDir, 'templates', 'yealink', name), text);
}

test('`dialgate render` shows what a phone would get, own template and all, and no secret', async (t) => {
  const dataDir = preparedFolder('render');
  addTemplate(dataDir, 'full.liquid', '{{ base }}# {{ lines[0].label | line }} {{ lines[0].password }}\n');
  const service = await Service.start(t, { dataDir });
  const { macHex, line } = await service.api.createPhone();
  const answer = await service.api.need('GET', `/devices/${macHex}/configuration?as=full`);
  assert.equal(await service.stop(), 0);

  const full = await render(dataDir, '--mac', macHex, '--as', 'full');
  assert.equal(full.status, 0, full.stderr);
  assert.match(full.stdout, /^# 201 Anna \*{8}$/m);
  const ofConfiguration = (text: string): string => text.replaceAll(/http:\/\/[^/]*/g, '');
  assert.equal(ofConfiguration(full.stdout), ofConfiguration(answer.document), 'the API shows the same');
  assert.ok(!(full.stdout + full.stderr).includes(line.password));
  assert.match(full.stderr, /^gets +minimal \(needed\)$/m);

  const explained = await command(dataDir, 'explain', '--mac', macHex);
  assert.equal(explained.status, 0, explained.stderr);
  assert.match(explained.stdout, /^state +needed, shows “Authentication needed”$/m);
  assert.match(explained.stdout, /^created +20\d\d-.*Z\ncontacted +not yet$/m);
  assert.match(explained.stdout, /^gets +minimal: it has not proved itself \(needed\)$/m);
  assert.ok(!(explained.stdout + explained.stderr).includes(line.password));
  const unknown = await command(dataDir, 'explain', '--mac', '805ec0000000');
  assert.deepEqual([unknown.status, unknown.stderr], [1, 'There is no such device.\n']);

  const minimal = await render(dataDir, '--mac', macHex);
  assert.match(minimal.stdout, /^account\.1\.label = Authentication needed$/m);
  for (const [parameters, said] of [
    [['--mac', '805ec0000000'], /There is no such device/],
    [['--mac', 'nonsense'], /--mac takes/],
    [['--mac', macHex, '--as', 'both'], /--as takes/],
  ] as const) {
    const refused = await render(dataDir, ...parameters);
    assert.deepEqual([refused.status, refused.stdout], [1, '']);
    assert.match(refused.stderr, said);
  }
});

test('`dialgate render` makes no data folder where there is none', async () => {
  const nowhere = join(tmpdir(), `dialgate-nowhere-${process.pid}`);
  const { status, stderr } = await render(nowhere, '--mac', '805ec0112233');
  assert.equal(status, 1);
  assert.match(stderr, /There is no data folder/);
  assert.ok(!existsSync(nowhere));
});

test('a template that is wrong keeps Dialgate from starting', async () => {
  const dataDir = preparedFolder('templates');
  addTemplate(dataDir, 'minimal.liquid', '{{ base }}\n{{ lines[0].password }}\n');
  const { status, output } = await startInVain({ DATA_DIR: dataDir });
  assert.equal(status, 1);
  assert.match(output, /templates\/yealink\/minimal\.liquid:2: undefined variable: lines/);
});
