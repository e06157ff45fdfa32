#!/usr/bin/env node
/**
 * `dialgate <command>`: prepares the work tree and goes on as the compiled command line, in this
 * very process.
 */
import { conclude } from '../scripts/outcomes.mjs';
import { prepare } from '../scripts/prepare.mjs';

await conclude(() => prepare({ quiet: true }));
await import('../dist/src/cli.js');
