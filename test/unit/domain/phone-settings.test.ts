import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type PhoneSettings, effectiveSettings, fileFor } from '../../../src/domain/phone-settings.js';

test('the device’s wish comes before the site’s, and that before the tenant’s, member by member', () => {
  const device: PhoneSettings = { serverTrust: { verify: false }, raw: { snom: { a: 'device' } } };
  const site: PhoneSettings = { keys: [{ kind: 'blf', label: 'Door', value: '300' }], webInterface: false };
  const tenant: PhoneSettings = {
    serverTrust: { verify: true, caUrl: 'https://ca.example/ca.pem' },
    keys: [],
    webInterface: true,
    raw: { snom: { a: 'tenant', b: 'tenant' }, yealink: { c: 'tenant' } },
  };
  assert.deepEqual(effectiveSettings(device, site, tenant), {
    serverTrust: { verify: false, caUrl: 'https://ca.example/ca.pem' },
    keys: [{ kind: 'blf', label: 'Door', value: '300' }],
    webInterface: false,
    raw: { snom: { a: 'device', b: 'tenant' }, yealink: { c: 'tenant' } },
  });
});

const text = fc.string({ maxLength: 5 });
const settings: fc.Arbitrary<PhoneSettings> = fc.record(
  {
    ntpServer: text,
    voicemailNumber: text,
    keys: fc.array(fc.record({ kind: fc.constantFrom('blf', 'speed-dial'), label: text, value: text })),
    phoneBook: fc.record({ name: text, url: text }, { requiredKeys: [] }),
    firmware: fc.oneof(text, fc.dictionary(fc.constantFrom('yealink', 'snom/D785'), text)),
    codecs: fc.subarray(['g722', 'pcma', 'opus'] as const),
    webInterface: fc.boolean(),
    raw: fc.record(
      { yealink: fc.dictionary(text, text), snom: fc.dictionary(text, text) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

test('whatever three layers say, each value is that of the first layer which has one there', () => {
  fc.assert(
    fc.property(settings, settings, settings, (device, site, tenant) => {
      const layers = [device, site, tenant];
      const before = JSON.stringify(layers);
      assertFirst(effectiveSettings(...layers), layers);
      assert.equal(JSON.stringify(layers), before, 'the layers are left as they were');
    }),
  );
});

test('layers may be put together in any grouping, and nothing comes of nothing', () => {
  fc.assert(
    fc.property(settings, settings, settings, (a, b, c) => {
      assert.deepEqual(effectiveSettings(a, effectiveSettings(b, c)), effectiveSettings(a, b, c));
      assert.deepEqual(effectiveSettings(a, {}), effectiveSettings({}, a));
    }),
  );
  assert.deepEqual(effectiveSettings(), {});
});

/** An independent statement of the rule: at each place, walk the layers from the first. */
function assertFirst(effective: unknown, layers: readonly unknown[]): void {
  const present = layers.filter((layer) => layer !== undefined);
  const [first] = present;
  if (!isObject(first)) return assert.deepEqual(effective, first);
  // Below something that is no object, nothing of an object can be seen any more.
  const objects = present.slice(
    0,
    [...present, null].findIndex((layer) => !isObject(layer)),
  );
  const names = new Set(objects.flatMap((layer) => Object.keys(layer as object)));
  assert.ok(isObject(effective));
  assert.deepEqual(new Set(Object.keys(effective)), names);
  for (const name of names) {
    const below = objects.map((layer) => Object.getOwnPropertyDescriptor(layer, name)?.value as unknown);
    assertFirst(Object.getOwnPropertyDescriptor(effective, name)?.value, below);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

test('a file is that of the model, else of the vendor, else the one for all', () => {
  const files = { yealink: 'all.rom', 'Yealink/T46U': 'T46U.rom' };
  assert.equal(fileFor(files, 'yealink', 't46u'), 'T46U.rom');
  assert.equal(fileFor(files, 'yealink', 'T31P'), 'all.rom');
  assert.equal(fileFor(files, 'yealink', null), 'all.rom');
  assert.equal(fileFor(files, 'snom', 'D785'), null);
  assert.equal(fileFor('any.rom', 'snom', null), 'any.rom');
  assert.equal(fileFor(undefined, 'snom', null), null);
});
