/**
 * Runs compiled test files in the order in which they are given, several at once, each in a process
 * group of its own.
 *
 * `node --test` keeps no order, and where a file's process does not end it waits without a bound.
 * Here a file that takes too long is ended, with all that it started, and named.
 */
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import process from 'node:process';
import { run } from './run.mjs';

const COUNTS = fileURLToPath(new URL('test-counts.mjs', import.meta.url));

/**
 * @param {string[]} files compiled test files
 * @param {{ atOnce: number, withinMs: number, nodeOptions: string[] }} options withinMs: how long
 *   one file may take
 * @returns {Promise<{ passed: number, failed: number, skipped: number, failedFiles: string[] }>} a
 *   file whose process failed without a failed test counts as one failed test
 * @throws {Interrupted} when a signal came meanwhile; everything has ended then
 */
export async function runTestFiles(files, { atOnce, withinMs, nodeOptions }) {
  const sum = { passed: 0, failed: 0, skipped: 0, failedFiles: [] };
  const waiting = [...files];
  const work = async () => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const { passed, failed, skipped, why } = await runFile(file, files.length === 1, withinMs, nodeOptions);
      sum.passed += passed;
      sum.failed += failed;
      sum.skipped += skipped;
      if (failed > 0) sum.failedFiles.push(`${file}${why === '' ? '' : ` (it ${why})`}`);
    }
  };
  const workers = Array.from({ length: atOnce }, () =>
    work().catch((error) => {
      waiting.length = 0;
      throw error;
    }),
  );
  // All of them: while one still listens for signals, the one that is to end this process would be
  // caught there.
  for (const outcome of await Promise.allSettled(workers)) {
    if (outcome.status === 'rejected') throw outcome.reason;
  }
  return sum;
}

async function runFile(file, show, withinMs, nodeOptions) {
  const counts = join(tmpdir(), `dialgate-test-counts-${process.pid}-${file.replaceAll(/\W/g, '-')}`);
  const reporters = [
    ['spec', 'stdout'],
    [COUNTS, counts],
  ].flatMap(([reporter, destination]) => [
    `--test-reporter=${reporter}`,
    `--test-reporter-destination=${destination}`,
  ]);
  try {
    const { ok, output, why } = await run(process.execPath, [...nodeOptions, ...reporters, file], {
      withinMs,
      show,
    });
    process.stdout.write(ok ? output : `${output}${file} ${why}\n`);
    const letters = await readFile(counts, 'utf8').catch(() => '');
    const count = (letter) => letters.split(letter).length - 1;
    return {
      passed: count('p'),
      failed: ok ? count('f') : Math.max(1, count('f')),
      skipped: count('s'),
      // That a test failed is no news of the process.
      why: count('f') > 0 ? '' : why,
    };
  } finally {
    await rm(counts, { force: true });
  }
}
