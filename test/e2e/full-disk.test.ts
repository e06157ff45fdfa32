/** A disk that is full: a process that answers and cannot write is not ready. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, statSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { preparedFolder } from '../support/prepared-database.js';
import { Service } from '../support/service.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { until } from '../support/wait-for.js';

const MOUNTED = 'mounted';

/**
 * A small file system in memory, which only a process with a mount namespace of its own can have:
 * it is seen through that one's root.
 */
async function smallDisk(megabytes: number): Promise<{ path: string; end: () => void } | null> {
  const folder = temporaryFolder('disk');
  const script = `mount -t tmpfs -o size=${megabytes}m tmpfs '${folder}' && echo ${MOUNTED} && exec sleep 600`;
  const holder = spawn('unshare', ['--mount', '--user', '--map-root-user', 'sh', '-c', script], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const isMounted = await new Promise<boolean>((resolve) => {
    holder.once('error', () => resolve(false));
    holder.once('exit', () => resolve(false));
    holder.stdout.once('data', (text: Buffer) => resolve(String(text).includes(MOUNTED)));
  });
  if (!isMounted) return null;
  return { path: join(`/proc/${holder.pid}/root`, folder), end: () => holder.kill('SIGKILL') };
}

test('on a full disk /readyz is 503, and 200 again once there is room', async (t) => {
  const disk = await smallDisk(160);
  if (disk === null) return t.skip('this user cannot mount a file system of its own');
  t.after(() => disk.end());
  const dataDir = join(disk.path, 'data');
  mkdirSync(dataDir);
  cpSync(preparedFolder('full-disk'), dataDir, { recursive: true });
  const service = await Service.start(t, { dataDir });
  const ready = async (): Promise<{ status: number; text: string }> => {
    const answer = await fetch(`${service.facts.adminUrl}/readyz`);
    return { status: answer.status, text: await answer.text() };
  };
  await until(async () => (await ready()).status === 200, { within: 60_000, what: 'readiness' });
  assert.equal(statSync(dataDir).mode & 0o777, 0o700);

  const filler = join(disk.path, 'filler');
  const { bavail, bsize } = statfsSync(disk.path);
  writeFileSync(filler, Buffer.alloc(bavail * bsize - 64 * 1024));
  const { text } = await until(
    async () => {
      const seen = await ready();
      return seen.status === 503 ? seen : null;
    },
    { within: 60_000, what: 'a 503' },
  );
  assert.match(text, /DATA_DIR is full/);
  rmSync(filler);
  await until(async () => (await ready()).status === 200, { within: 60_000, what: 'readiness' });
  assert.equal(await service.stop(), 0);
});
