/** Which of a device's tokens are evicted, however many are asked for. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { addSeconds } from '../../../src/domain/time.js';
import {
  MAX_ENDED_TOKENS,
  MAX_UNPROVEN_PER_SOURCE,
  MAX_UNPROVEN_TOKENS,
  type UnprovenToken,
  tokensToDrop,
  tokensToForget,
} from '../../../src/domain/token-places.js';

const START = new Date('2026-03-02T09:00:00.000Z');
const OFFICE = '192.0.2.7';

/** Token `id`, made and last used `age` seconds before the start. */
function token(id: string, age: number, more: Partial<UnprovenToken> = {}): UnprovenToken {
  const at = addSeconds(START, -age);
  const plain = { state: 'bootstrap', issuedTo: OFFICE, used: false, isProtected: false } as const;
  return { id, createdAt: at, lastUsedAt: at, ...plain, ...more };
}

const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe('within a source', () => {
  const full = times(MAX_UNPROVEN_PER_SOURCE - 1, (index) => token(`u${index}`, index + 1, { used: true }));

  test('nothing is dropped before its places are taken', () => {
    assert.deepEqual(tokensToDrop(full, OFFICE), []);
  });

  const cases: [string, UnprovenToken[], string[]][] = [
    ['one that no phone came back with', [token('n', 0)], ['n']],
    ['the longest unused', [token('x', 99, { used: true })], ['x']],
    ['not a released one', [token('r', 999, { state: 'released' })], ['u6']],
    ['not one whose phone is registered or in a call', [token('r', 999, { isProtected: true })], ['u6']],
    ['as many as there are too many', [token('n', 1), token('m', 2)], ['m', 'n']],
  ];
  for (const [what, more, dropped] of cases)
    test(`what is dropped: ${what}`, () => {
      assert.deepEqual(tokensToDrop([...full, ...more], OFFICE), dropped);
    });

  test('where all are protected the latest makes room', () => {
    const registered = times(8, (index) => token(`r${index}`, index, { isProtected: true }));
    assert.deepEqual(tokensToDrop(registered, OFFICE), ['r0']);
  });

  test('a source is an IPv4 address or an IPv6 /64, in any spelling', () => {
    const at = (address: string | null) =>
      times(8, (index) => token(`t${index}`, index, { issuedTo: address }));
    assert.deepEqual(tokensToDrop(at(OFFICE), `::ffff:${OFFICE}`), ['t7']);
    assert.deepEqual(tokensToDrop(at('2001:db8::1'), '2001:db8::ffff'), ['t7']);
    assert.deepEqual(tokensToDrop(at(null), null), ['t7']);
    assert.deepEqual(tokensToDrop(at('2001:db8::1'), '2001:db8:0:1::1'), []);
    assert.deepEqual(tokensToDrop(at(OFFICE), '192.0.2.8'), []);
  });
});

describe('beyond the bound of the device', () => {
  const phone = token('phone', 0, { used: false });
  const issuedTo = (index: number): string => `198.51.100.${index}`;

  test('a source that has most loses first, its longest unused', () => {
    const many = times(7, (source) =>
      times(8, (index) => token(`s${source}-${index}`, 10 + index, { issuedTo: issuedTo(source) })),
    ).flat();
    const few = times(7, (index) => token(`f${index}`, 500, { issuedTo: issuedTo(100 + index) }));
    const all = [phone, ...many, ...few];
    assert.equal(all.length, MAX_UNPROVEN_TOKENS);
    assert.deepEqual(tokensToDrop(all, issuedTo(200)), ['s0-7']);
  });

  test('the /64 prefixes of one /48 count as one', () => {
    const block = times(40, (index) =>
      token(`v6-${index}`, 5, { issuedTo: `2001:db8:1:${index.toString(16)}::1`, used: true }),
    );
    const others = times(23, (index) => token(`v4-${index}`, 900, { issuedTo: issuedTo(index) }));
    const [dropped, ...more] = tokensToDrop([phone, ...block, ...others], '2001:db8:1:ff::1');
    assert.match(dropped ?? '', /^v6-/);
    assert.deepEqual(more, []);
  });

  test('a registered phone stays, whether one source or a thousand come after it', () => {
    let tokens = [token('phone', 100, { isProtected: true, used: true })];
    for (let index = 0; index < 1000; index += 1) {
      const address = `198.51.${index >> 8}.${index & 255}`;
      const gone = tokensToDrop(tokens, address);
      const next = token(`t${index}`, -index, { issuedTo: address, isProtected: true, used: true });
      tokens = [...tokens.filter(({ id }) => !gone.includes(id)), next];
    }
    assert.equal(tokens.length, MAX_UNPROVEN_TOKENS);
    assert.ok(tokens.some(({ id }) => id === 'phone'));
  });

  test('a new phone without protection outlasts strangers of thirty other addresses', () => {
    const crowd = times(63, (index) => token(`t${index}`, 10 + index, { issuedTo: issuedTo(index) }));
    let tokens = [token('phone', 0), ...crowd];
    for (let index = 0; index < 30; index += 1) {
      const gone = tokensToDrop(tokens, `203.0.113.${index}`);
      const next = token(`n${index}`, -index, { issuedTo: `203.0.113.${index}` });
      tokens = [...tokens.filter(({ id }) => !gone.includes(id)), next];
    }
    assert.ok(tokens.some(({ id }) => id === 'phone'));
  });
});

test('a phone that was reset three times keeps its last token among strangers that use theirs', () => {
  const strangers = times(60, (index) =>
    token(`t${index}`, 60 - index, { issuedTo: `198.51.100.${index % 30}`, used: true }),
  );
  const lost = times(3, (index) => token(`lost${index}`, 40 - index * 10, { used: true }));
  let tokens = [...strangers, ...lost, token('phone', 0)];
  for (let index = 0; index < 40; index += 1) {
    const address = `198.51.100.${index % 30}`;
    const gone = tokensToDrop(tokens, address);
    const next = token(`n${index}`, -index / 10, { issuedTo: address, used: true });
    tokens = [...tokens.filter(({ id }) => !gone.includes(id)), next];
  }
  assert.ok(tokens.some(({ id }) => id === 'phone'));
});

test('whatever is asked, the bounds hold and no phone that was registered before is dropped for another source', () => {
  const asked = fc.record({ source: fc.nat(90), registers: fc.boolean(), wide: fc.boolean() });
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 300 }), (fetches) => {
      let tokens = [token('phone', 1, { isProtected: true, used: true })];
      for (const [index, { source, registers, wide }] of fetches.entries()) {
        const address = wide ? `2001:db8:${source}:${index}::1` : `198.51.100.${source}`;
        const gone = tokensToDrop(tokens, address);
        const next = token(`t${index}`, -index, {
          issuedTo: address,
          isProtected: registers,
          used: registers,
        });
        tokens = [...tokens.filter(({ id }) => !gone.includes(id)), next];
        assert.ok(tokens.length <= MAX_UNPROVEN_TOKENS);
      }
      assert.ok(tokens.some(({ id }) => id === 'phone'));
    }),
    { numRuns: 60 },
  );
});

test('of ended tokens each subscriber keeps its latest before another keeps a second', () => {
  const at = (age: number) => addSeconds(START, -age);
  const flood = times(60, (index) => ({
    id: `f${index}`,
    issuedTo: `2001:db8:1:${index.toString(16)}::1`,
    used: true,
    lastUsedAt: at(index),
  }));
  const phone = { id: 'phone', issuedTo: OFFICE, used: true, lastUsedAt: at(50_000) };
  const unused = { id: 'unused', issuedTo: OFFICE, used: false, lastUsedAt: at(1) };
  const forgotten = tokensToForget([...flood, unused, phone]);
  assert.equal(forgotten.length, 62 - MAX_ENDED_TOKENS);
  assert.ok(!forgotten.includes('phone'));
  assert.ok(!forgotten.includes('f0'), 'the latest of the flood');
  assert.ok(forgotten.includes('f59'));
  assert.deepEqual(tokensToForget([...flood.slice(0, 10), phone]), []);
});
