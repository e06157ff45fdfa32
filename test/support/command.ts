/** The command under test, and how tests start Node for it. */
import { fileURLToPath } from 'node:url';

export const CLI = fileURLToPath(new URL('../../src/cli.js', import.meta.url));
/** The project's folder. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * PGlite is WebAssembly: what V8 spends on optimising it, more than on all else that a short test
 * does, no test gets back. `scripts/test.mjs` starts the tests themselves so.
 */
export const NODE_FLAGS = ['--enable-source-maps', '--liftoff-only'];
