import assert from 'node:assert/strict';
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { NODE_FLAGS } from '../support/command.js';
import { installedTree } from '../support/installed-tree.js';
import { until } from '../support/wait-for.js';

const ANY_PORTS = { PROVISIONING_PORT: '0', ADMIN_PORT: '0', INTERNAL_PORT: '0', SIP_PORT: '0' };

/** Every command runs with the packages that an installation has: none of those for development. */
const CLI = installedTree();

describe('an installation without the packages for development', { concurrency: 2 }, () => {
  for (const command of ['phone', 'render', 'explain', 'audit', 'admin-key']) {
    it(`has ${command}`, async () => {
      const { stdout } = await promisify(execFile)(process.execPath, [...NODE_FLAGS, CLI, command, '--help']);
      assert.match(stdout, new RegExp(`^dialgate ${command} `));
    });
  }

  for (const command of ['serve', 'migrate']) {
    it(`has ${command}`, async () => {
      const env = {
        PATH: process.env['PATH'],
        ...ANY_PORTS,
        DATABASE_URL: 'postgres://dialgate@127.0.0.1:9/none',
      };
      const failed = promisify(execFile)(process.execPath, [...NODE_FLAGS, CLI, command], { env });
      await assert.rejects(failed, /DATABASE_URL/);
    });
  }
});

describe('the demo', () => {
  it('shows the main job, says where everything is, goes on running, and ends on SIGTERM with status 0', async (t) => {
    const child = spawn(process.execPath, [...NODE_FLAGS, CLI, 'demo'], {
      env: { PATH: process.env['PATH'], ...ANY_PORTS },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    t.after(() => child.kill('SIGKILL'));
    let shown = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        shown += text;
      });
    }
    await until(() => shown.includes('Ctrl-C') || child.exitCode !== null, { within: 300_000, every: 200 });
    for (const words of [
      'Authentication needed',
      '*89',
      'NOTIFY',
      'check-sync',
      'successful',
      'tries-left-2',
      'k201a',
    ]) {
      assert.ok(shown.includes(words), `${words} is shown\n${shown}`);
    }
    const page = /http:\/\/127\.0\.0\.1:\d+\/(?=\s)/.exec(shown)?.[0] ?? '';
    assert.equal((await fetch(page)).status, 200);
    const key = /API key\s+(\S+)/.exec(shown)?.[1] ?? '';
    const devices = await fetch(`${page}api/v1/devices`, { headers: { Authorization: `Bearer ${key}` } });
    assert.equal(((await devices.json()) as { items: unknown[] }).items.length, 2);

    // What it offers to the reader works as it stands there, in a shell elsewhere.
    const commands = shown.split('\n').filter((line) => /^ {2}\S.* phone --url /.test(line));
    assert.equal(commands.length, 2, shown);
    const [without = '', withPin = ''] = commands;
    const paste = (command: string) =>
      promisify(execFile)('/bin/sh', ['-c', command], { cwd: '/', env: { PATH: process.env['PATH'] } });
    const waiting = (await paste(without)).stdout;
    assert.match(waiting, /Authentication needed/);
    assert.doesNotMatch(waiting, /k201a/, 'the PIN of the first phone let no other in');
    assert.match((await paste(withPin)).stdout, /k201a/);
    if (spawnSync('curl', ['--version']).error === undefined) {
      const curls = shown.split('\n').filter((line) => /^ {2}curl /.test(line));
      assert.equal(curls.length, 2, shown);
      const [look = '', reset = ''] = curls;
      assert.match((await paste(look)).stdout, /"state":"successful"/);
      assert.match((await paste(reset)).stdout, /"pap":"\d{6}"/);
    }

    child.kill('SIGTERM');
    await once(child, 'exit');
    assert.equal(child.exitCode, 0);
  });
});
