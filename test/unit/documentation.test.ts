import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('the documentation', () => {
  it('lists every variable that the configuration reads, and no other', () => {
    const code = read('src/config.ts');
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

  it('has links that lead somewhere', () => {
    for (const page of [
      'README.md',
      'CONTRIBUTING.md',
      'docs/operating.md',
      'docs/architecture.md',
      'docs/security.md',
    ]) {
      for (const [, target = ''] of read(page).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)) {
        const path = page.startsWith('docs/') && !target.startsWith('../') ? join('docs', target) : target;
        assert.ok(existsSync(join(ROOT, path)), `${page}: ${target}`);
      }
    }
  });
});
