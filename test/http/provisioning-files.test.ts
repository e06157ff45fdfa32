/** Firmware and language files at the provisioning port, and those that are none. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pgliteStore } from '../support/store.js';
import { type World, withProvisioning } from './provisioning-phones.js';

const FIRMWARE = Buffer.from(Array.from({ length: 5_000 }, (_, at) => at % 256));
const SECRET = 'nobody is to read this';
const TOKEN = 'abcdefghijklmnopqrstuvwxyz234567';

/** A data folder as an operator may have it, links and all. */
function makeFolder(): { dataDir: string; filesDir: string } {
  const dataDir = mkdtempSync(join(tmpdir(), 'dialgate-files-'));
  const filesDir = join(dataDir, 'files');
  mkdirSync(join(filesDir, 'yealink', 'T46U'), { recursive: true });
  mkdirSync(join(filesDir, 'snom'));
  mkdirSync(join(filesDir, 'yealink', '.git'));
  writeFileSync(join(dataDir, 'master.key'), SECRET);
  writeFileSync(join(filesDir, 'loose.rom'), SECRET);
  writeFileSync(join(filesDir, 'yealink', '.hidden'), SECRET);
  writeFileSync(join(filesDir, 'yealink', '.git', 'config'), SECRET);
  writeFileSync(join(filesDir, 'yealink', 'T46U', 'T46U-108.86.0.90 (1).rom'), FIRMWARE);
  writeFileSync(join(filesDir, 'yealink', 'lang+de.txt'), 'Grüße');
  symlinkSync(join('T46U', 'T46U-108.86.0.90 (1).rom'), join(filesDir, 'yealink', 'latest.rom'));
  symlinkSync(join(dataDir, 'master.key'), join(filesDir, 'yealink', 'stolen.key'));
  symlinkSync(dataDir, join(filesDir, 'yealink', 'everything'));
  symlinkSync(filesDir, join(filesDir, 'yealink', 'siblings'));
  symlinkSync('loop', join(filesDir, 'yealink', 'loop'));
  return { dataDir, filesDir };
}

async function withFiles(body: (world: World) => Promise<void>, publicUrl?: string): Promise<void> {
  const { filesDir } = makeFolder();
  await withProvisioning(await pgliteStore(), body, {
    filesDir,
    ...(publicUrl !== undefined && { publicUrl }),
  });
}

const PATH = '/files/yealink/T46U/T46U-108.86.0.90%20(1).rom';

describe('a firmware file', () => {
  test('is served whole, in parts, and not again to whom holds it', async () => {
    await withFiles(async ({ fetch }) => {
      const whole = await fetch(PATH);
      assert.equal(whole.status, 200);
      assert.equal(Number(whole.headers['content-length']), FIRMWARE.length);
      assert.equal(whole.headers['cache-control'], 'public, max-age=3600');
      assert.equal(whole.headers['accept-ranges'], 'bytes');
      assert.ok(whole.headers.etag !== undefined && whole.headers['last-modified'] !== undefined);

      const part = await fetch(PATH, { headers: { Range: 'bytes=48-57' } });
      assert.deepEqual([part.status, part.body], [206, '0123456789']);
      assert.equal(part.headers['content-range'], 'bytes 48-57/5000');
      const tail = await fetch(PATH, { headers: { Range: 'bytes=-5' } });
      assert.equal(tail.headers['content-range'], 'bytes 4995-4999/5000');
      const beyond = await fetch(PATH, { headers: { Range: 'bytes=6000-' } });
      assert.deepEqual([beyond.status, beyond.headers['content-range']], [416, 'bytes */5000']);
      assert.equal(beyond.headers['cache-control'], 'no-store');

      const again = await fetch(PATH, { headers: { 'If-None-Match': whole.headers.etag } });
      assert.deepEqual([again.status, again.body], [304, '']);
      const since = await fetch(PATH, { headers: { 'If-Modified-Since': whole.headers['last-modified'] } });
      assert.equal(since.status, 304);
      const changed = await fetch(PATH, { headers: { 'If-Match': '"another"' } });
      assert.equal(changed.status, 412);
      const resumed = { Range: 'bytes=48-57', 'If-Range': '"another"' };
      assert.equal((await fetch(PATH, { headers: resumed })).status, 200);
    });
  });

  test('has the same headers by HEAD, and is not taken by anything else', async () => {
    await withFiles(async ({ fetch }) => {
      const head = await fetch(PATH, { method: 'HEAD' });
      assert.deepEqual([head.status, head.body, head.headers['content-length']], [200, '', '5000']);
      assert.equal((await fetch(PATH, { method: 'PUT' })).status, 405);
    });
  });

  test('is found with a token in front, below the path of the public URL, and by a link that stays inside', async () => {
    await withFiles(async ({ fetch, log }) => {
      for (const path of [
        PATH,
        `/${TOKEN}${PATH}`,
        `/p${PATH}`,
        `/p/${TOKEN}${PATH}`,
        `${PATH}?version=1`,
        '/files/yealink/latest.rom',
        '/files/yealink/lang+de.txt',
      ]) {
        assert.equal((await fetch(path)).status, 200, path);
      }
      assert.doesNotMatch(log(), new RegExp(TOKEN), 'the token is in no log');
      assert.match(log(), /"status":200/);
    }, 'https://phones.example/p');
  });

  test('is nothing where nothing is kept', async () => {
    await withProvisioning(await pgliteStore(), async ({ fetch }) => {
      assert.equal((await fetch(PATH)).status, 404);
    });
  });
});

test('nothing else on the disk can be had, however it is asked for', async () => {
  await withFiles(async ({ fetch, send }) => {
    const nothing = await fetch('/no/such/thing');
    assert.equal(nothing.status, 404);
    for (const path of [
      '/files/',
      '/files/yealink',
      '/files/yealink/',
      '/files/yealink/T46U',
      '/files/yealink/T46U/',
      '/files/loose.rom',
      '/files/nokia/loose.rom',
      '/files/yealink/missing.rom',
      '/files/yealink/latest.rom/x',
      '/files/yealink/.hidden',
      '/files/yealink/.git/config',
      '/files/yealink/stolen.key',
      '/files/yealink/everything/master.key',
      '/files/yealink/siblings/loose.rom',
      '/files/yealink/loop',
      '/files/yealink/../loose.rom',
      '/files/yealink/../../master.key',
      '/files/yealink/%2e%2e/%2e%2e/master.key',
      '/files/yealink/..%2f..%2fmaster.key',
      '/files/yealink/..%5c..%5cmaster.key',
      '/files/yealink/%252e%252e/%252e%252e/master.key',
      '/files/yealink//../../master.key',
      '/files/yealink/T46U/../../../master.key',
      '/files/yealink/latest.rom%00.txt',
      '/files/yealink/%00',
      '/files/yealink/%ff',
      '/files/yealink/latest.rom:$DATA',
      `/files/yealink/${'a'.repeat(300)}`,
      '/files/../master.key',
      '/files/YEALINK/latest.rom',
      `/${TOKEN}/files/../../master.key`,
      `/${TOKEN}/${TOKEN}/files/yealink/latest.rom`,
      '/files/files/yealink/latest.rom',
      '//files/yealink/latest.rom',
      '/__proto__/files/yealink/latest.rom/..',
      '/files/__proto__/latest.rom',
    ]) {
      const answer = await fetch(path);
      const what = `${path}: ${answer.status}`;
      assert.doesNotMatch(answer.body, /nobody/, what);
      assert.deepEqual([answer.status, answer.body], [404, nothing.body], what);
      assert.deepEqual({ ...answer.headers, date: '' }, { ...nothing.headers, date: '' }, what);
    }
    const absolute = 'GET http://x/files/yealink/../../master.key HTTP/1.0\r\n\r\n';
    assert.match(await send(absolute), /^HTTP\/1\.1 404 /);
  });
});
