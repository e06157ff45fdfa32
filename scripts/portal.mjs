/** Builds the portal: by Vite, and each file compressed once, so that no request waits for that. */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { Failure } from './outcomes.mjs';
import { run } from './run.mjs';

const BUILD_WITHIN_MS = 3 * 60_000;
const COMPRESSED = /\.(?:html|js|css|svg)$/;

/**
 * @param {string} root the project's folder
 * @param {string} built what Vite writes into, as portal/vite.config.ts says
 * @throws {Failure} when Vite finds a fault
 */
export async function buildPortal(root, built) {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const parameters = [vite, 'build', join(root, 'portal'), '--logLevel', 'warn'];
  const { ok, output, why } = await run(process.execPath, parameters, { withinMs: BUILD_WITHIN_MS });
  if (!ok) throw new Failure(`${output}\nThe portal was not built: Vite ${why}.`);
  const names = await readdir(built, { recursive: true });
  await Promise.all(names.filter((name) => COMPRESSED.test(name)).map((name) => compress(join(built, name))));
}

async function compress(path) {
  const content = await readFile(path);
  const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  await writeFile(`${path}.br`, await promisify(brotliCompress)(content, best));
  await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }));
}
