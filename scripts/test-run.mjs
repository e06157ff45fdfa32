/**
 * Runs compiled test files in the order in which they are given, which `node --test` does not keep.
 *
 *     node [options of node] scripts/test-run.mjs --test-concurrency=3 --test-timeout=300000 [--test-name-pattern=…] file …
 */
import process from 'node:process';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'test-concurrency': { type: 'string', default: '1' },
    /** Milliseconds that a file may take. */
    'test-timeout': { type: 'string', default: '300000' },
    'test-name-pattern': { type: 'string', multiple: true, default: [] },
  },
});
run({
  files: positionals,
  concurrency: Number(values['test-concurrency']),
  timeout: Number(values['test-timeout']),
  testNamePatterns: values['test-name-pattern'],
  execArgv: process.execArgv, // Node 20 passes them on unasked
})
  .on('test:fail', () => {
    process.exitCode = 1;
  })
  .compose(spec)
  .pipe(process.stdout);
