import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

/** Compiled into dist/test/unit; the sources are read. */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * A part of the program: the longest matching prefix of a file's path. Composition may import
 * everything.
 */
const PARTS: Readonly<Record<string, readonly string[] | 'everything'>> = {
  'src/domain': [],
  'src/contract': ['src/domain'],
  'src/store': ['src/domain', 'migrations'],
  'src/vendors': ['src/domain'],
  'src/services': ['src/contract', 'src/domain', 'src/store', 'src/vendors'],
  'src/configuration': ['src/domain', 'src/services', 'src/store', 'src/vendors'],
  'src/http': ['src/domain', 'src/store/database-unavailable.ts'],
  'src/provisioning': [
    'src/configuration',
    'src/domain',
    'src/http',
    'src/services',
    'src/store',
    'src/vendors',
  ],
  'src/webhooks': ['src/domain', 'src/services', 'src/store'],
  'src/admin': ['src/configuration', 'src/domain', 'src/http', 'src/services', 'src/store', 'src/webhooks'],
  'src/internal': ['src/contract', 'src/domain', 'src/http', 'src/services'],
  'src/process': 'everything',
  sip: ['src/contract', 'src/domain', 'telephony'],
  telephony: [],
  embedded: ['telephony'],
  softphone: ['telephony'],
  migrations: [],
  src: 'everything',
};

const SOURCES = ['src', 'sip', 'telephony', 'embedded', 'softphone', 'migrations'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => posix.join(folder, file.replaceAll('\\', '/'))),
);

describe('the folders', () => {
  it('import each other only in the directions of docs/architecture.md', () => {
    assert.ok(SOURCES.length > 100, 'the sources were found');
    const wrong = SOURCES.flatMap((file) =>
      importsOf(file)
        .filter((imported) => !mayImport(file, imported))
        .map((imported) => `${file} imports ${imported}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('keep the vendor families apart', () => {
    const family = (file: string): string | undefined => /^src\/vendors\/([^/]+)\//.exec(file)?.[1];
    const wrong = SOURCES.filter((file) => family(file) !== undefined).flatMap((file) =>
      importsOf(file)
        .filter((imported) => (family(imported) ?? family(file)) !== family(file))
        .map((imported) => `${file} imports ${imported}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('keep the two embedded servers apart', () => {
    const server = (file: string): string | undefined => /^embedded\/(drachtio|freeswitch)\//.exec(file)?.[1];
    const wrong = SOURCES.filter((file) => server(file) !== undefined).flatMap((file) =>
      importsOf(file)
        .filter((imported) => (server(imported) ?? server(file)) !== server(file))
        .map((imported) => `${file} imports ${imported}`),
    );
    assert.deepEqual(wrong, []);
  });
});

describe('packages', () => {
  const ONLY: Readonly<Record<string, RegExp>> = {
    kysely: /^(src\/store|migrations)\//,
    pg: /^src\/store\//,
    '@electric-sql/pglite': /^src\/store\//,
    'drachtio-srf': /^sip\//,
    'drachtio-fsmrf': /^sip\/media\//,
    express: /^src\/(admin|http|internal|provisioning)\//,
    'prom-client': /^src\/admin\/metrics\//,
    liquidjs: /^src\/configuration\//,
    'csv-parse': /^src\/admin\/csv\//,
    'csv-stringify': /^src\/admin\/csv\//,
    'fast-xml-parser': /^softphone\//,
  };

  for (const [name, where] of Object.entries(ONLY)) {
    it(`${name} is imported only where it belongs`, () => {
      const wrong = SOURCES.filter((file) => packagesOf(file).includes(name) && !where.test(file));
      assert.deepEqual(wrong, []);
    });
  }

  it('drachtio-fsmrf is imported by one file, others know its types', () => {
    const importing = SOURCES.filter((file) =>
      /^import (?!type).*'drachtio-fsmrf[/']/m.test(readFileSync(join(ROOT, file), 'utf8')),
    );
    assert.deepEqual(importing, ['sip/media/media-server.ts']);
  });

  it('imported by the program are no devDependencies', () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const wrong = SOURCES.flatMap((file) =>
      packagesOf(file)
        .filter((name) => !Object.hasOwn(dependencies, name))
        .map((name) => `${file} imports ${name}`),
    );
    assert.deepEqual(wrong, []);
  });

  it('each dependency has its reason in CONTRIBUTING.md', () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(ROOT, 'package.json'), 'utf8'),
    ) as Record<string, Record<string, string>>;
    const reasons = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
    const without = Object.keys({ ...dependencies, ...devDependencies }).filter(
      (name) => !reasons.includes(`\`${name}\``),
    );
    assert.deepEqual(without, []);
  });
});

describe('the environment and the time', () => {
  it('are read in one place each', () => {
    const reads = (pattern: RegExp): string[] =>
      SOURCES.filter((file) => pattern.test(readFileSync(join(ROOT, file), 'utf8')));
    assert.deepEqual(reads(/\bprocess\.env\b/), ['src/process/config.ts']);
    assert.deepEqual(
      reads(/\bDate\.now\(\)|\bnew Date\(\)/).filter((file) => !file.startsWith('src/commands/')),
      ['src/process/system-clock.ts', 'embedded/worker.ts'],
    );
  });
});

function mayImport(file: string, imported: string): boolean {
  const [part, allowed] = partOf(file);
  if (allowed === 'everything' || imported.startsWith(`${part}/`)) return true;
  return allowed.some((prefix) => imported === prefix || imported.startsWith(`${prefix}/`));
}

function partOf(file: string): [string, readonly string[] | 'everything'] {
  const part = Object.keys(PARTS)
    .filter((prefix) => file.startsWith(`${prefix}/`))
    .toSorted((a, b) => b.length - a.length)[0];
  const allowed = part === undefined ? undefined : PARTS[part];
  if (part === undefined || allowed === undefined) throw new Error(`${file} belongs to no part.`);
  return [part, allowed];
}

function specifiersOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const pattern =
    /^\s*(?:import|export)\b[^'"]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|^\s*import\s+['"]([^'"]+)['"]/gm;
  return [...text.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** Our own files that a file imports, as paths from the root. */
function importsOf(file: string): string[] {
  return specifiersOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.join(dirname(file), specifier).replace(/\.js$/, '.ts'));
}

/** The packages that a file imports. */
function packagesOf(file: string): string[] {
  return specifiersOf(file)
    .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
    .map((specifier) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    );
}
