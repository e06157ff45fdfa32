/**
 * Makes a work tree runnable: installs the packages, compiles the sources and builds the portal,
 * each only when needed.
 */
import { readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import process from 'node:process';
import { withLock } from './lock.mjs';
import { Failure } from './outcomes.mjs';
import { buildPortal } from './portal.mjs';
import { run } from './run.mjs';

/** The project's folder, without a slash at its end. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');
export const DIST = join(ROOT, 'dist');

const LOWEST_NODE = 20;
const INSTALL_WITHIN_MS = 10 * 60_000;
const COMPILE_WITHIN_MS = 2 * 60_000;
const LOCK = join(ROOT, '.build', 'prepare.lock');
/** Carries the moment at which the last good compilation began. */
const STAMP = join(DIST, '.compiled');
/** The portal as it is served; its own stamp is beside it. */
const PORTAL = join(DIST, 'portal');
const PORTAL_STAMP = join(DIST, '.portal');

/**
 * Installs and compiles what is missing or stale. Costs a few milliseconds when nothing is. May run
 * in several processes at once: one works, the others wait.
 *
 * @param {{ quiet?: boolean }} options quiet: say nothing unless it takes long or fails
 * @throws {Failure} when there is no network, the sources do not compile, or Node is too old
 */
export async function prepare({ quiet = false } = {}) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < LOWEST_NODE) {
    throw new Failure(`Dialgate needs Node ${LOWEST_NODE} or later; this is ${process.version}.`);
  }
  if ((await isInstalled()) && (await isCompiled()) && (await isPortalBuilt())) return;
  await withLock(LOCK, INSTALL_WITHIN_MS + COMPILE_WITHIN_MS, async () => {
    if (!(await isInstalled())) await install();
    if (!(await isCompiled())) await compile(quiet);
    if (!(await isPortalBuilt())) await makePortal(quiet);
  });
}

async function install() {
  say('Installing packages (npm ci) …');
  const parameters = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const { ok, output, why } = await run('npm', parameters, { withinMs: INSTALL_WITHIN_MS });
  if (!ok) {
    throw new Failure(
      `${output}\nnpm ci ${why}. Dialgate cannot run without its packages: check that the npm registry can be reached ` +
        `(npm ping), then run \`npm ci\` in ${ROOT}.`,
    );
  }
}

/**
 * The packages are there when what npm noted of its last install is what package-lock.json asks
 * for.
 */
async function isInstalled() {
  const wanted = await packagesOf(join(ROOT, 'package-lock.json'));
  const present = await packagesOf(join(ROOT, 'node_modules', '.package-lock.json'));
  if (!wanted) throw new Failure(`package-lock.json is missing or damaged in ${ROOT}.`);
  if (!present) return false;
  const satisfied = ([path, { version, optional }]) => {
    if (path === '') return true; // the project itself
    // Optional packages are those for other platforms.
    return present[path] ? present[path].version === version : optional === true;
  };
  return Object.entries(wanted).every(satisfied) && Object.keys(present).every((path) => path in wanted);
}

async function packagesOf(lockfile) {
  try {
    return JSON.parse(await readFile(lockfile, 'utf8')).packages;
  } catch (error) {
    // npm writes its own note last, so an interrupted install leaves none, or half of one.
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function compile(quiet) {
  if (!quiet) say('Compiling …');
  const began = new Date();
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  const parameters = [tsc, '--project', join(ROOT, 'tsconfig.json')];
  const { ok, output, why } = await run(process.execPath, parameters, { withinMs: COMPILE_WITHIN_MS });
  if (!ok) throw new Failure(`${output}\nThe compiler ${why}.`);
  await removeOrphans(DIST, ROOT);
  await stamp(STAMP, began);
}

async function isCompiled() {
  const { include } = JSON.parse(await readFile(join(ROOT, 'tsconfig.json'), 'utf8'));
  return isNewerThan(STAMP, ['tsconfig.json', 'package-lock.json', ...include]);
}

async function makePortal(quiet) {
  if (!quiet) say('Building the portal …');
  const began = new Date();
  await buildPortal(ROOT, PORTAL);
  await stamp(PORTAL_STAMP, began);
}

/** Types of the API are generated beside its sources and are no part of what is built. */
async function isPortalBuilt() {
  return isNewerThan(PORTAL_STAMP, [
    'package-lock.json',
    'portal/index.html',
    'portal/vite.config.ts',
    ...(await readdir(join(ROOT, 'portal', 'src')))
      .filter((name) => name !== 'api')
      .map((name) => `portal/src/${name}`),
    'portal/src/api/client.ts',
  ]);
}

async function stamp(path, began) {
  await writeFile(path, '');
  await utimes(path, began, began);
}

/** Whether a stamp carries a later moment than any change of these files and folders. */
async function isNewerThan(path, sources) {
  if (!existsSync(path)) return false;
  const madeAt = (await stat(path)).mtimeMs;
  const newest = await Promise.all(sources.map((source) => newestBelow(join(ROOT, source))));
  return Math.max(...newest) < madeAt;
}

/**
 * Latest modification of a file or of anything in a folder, in ms. Folders count: a file taken away
 * changes only those.
 */
async function newestBelow(path) {
  const entries =
    existsSync(path) && (await stat(path)).isDirectory() ? await readdir(path, { recursive: true }) : [];
  const times = await Promise.all([path, ...entries.map((entry) => join(path, entry))].map(modifiedAt));
  return Math.max(...times);
}

async function modifiedAt(path) {
  try {
    return (await stat(path)).mtimeMs;
  } catch (error) {
    // Not there (a folder that tsconfig.json allows for), or just taken away: then its folder has
    // changed.
    if (error.code === 'ENOENT') return 0;
    throw error;
  }
}

/**
 * Removes compiled files whose source was deleted, so that they are neither imported nor run as
 * tests.
 */
async function removeOrphans(compiled, sources) {
  for (const entry of await readdir(compiled, { recursive: true })) {
    const source = entry.replace(/\.js(\.map)?$/, '.ts');
    if (!entry.startsWith('portal') && source !== entry && !existsSync(join(sources, source)))
      await rm(join(compiled, entry));
  }
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
