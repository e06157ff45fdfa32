/**
 * `npm test`: prepares, lints, installs what the tests use, and runs them.
 *
 *     node scripts/test.mjs
 *         everything
 *     node scripts/test.mjs test/unit test/e2e/x.test.ts test/sip/app-
 *         only the tests whose paths begin so, without lint
 *     node scripts/test.mjs test/sip --test-name-pattern=CANCEL
 *         with any option that Node takes for a test file
 *     node scripts/test.mjs test/e2e --files-at-once=1
 *         one file after the other, where they share what there is only one of
 */
import process from 'node:process';
import { installPrograms } from './debian-programs.mjs';
import { conclude, Failure } from './outcomes.mjs';
import { prepare, ROOT } from './prepare.mjs';
import { run } from './run.mjs';
import { compiledTests } from './test-files.mjs';
import { runTestFiles } from './test-run.mjs';

/** Two cores are what a small CI machine has; on them, most of the time, one of three waits. */
const FILES_AT_ONCE = 3;
/** With real engines (CONTRIBUTING.md, Tests) there is one SIP port for all. */
const FILES_ON_REAL_ENGINES = 1;
/** A test file that takes longer than this hangs, on a loaded machine too. */
const FILE_WITHIN_MS = 10 * 60_000;
const CHECK_WITHIN_MS = 3 * 60_000;

const CHECKS = [
  { name: 'lint', program: 'node_modules/oxlint/bin/oxlint', parameters: ['--type-aware'] },
  {
    name: 'format',
    program: 'node_modules/prettier/bin/prettier.cjs',
    parameters: ['--check', '--log-level=warn', '**/*.{ts,tsx,mjs,css}'],
  },
  { name: 'width of Markdown', program: 'scripts/lint/markdown-width.mjs', parameters: [] },
  {
    name: 'types of the portal',
    program: 'node_modules/typescript/bin/tsc',
    parameters: ['--project', 'portal', '--noEmit'],
  },
];

/** What lint and types of the portal compare it with: the description of the API as it is now. */
const API_TYPES = ['scripts/api-types/generate.mjs', 'portal/src/api/schema.d.ts'];

await conclude(async () => {
  const began = performance.now();
  process.chdir(ROOT);
  const parameters = process.argv.slice(2);
  const paths = parameters.filter((parameter) => !parameter.startsWith('-'));
  const options = parameters.filter((parameter) => parameter.startsWith('-'));

  await prepare();
  const files = await compiledTests(paths);
  const failed = [];
  if (paths.length === 0) {
    failed.push(...(await check()));
    await installPrograms();
  }
  if (!(await runTests(files, options))) failed.push('tests');

  const seconds = (performance.now() - began) / 1000;
  say(`${files.length} test files in ${seconds.toFixed(1)} s`);
  if (failed.length > 0) throw new Failure(`FAILED: ${failed.join(', ')}`);
});

/** Runs the static checks side by side. @returns the names of those that failed */
async function check() {
  const generated = await run(process.execPath, API_TYPES, { withinMs: CHECK_WITHIN_MS });
  if (!generated.ok) throw new Failure(`${generated.output}\nThe types of the API: it ${generated.why}.`);
  const settled = await Promise.allSettled(
    CHECKS.map(({ program, parameters }) =>
      run(process.execPath, [program, ...parameters], { withinMs: CHECK_WITHIN_MS }),
    ),
  );
  const failed = [];
  for (const [index, { name }] of CHECKS.entries()) {
    const outcome = settled[index];
    if (outcome.status === 'rejected') throw outcome.reason;
    const { ok, output, why } = outcome.value;
    say(ok ? `${name}: fine` : `${output}\n${name} ${why}`);
    if (!ok) failed.push(name);
  }
  return failed;
}

/** @returns {Promise<boolean>} whether every test passed */
async function runTests(files, options) {
  const atOnce = options.findLast((option) => option.startsWith('--files-at-once='))?.split('=')[1];
  const usual = process.env.DRACHTIO_HOST === undefined ? FILES_AT_ONCE : FILES_ON_REAL_ENGINES;
  const { passed, failed, skipped, failedFiles } = await runTestFiles(files, {
    atOnce: Number(atOnce ?? usual),
    withinMs: FILE_WITHIN_MS,
    nodeOptions: [
      '--enable-source-maps',
      '--liftoff-only', // test/support/command.ts says why
      ...options.filter((option) => !option.startsWith('--files-at-once=')),
    ],
  });
  for (const file of failedFiles) say(`failed: ${file}`);
  say(`${passed} passed, ${failed} failed, ${skipped} skipped`);
  return failed === 0;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
