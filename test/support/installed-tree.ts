/**
 * Dialgate as the Docker image has it: compiled, with the packages that `npm prune --omit=dev`
 * leaves.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './command.js';
import { temporaryFolder } from './temporary-folder.js';

const COMPILED = ['src', 'sip', 'embedded', 'telephony', 'softphone', 'migrations', 'portal'];

/**
 * Makes such a tree in a temporary folder. Packages are copied, since Node looks for a package's
 * own dependencies beside the real path of a link.
 * @returns the path of its `dialgate` command, for Node
 */
export function installedTree(): string {
  const tree = temporaryFolder('installed');
  mkdirSync(join(tree, 'node_modules'));
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; link?: boolean }>;
  };
  for (const [path, { dev, link }] of Object.entries(packages)) {
    // An optional package for another platform is in the lock file and not on the disk.
    if (!isTopLevel(path) || dev === true || link === true || !existsSync(join(ROOT, path))) continue;
    cpSync(join(ROOT, path), join(tree, path), { recursive: true });
  }
  for (const folder of COMPILED)
    cpSync(join(ROOT, 'dist', folder), join(tree, 'dist', folder), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(tree, 'package.json'));
  symlinkSync(join(ROOT, 'prompts'), join(tree, 'prompts'));
  return join(tree, 'dist', 'src', 'cli.js');
}

/** Nested packages come along with the package that they are in. */
function isTopLevel(path: string): boolean {
  return path.startsWith('node_modules/') && path.lastIndexOf('node_modules/') === 0;
}
