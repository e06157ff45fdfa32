import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { canonicalAddress } from '../../../src/domain/address.js';
import { type ForwardingHeaders, clientAddress, loggedClient } from '../../../src/domain/client-address.js';
import { type Prefix, isWithin, parsePrefix } from '../../../src/domain/prefix.js';

function prefixes(...texts: string[]): Prefix[] {
  return texts.flatMap((text) => parsePrefix(text) ?? assert.fail(text));
}

const PROXIES = prefixes('10.0.0.0/8', '2001:db8:ffff::/48');
const PROXY = '10.0.0.1';

function addressOf(forwardedFor: string | undefined, peer = PROXY, trusted = PROXIES): string | null {
  return clientAddress(peer, { 'x-forwarded-for': forwardedFor }, trusted).address;
}

describe('the client address', () => {
  it('is the peer without a header, whoever the peer is', () => {
    for (const peer of ['192.0.2.7', PROXY]) {
      assert.deepEqual(clientAddress(peer, {}, PROXIES), {
        address: peer,
        peer,
        isProxied: peer === PROXY,
        ignoredHeader: false,
      });
    }
    assert.deepEqual(clientAddress(undefined, { 'x-forwarded-for': '192.0.2.7' }, PROXIES), {
      address: null,
      peer: null,
      isProxied: false,
      ignoredHeader: true,
    });
  });

  it('is the right-most address that is no proxy of ours', () => {
    assert.equal(addressOf('192.0.2.7'), '192.0.2.7');
    assert.equal(addressOf('198.51.100.1, 192.0.2.7'), '192.0.2.7');
    assert.equal(addressOf('198.51.100.1, 192.0.2.7, 10.9.9.9'), '192.0.2.7');
    assert.equal(addressOf('198.51.100.1,10.0.0.3,192.0.2.7,10.9.9.9 , 2001:db8:ffff::2'), '192.0.2.7');
  });

  it('is the left-most where all are proxies of ours', () => {
    assert.equal(addressOf('10.0.0.3, 10.0.0.2'), '10.0.0.3');
  });

  it('is the last proxy where an entry is no address', () => {
    for (const broken of [
      'unknown',
      '',
      '192.0.2',
      '192.0.2.7.9',
      '_hidden',
      '192.0.2.7:',
      '[192.0.2.7',
      '1e3',
      '"192.0.2.7"',
    ]) {
      assert.equal(addressOf(`198.51.100.1, ${broken}, 10.0.0.2`), '10.0.0.2', broken);
      assert.equal(addressOf(broken), PROXY, broken);
    }
    assert.equal(addressOf(',192.0.2.7'), '192.0.2.7');
    assert.equal(addressOf('192.0.2.7,'), PROXY);
  });

  it('is read with ports, brackets and blanks', () => {
    const spellings: [string, string][] = [
      ['192.0.2.7:4711', '192.0.2.7'],
      ['[192.0.2.7]', '192.0.2.7'],
      ['2001:db8::7', '2001:db8::7'],
      ['2001:DB8:0:0:0:0:0:7', '2001:db8::7'],
      ['[2001:db8::7]', '2001:db8::7'],
      ['[2001:db8::7]:4711', '2001:db8::7'],
      ['[fe80::1%eth0]:4711', 'fe80::1'],
      ['\t 192.0.2.7 ', '192.0.2.7'],
    ];
    for (const [text, address] of spellings) assert.equal(addressOf(text), address, text);
  });

  it('is IPv4 where it is IPv4 within IPv6: as peer, in the header and in the setting', () => {
    assert.equal(addressOf(undefined, '::ffff:192.0.2.7'), '192.0.2.7');
    assert.equal(addressOf('192.0.2.7', '::ffff:10.0.0.1'), '192.0.2.7');
    assert.equal(addressOf('192.0.2.7, [::ffff:10.0.0.2]:80'), '192.0.2.7');
    assert.equal(addressOf('::ffff:c000:0207'), '192.0.2.7');
    assert.equal(addressOf('192.0.2.7', PROXY, prefixes('::ffff:10.0.0.0/104')), '192.0.2.7');
  });

  it('is the peer whatever an untrusted peer says, and that is said', () => {
    const headers: ForwardingHeaders[] = [
      { 'x-forwarded-for': '10.0.0.1' },
      { 'x-forwarded-for': '' },
      { forwarded: 'for=10.0.0.1' },
      { 'x-real-ip': '10.0.0.1' },
    ];
    for (const header of headers) {
      for (const trusted of [PROXIES, []]) {
        assert.deepEqual(clientAddress('192.0.2.7', header, trusted), {
          address: '192.0.2.7',
          peer: '192.0.2.7',
          isProxied: false,
          ignoredHeader: true,
        });
      }
    }
  });

  it('is told by a trusted peer with X-Forwarded-For only', () => {
    const others = { forwarded: 'for=198.51.100.1', 'x-real-ip': '198.51.100.1' };
    assert.deepEqual(clientAddress(PROXY, others, PROXIES), {
      address: PROXY,
      peer: PROXY,
      isProxied: true,
      ignoredHeader: true,
    });
    const all = clientAddress(PROXY, { ...others, 'x-forwarded-for': '192.0.2.7' }, PROXIES);
    assert.deepEqual(all, { address: '192.0.2.7', peer: PROXY, isProxied: true, ignoredHeader: false });
    assert.deepEqual(loggedClient(all), { address: '192.0.2.7', peer: PROXY });
    assert.deepEqual(loggedClient(clientAddress('192.0.2.7', {}, PROXIES)), { address: '192.0.2.7' });
  });

  it('is not IPv4 where it only looks so: the deprecated ::192.0.2.7 is an IPv6 address of its own', () => {
    assert.equal(addressOf(undefined, '::192.0.2.7'), '::c000:207');
    assert.equal(addressOf('192.0.2.7', '::10.0.0.1'), '::a00:1', 'and no proxy');
    assert.equal(addressOf('::10.0.0.2'), '::a00:2');
  });

  const untrusted = fc.ipV4().filter((address) => !address.startsWith('10.'));
  const proxy = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255)).map((bytes) => `10.${bytes.join('.')}`);

  it('cannot be moved by anything that the client writes', () => {
    const forged = fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), proxy, fc.string()), { maxLength: 8 });
    fc.assert(
      fc.property(forged, untrusted, fc.array(proxy, { maxLength: 4 }), (told, client, proxies) => {
        // As proxies do it: each writes at the right from whom it has the request.
        const header = [...told, client, ...proxies].join(', ');
        assert.equal(addressOf(header), client);
      }),
    );
  });

  it('is the peer or an address of the header, in its one spelling, whatever the header is', () => {
    fc.assert(
      fc.property(fc.string(), fc.oneof(untrusted, proxy, fc.ipV6()), (header, peer) => {
        const { address, ignoredHeader } = clientAddress(peer, { 'x-forwarded-for': header }, PROXIES);
        assert.ok(address !== null && parsePrefix(address)?.text.startsWith(`${address}/`));
        const isTrusted = PROXIES.some((prefix) => isWithin(canonicalAddress(peer) ?? '', prefix));
        assert.equal(ignoredHeader, !isTrusted);
        if (!isTrusted) assert.equal(address, parsePrefix(peer)?.text.split('/')[0]);
      }),
    );
  });

  it('is found at once in a header of any size', { timeout: 60_000 }, () => {
    assert.equal(addressOf('192.0.2.7, '.repeat(180_000) + '198.51.100.1'), '198.51.100.1');
    assert.equal(addressOf('x'.repeat(2_000_000)), PROXY);
    assert.equal(addressOf(' '.repeat(2_000_000) + '192.0.2.7'), PROXY);
    assert.equal(addressOf(','.repeat(2_000_000)), PROXY);
    // More proxies in a row than anybody has: the last that was looked at is one of them.
    assert.equal(addressOf(`192.0.2.7${', 10.0.0.2'.repeat(200_000)}`), '10.0.0.2');
  });
});
