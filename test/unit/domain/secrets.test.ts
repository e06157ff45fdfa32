/** What is derived is stable, separate by purpose, and says nothing about anything else. */
import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  deriveHa1,
  deriveInternalToken,
  derivePap,
  derivePhonePassword,
  deriveSipPassword,
  deriveToken,
  hashApiKey,
  isToken,
  makeApiKey,
  makeMasterKey,
  makeTokenId,
  openMasterKey,
  sameText,
  seal,
  tokenIdOf,
  unseal,
} from '../../../src/domain/secrets.js';
import { base32 } from '../../../src/domain/base32.js';

const KEY = openMasterKey('a master key for tests only');
const OTHER = openMasterKey('another master key for tests');
const DEVICE = '6b9e6c0e-5d0a-4a51-9ad7-0f5a3c1f7a11';

test('a PAP is the same for the same issue and another for any other', () => {
  assert.equal(derivePap(KEY, DEVICE, 1, 6), derivePap(KEY, DEVICE, 1, 6));
  const others = [
    derivePap(KEY, DEVICE, 2, 6),
    derivePap(KEY, randomUUID(), 1, 6),
    derivePap(OTHER, DEVICE, 1, 6),
    derivePap(KEY, DEVICE, 1, 7).slice(0, 6),
  ];
  assert.ok(others.filter((pap) => pap === derivePap(KEY, DEVICE, 1, 6)).length <= 1);
});

test('a PAP has exactly the digits that were asked for, leading zeros included', () => {
  for (let digits = 6; digits <= 10; digits += 1) {
    for (let serial = 1; serial <= 200; serial += 1) {
      assert.match(derivePap(KEY, DEVICE, serial, digits), new RegExp(`^\\d{${digits}}$`));
    }
  }
  const firstDigits = Array.from({ length: 2000 }, (_, serial) => derivePap(KEY, DEVICE, serial, 6)[0]);
  // Uniform: each of the ten is 200 of 2000, with a standard deviation of 13.
  for (const digit of '0123456789') {
    const count = firstDigits.filter((first) => first === digit).length;
    assert.ok(count > 120 && count < 280, `${digit}: ${count}`);
  }
});

test('a token carries its id, and is good for its device only', () => {
  const id = makeTokenId(KEY);
  const token = deriveToken(KEY, id, DEVICE);
  assert.match(token, /^[a-z2-7]{32}$/);
  assert.equal(tokenIdOf(token), id);
  assert.equal(isToken(KEY, token, id, DEVICE), true);
  assert.equal(isToken(KEY, token, id, randomUUID()), false);
  assert.equal(isToken(OTHER, token, id, DEVICE), false);
  assert.equal(
    isToken(
      KEY,
      token.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')),
      id,
      DEVICE,
    ),
    false,
  );
});

test('what has not the form of a token has no id', () => {
  for (const segment of [
    '',
    'A'.repeat(32),
    'a'.repeat(31),
    'a'.repeat(33),
    `${'a'.repeat(31)}1`,
    '../'.repeat(10),
  ]) {
    assert.equal(tokenIdOf(segment), null, segment);
  }
});

test('token ids do not repeat', () => {
  const ids = Array.from({ length: 5000 }, () => makeTokenId(KEY));
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.every((id) => /^[a-z2-7]{12}$/.test(id)));
});

test('each purpose has its own secret', () => {
  const id = makeTokenId(KEY);
  const derived = [
    deriveToken(KEY, id, DEVICE),
    deriveSipPassword(KEY, id),
    derivePhonePassword(KEY, id),
    derivePhonePassword(KEY, DEVICE),
    deriveInternalToken(KEY),
    KEY.fingerprint,
  ];
  const prefixes = derived.map((text) => text.slice(0, 10));
  assert.equal(new Set(prefixes).size, derived.length);
  assert.notEqual(KEY.fingerprint, OTHER.fingerprint);
  assert.equal(openMasterKey('  a master key for tests only\n').fingerprint, KEY.fingerprint);
  assert.notEqual(makeMasterKey(), makeMasterKey());
});

test('base32 is that of RFC 4648 10, in lower case', () => {
  const vectors = [
    ['f', 'my'],
    ['fo', 'mzxq'],
    ['foo', 'mzxw6'],
    ['foob', 'mzxw6yq'],
    ['fooba', 'mzxw6ytb'],
  ] as const;
  // Whole groups of five bits only: the last character of the others is filled up there, and left
  // out here.
  for (const [plain, encoded] of vectors) {
    const whole = Math.floor((plain.length * 8) / 5);
    assert.equal(base32(Buffer.from(plain), 99), encoded.slice(0, whole));
  }
  assert.equal(base32(randomBytes(40), 12).length, 12);
});

test('HA1 is that of RFC 7616 3.9.1', () => {
  const { md5, sha256 } = deriveHa1('Mufasa', 'http-auth@example.org', 'Circle of Life');
  assert.equal(md5, '3d78807defe7de2157e2b0b6573a855f');
  assert.equal(sha256, '7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232');
});

test('what was sealed opens with its key and for its row only, and unchanged only', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), (plain, at) => {
      const sealed = seal(KEY, DEVICE, plain);
      assert.equal(unseal(KEY, DEVICE, sealed), plain);
      assert.throws(() => unseal(KEY, randomUUID(), sealed));
      assert.throws(() => unseal(OTHER, DEVICE, sealed));
      const changed = Buffer.from(sealed);
      const index = at % changed.length;
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      assert.throws(() => unseal(KEY, DEVICE, changed));
    }),
    { numRuns: 50 },
  );
  assert.notDeepEqual(seal(KEY, DEVICE, 'x'), seal(KEY, DEVICE, 'x'));
});

test('an API key is stored as its hash', () => {
  const key = makeApiKey();
  assert.match(key, /^dg_[a-z2-7]{40}$/);
  assert.match(hashApiKey(key), /^[0-9a-f]{64}$/);
  assert.notEqual(makeApiKey(), key);
});

test('texts are the same or not, of whatever length', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (left, right) => sameText(left, right) === (left === right)),
  );
  assert.equal(sameText('', ''), true);
});
