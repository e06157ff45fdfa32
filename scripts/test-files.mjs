/** Which compiled test files stand for which source paths. */
import { existsSync, statSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { Failure } from './outcomes.mjs';
import { DIST, ROOT } from './prepare.mjs';

/**
 * @param {string[]} paths test sources or folders of them, relative to the project; none means all
 * @returns {Promise<string[]>} compiled files, relative to the project
 * @throws {Failure} when a path is no test source and no folder that holds one
 */
export async function compiledTests(paths) {
  const wanted = paths.length === 0 ? [join(ROOT, 'test')] : paths.map((path) => resolve(ROOT, path));
  const found = await Promise.all(wanted.map(testsOf));
  return [...new Set(found.flat())].map((file) => relative(ROOT, file));
}

async function testsOf(source) {
  const compiled = join(DIST, relative(ROOT, source));
  if (source.endsWith('.test.ts') && existsSync(source)) return [compiled.replace(/\.ts$/, '.js')];
  const tests = existsSync(source) && statSync(source).isDirectory() ? await testsBelow(compiled) : [];
  if (tests.length === 0) throw new Failure(`There is no test in ${relative(ROOT, source)}.`);
  return tests;
}

async function testsBelow(folder) {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((entry) => entry.endsWith('.test.js')).map((entry) => join(folder, entry));
}
