import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  type WrittenEvent,
  beginLog,
  fitEvent,
  headText,
  parseHeadText,
  readHead,
  sealEvent,
  writeHead,
} from '../../../src/domain/audit.js';
import { canonicalJson } from '../../../src/domain/canonical-json.js';
import { openMasterKey } from '../../../src/domain/secrets.js';

const KEY = openMasterKey('a master key for tests only');
const OTHER = openMasterKey('another master key for tests');
const BEGUN = beginLog(KEY, new Date('2026-03-02T09:00:00.000Z'));
const EVENT: WrittenEvent = {
  id: '17',
  at: new Date('2026-03-02T09:00:00.123Z'),
  type: 'config.full',
  tenantId: '5b0c2f1e-6d8e-4f0f-8a53-0d8f3d1c8a11',
  mac: '80:5e:c0:11:22:33',
  actor: 'phone',
  address: '192.0.2.7',
  data: { reason: 'token', nested: { b: [1, 'two', null], a: true } },
};

test('canonical JSON is that of RFC 8785', () => {
  // Its section 3.2.3, and what it says of numbers.
  const value = {
    '\u20ac': 'Euro Sign',
    '\r': 'CR',
    '1': 'One',
    '\u0080': 'Control',
    '\u00f6': 'ö',
    '\ufb33': 'Dalet',
    '\ud83d\ude02': '😂',
  };
  const keys = [...canonicalJson(value).matchAll(/"([^"]+)":/g)].map((match) => match[1]);
  assert.deepEqual(keys, [String.raw`\r`, '1', '\u0080', 'ö', '€', '😂', '\ufb33']);
  assert.equal(
    canonicalJson([1e21, 1e-7, -0, 4.5, 'a"\n', null, true, {}]),
    String.raw`[1e+21,1e-7,0,4.5,"a\"\n",null,true,{}]`,
  );
  for (const wordless of [Number.NaN, Infinity, () => 1, Symbol('x'), 1n])
    assert.throws(() => canonicalJson(wordless), TypeError);
});

test('canonical JSON does not depend on the order of keys, and loses nothing', () => {
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([key, member]) => [key, shuffled(member)]),
    );
  };
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.equal(canonicalJson(shuffled(value)), canonicalJson(value));
      assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('the seal of an event is always the same: it is kept for years', () => {
  // Computed apart from this code, from what docs/security.md says.
  assert.equal(
    headText(sealEvent(KEY, BEGUN, EVENT)),
    '1:0edf2d0e2e7519ebf796f62d625a9f8445eea910d69c7d1ae0c18e86f384af99',
  );
});

test('a seal fits its event and no other', () => {
  const head = sealEvent(KEY, BEGUN, EVENT);
  const sealed = { ...EVENT, position: head.position, seal: head.seal };
  assert.deepEqual(fitEvent(KEY, BEGUN, sealed), { kind: 'fits', head });
  const changes: Partial<WrittenEvent>[] = [
    { id: '18' },
    { at: new Date(EVENT.at.getTime() + 1) },
    { type: 'config.minimal' },
    { tenantId: null },
    { mac: '80:5e:c0:11:22:34' },
    { actor: 'system' },
    { address: null },
    { data: { ...EVENT.data, reason: 'open' } },
    { data: {} },
  ];
  for (const change of changes) {
    assert.deepEqual(
      fitEvent(KEY, BEGUN, { ...sealed, ...change }),
      { kind: 'altered' },
      JSON.stringify(change),
    );
  }
  assert.deepEqual(fitEvent(KEY, BEGUN, { ...sealed, position: 2 }), { kind: 'gap' });
  assert.deepEqual(
    fitEvent(KEY, head, { ...sealed, position: 2 }),
    { kind: 'altered' },
    'not at another place',
  );
  assert.deepEqual(
    fitEvent(OTHER, beginLog(OTHER, BEGUN.begunAt), sealed),
    { kind: 'altered' },
    'nor with another key',
  );
  const other = beginLog(KEY, new Date(BEGUN.begunAt.getTime() + 1));
  assert.deepEqual(fitEvent(KEY, other, sealed), { kind: 'altered' }, 'nor in another log');
});

test('a stored head is read with its key and unchanged only', () => {
  const head = sealEvent(KEY, BEGUN, EVENT);
  const stored = writeHead(KEY, head);
  assert.deepEqual(readHead(KEY, stored), head);
  assert.equal(readHead(OTHER, stored), null);
  assert.equal(readHead(KEY, ''), null);
  for (let at = 0; at < stored.length; at += 1) {
    const changed = stored.slice(0, at) + (stored[at] === '1' ? '2' : '1') + stored.slice(at + 1);
    assert.equal(readHead(KEY, changed), null, changed);
  }
});

test('a noted head is read as it was written', () => {
  const { position, seal } = sealEvent(KEY, BEGUN, EVENT);
  assert.deepEqual(parseHeadText(` ${headText({ position, seal })}\n`), { position, seal });
  for (const text of ['', '1', ':', `x:${seal}`, `1:${seal}0`, `-1:${seal}`, seal])
    assert.equal(parseHeadText(text), null);
});
