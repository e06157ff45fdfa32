import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import type { Ha1 } from '../../../src/contract/messages.js';
import { digestResponse } from '../../../sip/digest/digest.js';
import { answerChallenge, chooseChallenge } from '../../../sip/digest/digest-answer.js';
import { DigestChallenge, proves } from '../../../sip/digest/digest-challenge.js';
import { parseDigestHeader } from '../../../sip/digest/digest-header.js';
import { Nonces } from '../../../sip/digest/nonces.js';

function ha1(user: string, realm: string, password: string): Ha1 {
  const hash = (algorithm: string): string =>
    createHash(algorithm).update(`${user}:${realm}:${password}`).digest('hex');
  return { md5: hash('md5'), sha256: hash('sha256'), sha512256: hash('sha512-256') };
}

const PHONE = '192.0.2.1';
let seconds = 0;
const clock = { now: () => new Date(Date.parse('2026-01-01T12:00:00Z') + seconds * 1000) };
const noncesOf = (secret: string): Nonces => new Nonces(secret, clock, () => seconds * 1000);
const challenge = new DigestChallenge('gate', noncesOf('secret'));

/** What a phone answers to the headers of our 401. */
function answer(headers: Record<string, string>, algorithm: string, password = 'pw'): string {
  const lines = headers['WWW-Authenticate']!.split('\r\nWWW-Authenticate: ');
  const chosen = chooseChallenge(lines.find((line) => line.includes(`algorithm=${algorithm},`))!)!;
  const secret = ha1('phone', 'gate', password);
  return answerChallenge(chosen, { user: 'phone', method: 'REGISTER', uri: 'sip:gate', ha1: secret });
}

describe('digest', () => {
  test('the examples of RFC 7616 3.9.1 come out', () => {
    const example = {
      ha1: ha1('Mufasa', 'http-auth@example.org', 'Circle of Life'),
      method: 'GET',
      uri: '/dir/index.html',
      nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
      quality: { count: '00000001', clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ' },
    };
    assert.equal(digestResponse({ ...example, algorithm: 'MD5' }), '8ca523f5e9506fed4657c9700eebdbec');
    assert.equal(
      digestResponse({ ...example, algorithm: 'SHA-256' }),
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    );
  });

  test('the example of RFC 2617 without qop comes out as RFC 2069 has it', () => {
    const response = digestResponse({
      algorithm: 'MD5',
      ha1: ha1('Mufasa', 'testrealm@host.com', 'CircleOfLife'),
      method: 'GET',
      uri: '/dir/index.html',
      nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
      quality: null,
    });
    assert.equal(response, '1949323746fe6a43ef61f9606e7febea');
  });
});

describe('challenges of ours', () => {
  test('MD5 and the two SHA are offered, each in a header of its own, with one nonce', () => {
    const lines = challenge.headers(PHONE, false, 'phone/1')['WWW-Authenticate']!.split('\r\n');
    assert.equal(lines.length, 3);
    assert.match(lines.join(), /algorithm=MD5.*algorithm=SHA-256.*algorithm=SHA-512-256/);
    assert.equal(new Set(lines.map((line) => /nonce="([^"]+)"/.exec(line)?.[1])).size, 1);
    assert.doesNotMatch(lines.join(), /stale/);
    assert.match(challenge.headers(PHONE, true, '')['WWW-Authenticate']!, /stale=true/);
    assert.doesNotMatch(challenge.headers(PHONE, false, 'baresip v3.20.0')['WWW-Authenticate']!, /SHA/);
  });

  test('the right answer proves the password, by any of the algorithms; a wrong one, and an unknown user, do not', () => {
    for (const algorithm of ['MD5', 'SHA-256', 'SHA-512-256']) {
      const reading = challenge.read(answer(challenge.headers(PHONE, false, ''), algorithm), PHONE);
      assert.equal(reading.kind, 'credentials');
      if (reading.kind !== 'credentials') return;
      assert.equal(reading.credentials.algorithm, algorithm);
      assert.equal(proves(reading.credentials, 'REGISTER', ha1('phone', 'gate', 'pw')), true);
      assert.equal(proves(reading.credentials, 'INVITE', ha1('phone', 'gate', 'pw')), false);
      assert.equal(proves(reading.credentials, 'REGISTER', ha1('phone', 'gate', 'other')), false);
      assert.equal(proves(reading.credentials, 'REGISTER', null), false);
    }
  });

  test('an old nonce of ours is stale, anybody else’s is no answer to us, and none is none', () => {
    const headers = challenge.headers(PHONE, false, '');
    assert.equal(challenge.read(answer(headers, 'MD5'), '192.0.2.2').kind, 'stale', 'from another address');
    const foreign = new DigestChallenge('gate', noncesOf('other')).headers(PHONE, false, '');
    assert.equal(challenge.read(answer(foreign, 'MD5'), PHONE).kind, 'none');
    assert.equal(challenge.read(undefined, PHONE).kind, 'none');
    assert.equal(challenge.read('Basic cGhvbmU6cHc=', PHONE).kind, 'none');
    assert.equal(challenge.read(answer(headers, 'MD5').replace('"gate"', '"elsewhere"'), PHONE).kind, 'none');
    seconds += 301;
    assert.equal(challenge.read(answer(headers, 'MD5'), PHONE).kind, 'stale');
  });

  test('an instance with the same secret takes the nonce too', () => {
    const twin = new DigestChallenge('gate', noncesOf('secret'));
    assert.equal(twin.read(answer(challenge.headers(PHONE, false, ''), 'MD5'), PHONE).kind, 'credentials');
  });

  test('what is malformed is called so', () => {
    const good = answer(challenge.headers(PHONE, false, ''), 'MD5');
    const bad = [
      'Digest',
      'Digest username="x',
      'Digest ,,,=',
      good.replace(/nonce="[^"]*", /, ''),
      good.replace('username="phone"', 'username=""'),
      good.replace('algorithm=MD5', 'algorithm=MD4'),
      good.replace('qop=auth', 'qop=auth-int'),
      good.replace('nc=00000001', 'nc=first'),
      good.replace(/, cnonce="[^"]*"/, ''),
      `${good}, realm="gate"`,
    ];
    for (const header of bad) assert.equal(challenge.read(header, PHONE).kind, 'malformed', header);
  });
});

describe('headers with digest parameters', () => {
  test('several, joined by commas, come apart again; other schemes are left out', () => {
    const parsed = parseDigestHeader('Digest realm="a, b", nonce="1",Newer x=1, DIGEST realm=c ,stale=TRUE');
    assert.deepEqual(
      parsed?.map((one) => Object.fromEntries(one)),
      [
        { realm: 'a, b', nonce: '1' },
        { realm: 'c', stale: 'TRUE' },
      ],
    );
  });

  test('quotes within a value are unescaped', () => {
    assert.equal(
      parseDigestHeader(String.raw`Digest realm="a \"b\" \\c"`)?.[0]?.get('realm'),
      String.raw`a "b" \c`,
    );
  });
});

describe('challenges of phones', () => {
  test('the better algorithm is answered, one without qop too, and what cannot be answered is not', () => {
    const two =
      'Digest realm="p", nonce="n", qop="auth,auth-int",Digest realm="p", nonce="n", algorithm=SHA-256, qop="auth"';
    assert.equal(chooseChallenge(two)?.algorithm, 'SHA-256');
    const old = chooseChallenge('Digest realm="p", nonce="n", opaque="o"')!;
    assert.deepEqual(old, {
      realm: 'p',
      nonce: 'n',
      algorithm: 'MD5',
      opaque: 'o',
      isStale: false,
      quality: false,
    });
    const header = answerChallenge(old, {
      user: 'u',
      method: 'NOTIFY',
      uri: 'sip:u@h',
      ha1: ha1('u', 'p', 'pw'),
    });
    assert.match(header, /opaque="o"/);
    assert.doesNotMatch(header, /qop|nc=/);
    for (const hopeless of [
      '',
      'Basic realm="p"',
      'Digest realm="p"',
      'Digest realm="p", nonce="n", qop="auth-int"',
    ]) {
      assert.equal(chooseChallenge(hopeless), null, hopeless);
    }
  });
});
