import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { formatAuthHeader, parseAuthHeader } from '../../../telephony/sip/auth-header.js';
import { answerChallenge, digestResponse, strongestChallenge } from '../../../telephony/sip/digest.js';
import { SipHeaders } from '../../../telephony/sip/headers.js';
import { formatNameAddr, parseNameAddr, tagOf } from '../../../telephony/sip/name-addr.js';
import { formatUri, parseUri } from '../../../telephony/sip/uri.js';
import { formatVia, parseVia } from '../../../telephony/sip/via.js';

test('a URI is taken apart and put together again', () => {
  const uri = parseUri('sips:alice:secret@[2001:db8::9]:5061;transport=tcp;lr?subject=x');
  assert.deepEqual(uri, {
    scheme: 'sips',
    user: 'alice',
    password: 'secret',
    host: '2001:db8::9',
    port: 5061,
    params: new Map<string, string | true>([
      ['transport', 'tcp'],
      ['lr', true],
    ]),
    headers: 'subject=x',
  });
  assert.equal(formatUri(uri), 'sips:alice:secret@[2001:db8::9]:5061;transport=tcp;lr?subject=x');
});

test('a dialled string with * and # becomes a URI and comes back', () => {
  const text = formatUri({ scheme: 'sip', user: '*89*123456#', host: 'pbx', params: new Map() });
  assert.equal(text, 'sip:*89*123456%23@pbx');
  assert.equal(parseUri(text)?.user, '*89*123456#');
});

test('any user name survives the way into a URI and back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (user) => {
      assert.equal(parseUri(formatUri({ scheme: 'sip', user, host: 'h', params: new Map() }))?.user, user);
    }),
  );
});

for (const text of [
  '',
  'sip:',
  'tel:+49',
  'bob@host',
  'sip:host:0',
  'sip:host:65536',
  'sip:a b@h h',
  'sip:x@[::1',
]) {
  test(`no SIP URI: "${text}"`, () => assert.equal(parseUri(text), undefined));
}

test('without brackets the parameters are those of the header', () => {
  assert.deepEqual(parseNameAddr('sip:a@b;tag=1'), { uri: 'sip:a@b', params: new Map([['tag', '1']]) });
  assert.deepEqual(parseNameAddr('<sip:a@b;tag=1>'), { uri: 'sip:a@b;tag=1', params: new Map() });
  assert.equal(parseNameAddr('*'), undefined);
});

test('any display name survives quoting, and hides no tag', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }),
      fc.option(fc.constantFrom('abc', '1.2-3'), { nil: undefined }),
      (name, tag) => {
        const params = new Map(tag === undefined ? [] : [['tag', tag]]);
        const text = formatNameAddr({ displayName: name, uri: 'sip:a@b;tag=uri', params });
        assert.deepEqual(parseNameAddr(text), { displayName: name, uri: 'sip:a@b;tag=uri', params });
        assert.equal(tagOf(text), tag);
      },
    ),
  );
});

test('a Via keeps its parts', () => {
  const text = 'SIP/2.0/UDP [2001:db8::1]:5070;branch=z9hG4bKx;rport;received=192.0.2.1';
  const via = parseVia(text);
  assert.equal(via?.host, '2001:db8::1');
  assert.equal(via?.port, 5070);
  assert.equal(via?.params.get('rport'), true);
  assert.equal(via && formatVia(via), text);
});

test('headers: order, place, lists and copies', () => {
  const headers = new SipHeaders({ Via: 'a, b', to: 'x', v: 'c', Subject: 'one, two' });
  assert.deepEqual(headers.all('VIA'), ['a', 'b', 'c']);
  assert.deepEqual(headers.all('subject'), ['one, two']);
  assert.equal(headers.first('via'), 'a');
  const copy = headers.clone();
  assert.equal(copy.removeFirst('Via'), 'a');
  assert.deepEqual(copy.all('Via'), ['b', 'c']);
  copy.set('Via', ['d', 'e']).prepend('Via', 'f').delete('To');
  assert.deepEqual(
    [...copy],
    [
      ['Via', 'f'],
      ['Via', 'd'],
      ['Via', 'e'],
      ['Subject', 'one, two'],
    ],
  );
  assert.deepEqual(headers.all('Via'), ['a', 'b', 'c'], 'the original is untouched');
});

test('commas and semicolons inside quotes and brackets separate nothing', () => {
  const headers = new SipHeaders({ Contact: '"Doe, \\"J\\"; x" <sip:a@b;x=1,2>;q=1, <sip:c@d>' });
  assert.deepEqual(headers.all('Contact'), ['"Doe, \\"J\\"; x" <sip:a@b;x=1,2>;q=1', '<sip:c@d>']);
});

const challenge = (algorithm: string) =>
  parseAuthHeader(
    'Digest realm="http-auth@example.org", qop="auth, auth-int", ' +
      `algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ` +
      'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
  )!;

test('the digests of RFC 7616 3.9.1 come out', () => {
  const answer = (algorithm: string) =>
    answerChallenge(challenge(algorithm), {
      credentials: { username: 'Mufasa', password: 'Circle of Life' },
      method: 'GET',
      uri: '/dir/index.html',
      cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
      nonceCount: 1,
    })?.params.get('response');
  assert.equal(answer('MD5'), '8ca523f5e9506fed4657c9700eebdbec');
  assert.equal(answer('SHA-256'), '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1');
  // Not in the RFC for this user: checked against `openssl dgst -sha512-256`.
  assert.equal(answer('SHA-512-256'), '430d05014cecc49cab6fbe03176d41a1da86cbfe24a16580e22aaad928d960d0');
  assert.equal(answer('SHA-512'), undefined);
  assert.equal(
    strongestChallenge([challenge('X'), challenge('MD5'), challenge('SHA-256')])?.params.get('algorithm'),
    'SHA-256',
  );
});

test('the old digest without qop, and one from a stored hash, come out', () => {
  // RFC 2617 3.5 with the qop left out, checked against `printf … | md5sum`.
  const input = {
    algorithm: 'MD5',
    method: 'GET',
    uri: '/dir/index.html',
    nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
  } as const;
  const secret = { user: 'Mufasa', realm: 'testrealm@host.com', password: 'Circle Of Life' };
  assert.equal(digestResponse({ ...input, secret }), '670fd8c2df070c60b045671b8b24ff02');
  assert.equal(
    digestResponse({ ...input, secret: { ha1: '939e7578ed9e3c518a452acee763bce9' } }),
    '670fd8c2df070c60b045671b8b24ff02',
  );
});

test('authentication headers are quoted where RFC 7616 wants it, and read back', () => {
  const text = 'Digest username="a\\"b", qop=auth, nc=00000001, uri="sip:x", algorithm=MD5';
  const header = parseAuthHeader(text)!;
  assert.equal(header.params.get('username'), 'a"b');
  assert.equal(formatAuthHeader(header, 'credentials'), text);
  assert.match(
    formatAuthHeader(
      {
        scheme: 'Digest',
        params: new Map([
          ['qop', 'auth'],
          ['stale', 'true'],
        ]),
      },
      'challenge',
    ),
    /qop="auth", stale=true/,
  );
  for (const bad of ['', 'Digest', 'Digest realm', 'Digest a=1, a=2'])
    assert.equal(parseAuthHeader(bad), undefined);
});
