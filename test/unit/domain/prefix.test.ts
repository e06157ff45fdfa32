/** Addresses and ranges in all their spellings, and whom an address stands for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as assertProperty, integer, property, tuple } from 'fast-check';
import { canonicalAddress } from '../../../src/domain/address.js';
import { isWithin, parsePrefix, sourceOf } from '../../../src/domain/prefix.js';

const READ: Readonly<Record<string, string>> = {
  '192.0.2.7': '192.0.2.7/32',
  ' 192.0.2.7 ': '192.0.2.7/32',
  '192.0.2.0/24': '192.0.2.0/24',
  '192.0.2.77/24': '192.0.2.0/24',
  '192.0.2.0/255.255.255.0': '192.0.2.0/24',
  '192.0.2.129/255.255.255.128': '192.0.2.128/25',
  '10.0.0.0/8': '10.0.0.0/8',
  '127.0.0.1': '127.0.0.1/32',
  '0.0.0.0/0': '0.0.0.0/0',
  '192.0.2.7/0.0.0.0': '0.0.0.0/0',
  '2001:db8::1': '2001:db8::1/128',
  '2001:DB8:0:0:1:0:0:1': '2001:db8::1:0:0:1/128',
  '2001:db8:1:2:3:4:5:6/64': '2001:db8:1:2::/64',
  '2001:db8:1:2:3:4:5:6/61': '2001:db8:1::/61',
  '::1': '::1/128',
  '::/0': '::/0',
  '::192.0.2.7': '::c000:207/128',
  '::ffff:192.0.2.7': '192.0.2.7/32',
  '::ffff:c000:207': '192.0.2.7/32',
  '::ffff:192.0.2.0/120': '192.0.2.0/24',
  '::ffff:0:0/96': '0.0.0.0/0',
};

test('every usual spelling of an address or a range is read into one', () => {
  for (const [text, expected] of Object.entries(READ)) assert.equal(parsePrefix(text)?.text, expected, text);
});

test('what is no address or range is nothing', () => {
  const wrong = `
    / /24 192.0.2 192.0.2.256 192.0.2.7.1 0300.0.2.1 3221225991 example.com fe80::1%eth0
    192.0.2.0/33 192.0.2.0/-1 192.0.2.0/ 192.0.2.0/24/8 192.0.2.0/0x18
    192.0.2.0/255.0.255.0 192.0.2.0/0.0.0.255 192.0.2.0/255.255.255
    2001:db8::/129 2001:db8::/ffff:: 2001:db8::/255.255.0.0 2001::db8::1 12345:: ::ffff:192.0.2.256 ::192.0.2.256
  `;
  assert.equal(parsePrefix(''), null);
  assert.equal(parsePrefix('192.0.2.0/2 4'), null);
  for (const text of wrong.trim().split(/\s+/)) assert.equal(parsePrefix(text), null, text);
});

const octet = integer({ min: 0, max: 255 });
const ipv4 = tuple(octet, octet, octet, octet).map((octets) => octets.join('.'));
const ipv6 = array(integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.map((group) => group.toString(16)).join(':'))
  .filter((address) => canonicalAddress(address)?.includes(':') === true);

/** An address as a number, worked out apart from the code under test. */
function numberOf(address: string): bigint {
  const canonical = canonicalAddress(address) ?? '';
  if (!canonical.includes(':'))
    return canonical.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n);
  const [head = '', tail] = canonical.split('::');
  const groups = (text: string | undefined): string[] =>
    text === undefined || text === '' ? [] : text.split(':');
  const missing = 8 - groups(head).length - groups(tail).length;
  return [...groups(head), ...Array.from({ length: missing }, () => '0'), ...groups(tail)].reduce(
    (sum, group) => sum * 65_536n + BigInt(`0x${group}`),
    0n,
  );
}

test('an address lies in a prefix exactly when their fixed bits are the same', () => {
  const same = (address: string, other: string, length: number, bits: number): boolean =>
    numberOf(address) >> BigInt(bits - length) === numberOf(other) >> BigInt(bits - length);
  for (const [addresses, bits] of [
    [ipv4, 32],
    [ipv6, 128],
  ] as const) {
    const near = tuple(addresses, integer({ min: 0, max: bits }));
    assertProperty(
      property(near, addresses, ([address, length], other) => {
        const prefix = parsePrefix(`${address}/${length}`);
        assert.ok(prefix !== null);
        assert.equal(parsePrefix(prefix.text)?.text, prefix.text, 'its spelling is the only one');
        const canonical = canonicalAddress(other) ?? '';
        const isOfFamily = canonical.includes(':') === (prefix.family === 'ipv6');
        assert.equal(isWithin(canonical, prefix), isOfFamily && same(address, other, length, bits));
        assert.ok(isWithin(canonicalAddress(address) ?? '', prefix));
      }),
    );
  }
});

test('the first and the last address of a range lie in it, their neighbours do not', () => {
  const range = parsePrefix('192.0.2.64/26');
  const site = parsePrefix('2001:db8:1:2::/64');
  assert.ok(range !== null && site !== null);
  assert.deepEqual(
    ['192.0.2.63', '192.0.2.64', '192.0.2.127', '192.0.2.128'].map((address) => isWithin(address, range)),
    [false, true, true, false],
  );
  assert.deepEqual(
    [
      '2001:db8:1:1:ffff:ffff:ffff:ffff',
      '2001:db8:1:2::',
      '2001:db8:1:2:ffff:ffff:ffff:ffff',
      '2001:db8:1:3::',
    ].map((address) => isWithin(address, site)),
    [false, true, true, false],
  );
  assert.equal(isWithin('192.0.2.64', site), false, 'another family');
  assert.equal(isWithin('nonsense', range), false);
});

test('an IPv4 address stands for itself, an IPv6 address for its /64, and a mapped one is IPv4', () => {
  assert.equal(sourceOf('192.0.2.7')?.text, '192.0.2.7/32');
  assert.equal(sourceOf('::ffff:192.0.2.7')?.text, '192.0.2.7/32');
  assert.equal(sourceOf('2001:db8:1:2:aaaa:bbbb:cccc:dddd')?.text, '2001:db8:1:2::/64');
  assert.equal(sourceOf('::1')?.text, '::/64');
  assert.equal(sourceOf('nonsense'), null);
  assert.equal(sourceOf('192.0.2.0/24'), null);
});
