import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { vendorsPage } from '../../src/vendors/documentation.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('the documentation', () => {
  it('lists every variable that the configuration reads, and no other', () => {
    const code = read('src/process/config.ts');
    const single = [...code.matchAll(/read\.\w+\('([A-Z_]+)'/g)].map((match) => match[1] ?? '');
    const expected = new Set(
      single.flatMap((name) => (/^(DRACHTIO|FREESWITCH)$/.test(name) ? [`${name}_HOST`] : [name])),
    );
    const table = read('docs/operating.md').split('## The first administrator')[0] ?? '';
    const documented = new Set(
      [...table.matchAll(/^\| ((?:`[A-Z_]+`(?:, )?)+)/gm)].flatMap((row) =>
        [...(row[1] ?? '').matchAll(/`([A-Z_]+)`/g)]
          .map((match) => match[1] ?? '')
          .filter((name) => !name.startsWith('_')),
      ),
    );
    assert.ok(expected.size > 20);
    assert.deepEqual([...documented].toSorted(), [...expected].toSorted());
  });

  it('says of the phones what their families say of themselves', () => {
    assert.equal(
      read('docs/vendors.md'),
      vendorsPage(),
      'docs/vendors.md is out of date: make it anew by `node scripts/vendor-docs.mjs`',
    );
  });

  it('has links that lead somewhere', () => {
    for (const page of [
      'README.md',
      'CONTRIBUTING.md',
      'docs/operating.md',
      'docs/dtmf.md',
      'docs/architecture.md',
      'docs/security.md',
      'docs/rules.md',
      'docs/vendors.md',
      'docs/adding-a-vendor.md',
      'docs/templates.md',
      'prompts/README.md',
    ]) {
      for (const [, target = ''] of read(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
        assert.ok(existsSync(join(ROOT, dirname(page), target)), `${page}: ${target}`);
      }
    }
  });

  it('names for each rule files, functions and tests that there are', () => {
    const rules = readRules();
    assert.ok(rules.length > 100);
    for (const { source, decided, proved } of rules) {
      for (const { file, names } of decided) {
        for (const name of names) {
          const definition = new RegExp(`\\b(function\\*?|const|class) ${name}\\b`);
          assert.match(read(file), definition, `${file}: ${name}`);
        }
      }
      for (const { file, test } of proved) {
        assert.ok(readTest(file).includes(test ?? source), `${file}: ${test ?? source}`);
      }
    }
  });

  it('has a rule for each test that is named after a sentence', () => {
    const sources = readRules().map(({ source }) => source);
    const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' });
    const named = files
      .filter((file) => file.endsWith('.test.ts'))
      .flatMap((file) => [
        ...readTest(join('test', file)).matchAll(
          /\b(?:test|it|on[A-Z]\w+)\(\s*['`]((?:leaflet|Telavox|Wazo): ".*)/g,
        ),
      ])
      .map(([, name = '']) => name);
    assert.ok(named.length > 50);
    for (const name of named)
      assert.ok(
        sources.some((source) => name.startsWith(source)),
        name,
      );
  });
});

interface Rule {
  source: string;
  decided: { file: string; names: string[] }[];
  /** A test without a name is named after the source. */
  proved: { file: string; test: string | null }[];
}

/** The rows of docs/rules.md. */
function readRules(): Rule[] {
  const rows = read('docs/rules.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| rule '));
  return rows.map((row) => {
    const [, source = '', decided = '', proved = ''] = row.slice(2, -2).split(' | ');
    return {
      source,
      decided: decided.split('<br>').map((part) => {
        const [file = '', ...names] = [...part.matchAll(/`([^`]+)`/g)].map(([, quoted = '']) => quoted);
        return { file, names };
      }),
      proved: proved.split('<br>').map((part) => {
        const [, file = '', test] = /^`([^`]+)`(?:: (.+))?$/.exec(part) ?? [];
        return { file, test: test ?? null };
      }),
    };
  });
}

/** A test file as its names read, without what escapes their quotes. */
const readTest = (file: string): string => read(file).replaceAll('\\', '');
