import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type DeviceSettings, mergeSettings, settingsFault } from '../../../src/domain/device-settings.js';

test('settings merge as the examples of RFC 7396, appendix A', () => {
  const examples: [DeviceSettings, DeviceSettings, DeviceSettings][] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [target, patch, result] of examples) assert.deepEqual(mergeSettings(target, patch), result);
});

test('a member called __proto__ is nothing but a member', () => {
  const patch = JSON.parse('{"__proto__":{"polluted":true}}') as DeviceSettings;
  const merged = mergeSettings({}, patch);
  assert.deepEqual(Object.keys(merged), ['__proto__']);
  assert.equal('polluted' in {}, false);
  assert.equal((merged as { polluted?: unknown }).polluted, undefined);
});

test('to merge the same patch twice is to merge it once, and neither side is changed', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.dictionary(fc.string(), fc.jsonValue()),
      (a, b) => {
        const [settings, patch] = [a as DeviceSettings, b as DeviceSettings];
        const before = JSON.stringify([settings, patch]);
        const once = mergeSettings(settings, patch);
        assert.deepEqual(mergeSettings(once, patch), once);
        assert.equal(JSON.stringify([settings, patch]), before);
      },
    ),
  );
});

const size = (bytes: number): DeviceSettings => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) });

test('settings keep within depth and size, and have nothing that jsonb refuses', () => {
  const nested = (depth: number): DeviceSettings => (depth === 1 ? {} : { a: nested(depth - 1) });
  assert.equal(settingsFault(nested(8)), null);
  assert.notEqual(settingsFault(nested(9)), null);
  assert.notEqual(settingsFault(nested(5000)), null);
  assert.equal(settingsFault(size(16_384)), null);
  assert.notEqual(settingsFault(size(16_385)), null);
  for (const text of ['\u0000', 'a\u0000', '\\\u0000', '\ud800', '\udfff', String.raw`\\` + '\u0000']) {
    assert.notEqual(settingsFault({ text }), null, JSON.stringify(text));
    assert.notEqual(settingsFault({ [text]: 1 }), null, JSON.stringify(text));
  }
  for (const text of [String.raw`\u0000`, String.raw`\\ud800`, '😀', '\n\u0001', 'ud800']) {
    assert.equal(settingsFault({ text }), null, JSON.stringify(text));
  }
});
