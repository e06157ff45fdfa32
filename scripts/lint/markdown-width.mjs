/**
 * Checks that the prose of our Markdown wraps at 100 columns. Tables, code, and lines of one word
 * (a link) are as wide as they are.
 *
 *     node scripts/lint/markdown-width.mjs
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { conclude, Failure } from '../outcomes.mjs';
import { DIST, ROOT } from '../prepare.mjs';

const COLUMNS = 100;
/** Folders of the work tree whose text is not ours. */
const isOurs = (path, name) => name !== 'node_modules' && !name.startsWith('.') && path !== DIST;

await conclude(async () => {
  const found = [];
  for await (const file of markdownFiles(ROOT)) {
    const lines = wideLines(await readFile(file, 'utf8'));
    found.push(...lines.map((line) => `${file.slice(ROOT.length + 1)}:${line}`));
  }
  if (found.length > 0) throw new Failure(`Wider than ${COLUMNS} columns:\n${found.join('\n')}`);
});

async function* markdownFiles(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile() && entry.name.endsWith('.md')) yield path;
    if (entry.isDirectory() && isOurs(path, entry.name)) yield* markdownFiles(path);
  }
}

/** @returns {number[]} the lines, counted from 1, that ought to wrap */
function wideLines(text) {
  const wide = [];
  let inCode = false;
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*```/.test(line)) inCode = !inCode;
    const isTable = /^\s*\|/.test(line);
    const isOneWord = !/\S\s+\S/.test(line.replace(/^\s*(?:[-*>#]+|\d+\.)\s+/, ''));
    if (!inCode && !isTable && !isOneWord && [...line].length > COLUMNS) wide.push(index + 1);
  }
  return wide;
}
