/** Programs that some tests use, installed from Debian where that is possible. */
import { chmod, rm, writeFile } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { withLock } from './lock.mjs';
import { ROOT } from './prepare.mjs';
import { run } from './run.mjs';

const APT_WITHIN_MS = 5 * 60_000;
/** Consulted by Debian's packages before they start a service. */
const POLICY = '/usr/sbin/policy-rc.d';

const PROGRAMS = [
  { name: 'SIPp', package: 'sip-tester', isThere: () => onPath('sipp') },
  { name: 'baresip', package: 'baresip', isThere: () => onPath('baresip') },
  { name: 'nginx', package: 'nginx', isThere: () => onPath('nginx') },
  { name: 'Chromium', package: 'chromium', isThere: () => onPath('chromium') },
  { name: 'Kamailio', package: 'kamailio', isThere: () => onPath('kamailio') },
  {
    name: 'PostgreSQL',
    package: 'postgresql',
    isThere: async () => hasPostgres() || (await onPath('initdb')),
  },
];

/**
 * Installs what is missing, when we may. Says what stays missing: tests that need it are skipped
 * and say so too.
 */
export async function installPrograms() {
  let missing = await findMissing();
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && (await onPath('apt-get'))) {
    await withLock(join(ROOT, '.build', 'apt.lock'), 2 * APT_WITHIN_MS, async () => {
      missing = await findMissing();
      if (missing.length > 0) await install(missing.map((program) => program.package));
    });
    missing = await findMissing();
  }
  for (const program of missing) {
    say(
      `${program.name} is not installed (Debian package ${program.package}): tests that need it are skipped`,
    );
  }
}

async function findMissing() {
  const there = await Promise.all(PROGRAMS.map((program) => program.isThere()));
  return PROGRAMS.filter((_, index) => !there[index]);
}

async function install(packages) {
  say(`Installing ${packages.join(', ')} (apt-get) …`);
  await withoutStartingServices(async () => {
    const parameters = ['install', '-y', '-qq', '--no-install-recommends', ...packages];
    // Package lists may be missing (a bare container) or too old to name files that still exist.
    if ((await aptGet(parameters)).ok) return;
    await aptGet(['update', '-qq']);
    const { ok, output, why } = await aptGet(parameters);
    if (!ok) say(`${output}\napt-get install ${why}`);
  });
}

function aptGet(parameters) {
  const waitForOthers = ['-o', `DPkg::Lock::Timeout=${APT_WITHIN_MS / 1000}`];
  return run('env', ['DEBIAN_FRONTEND=noninteractive', 'apt-get', ...waitForOthers, ...parameters], {
    withinMs: APT_WITHIN_MS,
  });
}

/** The tests want PostgreSQL's programs, not its server on port 5432. */
async function withoutStartingServices(work) {
  if (existsSync(POLICY)) return work();
  await writeFile(POLICY, '#!/bin/sh\nexit 101\n');
  await chmod(POLICY, 0o755);
  try {
    return await work();
  } finally {
    await rm(POLICY, { force: true });
  }
}

async function onPath(program) {
  return (await run('sh', ['-c', 'command -v "$1"', 'sh', program], { withinMs: 10_000 })).ok;
}

/** Debian keeps the server's programs off the PATH. */
function hasPostgres() {
  const versions = '/usr/lib/postgresql';
  return (
    existsSync(versions) &&
    readdirSync(versions).some((version) => existsSync(join(versions, version, 'bin/initdb')))
  );
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
