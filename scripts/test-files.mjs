/** Which compiled test files stand for which source paths. */
import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Failure } from './outcomes.mjs';
import { DIST, ROOT } from './prepare.mjs';

/**
 * Their tests mostly wait: for announcements, timers, phones. Those of the other folders compute.
 */
const WAITING = ['e2e', 'rules', 'sip'].map((folder) => `${sep}test${sep}${folder}${sep}`);

/**
 * @param {string[]} paths test sources, folders of them, or how their paths begin, relative to the
 *   project; none means all
 * @returns {Promise<string[]>} compiled files, relative to the project; those that wait and those
 *   that compute spread evenly among each other
 * @throws {Failure} when a path stands for no test
 */
export async function compiledTests(paths) {
  const wanted = paths.length === 0 ? [join(ROOT, 'test')] : paths.map((path) => resolve(ROOT, path));
  const found = await Promise.all(wanted.map(testsOf));
  const files = [...new Set(found.flat())];
  const spread = [files.filter(waits), files.filter((file) => !waits(file))].flatMap((kind) =>
    kind.map((file, at) => ({ file, share: at / kind.length })),
  );
  return spread.sort((a, b) => a.share - b.share).map(({ file }) => relative(ROOT, file));
}

const waits = (file) => WAITING.some((folder) => file.includes(folder));

async function testsOf(source) {
  const compiled = join(DIST, relative(ROOT, source));
  if (source.endsWith('.test.ts') && existsSync(source)) return [compiled.replace(/\.ts$/, '.js')];
  const isFolder = existsSync(source) && statSync(source).isDirectory();
  const tests = isFolder
    ? await testsBelow(compiled)
    : (await testsBelow(dirname(compiled))).filter((test) => test.startsWith(compiled));
  if (tests.length === 0) throw new Failure(`There is no test in ${relative(ROOT, source)}.`);
  return tests;
}

async function testsBelow(folder) {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((entry) => entry.endsWith('.test.js')).map((entry) => join(folder, entry));
}
