/**
 * Builds the portal, by Vite, and the viewer of /docs. Each file is compressed once, so that no
 * request waits for that.
 */
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
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
  await copyViewer(join(root, 'node_modules', 'redoc', 'bundles'), join(built, 'docs'));
  const names = await readdir(built, { recursive: true });
  await Promise.all(names.filter((name) => COMPRESSED.test(name)).map((name) => compress(join(built, name))));
}

/**
 * What shows /openapi.json to people, as its package has it. Its one picture from another host is
 * taken out: no request leaves for one.
 */
async function copyViewer(from, to) {
  await mkdir(to, { recursive: true });
  const bundle = await readFile(join(from, 'redoc.standalone.js'), 'utf8');
  await writeFile(join(to, 'redoc.js'), bundle.replaceAll(/https:\/\/cdn\.redoc\.ly\/[\w/.-]+/g, 'data:,'));
  const licences = 'redoc.standalone.js.LICENSE.txt';
  await cp(join(from, licences), join(to, licences));
}

async function compress(path) {
  const content = await readFile(path);
  const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  await writeFile(`${path}.br`, await promisify(brotliCompress)(content, best));
  await writeFile(`${path}.gz`, await promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }));
}
