/**
 * The small rules: MACs, entries, tokens' lives, emergency numbers, resyncs, languages, addresses,
 * registrations.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { canonicalAddress } from '../../../src/domain/address.js';
import {
  effectiveEmergency,
  emergencyTarget,
  emergencyNumber,
  isEmergencyRoute,
} from '../../../src/domain/emergency.js';
import { macHex, parseMac } from '../../../src/domain/mac.js';
import { papInDialString, readPapEntry, samePap } from '../../../src/domain/pap.js';
import { grantExpiry, isTooBrief } from '../../../src/domain/registration.js';
import { isLastResync, nextResyncAt, resyncDueAfter } from '../../../src/domain/resync.js';
import { secondsUntil } from '../../../src/domain/time.js';
import { TOKEN_STATES, hasLapsed, isLive } from '../../../src/domain/token.js';

const NOW = new Date('2026-03-02T09:00:00Z');
const after = (seconds: number, milliseconds = 0): Date =>
  new Date(NOW.getTime() + seconds * 1000 + milliseconds);

describe('a MAC', () => {
  test('is read in every usual spelling', () => {
    for (const spelling of [
      '805EC0AABBCC',
      '80:5e:c0:aa:bb:cc',
      '80-5E-C0-AA-BB-CC',
      '805e.c0aa.bbcc',
      '805E-C0AA-BBCC',
      '805ec0-aabbcc',
      ' 805ec0aabbcc ',
      '805ec0.aabbcc',
      '805E:C0AA:BBCC',
      '805e c0aa bbcc',
      '805-ec0-aab-bcc',
      '80 5E C0 AA BB CC',
      '80.5e.c0.aa.bb.cc',
      '80 : 5e : c0 : aa : bb : cc',
      '80\u20115e\u2011c0\u2011aa\u2011bb\u2011cc',
      '805EC0AABBCC-1A2Z',
      '80:5E:C0:AA:BB:CC-1A2Z',
      '\uFEFF805ec0aabbcc\u00A0',
      '80:5e:\u200Bc0:aa:\u200D\u2060bb:cc\u202C',
      '80\u00A05e\u00A0c0\u00A0aa\u00A0bb\u00A0cc',
      '\t805ec0aabbcc\r\n',
    ]) {
      assert.equal(parseMac(spelling), '80:5e:c0:aa:bb:cc', spelling);
    }
    // Without their leading zeros, as spreadsheets write them.
    for (const spelling of ['0:4:13:0:9:1', '0-4-13-0-9-1', '0.4.13.0.9.1', '0 4 13 00 9 01']) {
      assert.equal(parseMac(spelling), '00:04:13:00:09:01', spelling);
    }
    const mac = parseMac('805ec0aabbcc');
    assert.ok(mac);
    assert.equal(macHex(mac), '805ec0aabbcc');
  });

  test('is nothing else: not too short, too long, mixed, a group’s, or zero', () => {
    const wrong = [
      '',
      '805ec0aabbc',
      '805ec0aabbccd',
      '80:5e:c0:aa:bb-cc',
      '805ec0aabbcg',
      '5e:c0:aa:bb:cc',
      '0:4:13:0:9',
      '0:4:13:0:9:1:2',
      '0:4:13-0:9:1',
      '::4:13:0:9:1',
      '04:013:0:0:9:1',
      '4.1300.902',
      '0004:1300-0902',
      '413000901',
      '4.13E+11',
      '00-04-13-FF-FE-00-09-01',
      '805ec0aabbcc-1a2',
      '805ec0aabbccddee',
      '805ec0_aabbcc',
    ];
    for (const text of [...wrong, 'ffffffffffff', '01:00:5e:00:00:01', '000000000000', '805ec0aabbcc\0']) {
      assert.equal(parseMac(text), null, text);
    }
  });

  test('is spelled in one way, however it came', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), (bytes) => {
        const hex = Buffer.from(bytes).toString('hex');
        const mac = parseMac(hex);
        if (mac === null) return (bytes[0] ?? 0) % 2 === 1 || hex === '000000000000';
        return macHex(mac) === hex && parseMac(mac) === mac && parseMac(mac.toUpperCase()) === mac;
      }),
    );
  });
});

describe('an entry', () => {
  test('is an attempt only when it is complete', () => {
    assert.deepEqual(readPapEntry('123456', 6), { kind: 'complete', digits: '123456' });
    assert.deepEqual(readPapEntry('', 6), { kind: 'empty' });
    for (const keyed of ['12345', '1234567', '12345*', '１２３４５６', '12345 ', '-12345']) {
      assert.deepEqual(readPapEntry(keyed, 6), { kind: 'incomplete' }, keyed);
    }
  });

  test('is compared whole', () => {
    assert.equal(samePap('012345', '012345'), true);
    for (const other of ['012346', '12345', '0123456', '']) assert.equal(samePap('012345', other), false);
  });

  test('can be dialled in one string', () => {
    assert.equal(papInDialString('*89*123456'), '123456');
    assert.equal(papInDialString('*89*123456#'), '123456');
    for (const dialled of [
      '*89',
      '*89*',
      '*89*12345a',
      '*89*123456##',
      '0*89*123456',
      '89*123456',
      '*89*#',
    ]) {
      assert.equal(papInDialString(dialled), null, dialled);
    }
  });
});

describe('a token', () => {
  test('lapses 24 h after its last use, unless it is proven', () => {
    for (const state of TOKEN_STATES) {
      assert.equal(hasLapsed(state, NOW, after(86_400, -1)), false);
      assert.equal(hasLapsed(state, NOW, after(86_400)), state !== 'proven');
      assert.equal(isLive({ state, lastUsedAt: NOW }, after(86_400, -1)), state !== 'revoked');
      assert.equal(isLive({ state, lastUsedAt: NOW }, after(86_400)), state === 'proven');
    }
  });
});

describe('an emergency', () => {
  test('is a number that matches exactly', () => {
    const numbers = ['112', '911', '*1#'];
    for (const dialled of numbers) assert.equal(emergencyNumber(dialled, numbers), dialled);
    for (const dialled of ['0911234', '9112', '91', '+112', '', '112 ', '#', '112##', '#112']) {
      assert.equal(emergencyNumber(dialled, numbers), null, dialled);
    }
    assert.equal(emergencyNumber('112#', numbers), '112', 'the key that ends dialling');
  });

  test('is a call for help by the name of the service, to the first of the numbers', () => {
    for (const dialled of ['urn:service:sos', 'urn:service:sos.fire', 'URN:service:sos.police.traffic'])
      assert.equal(emergencyNumber(dialled, ['144', '122']), '144', dialled);
    for (const dialled of ['urn:service:counseling', 'urn:service:sosfoo', 'urn:service:sos.'])
      assert.equal(emergencyNumber(dialled, ['144']), null, dialled);
    assert.equal(emergencyNumber('urn:service:sos', []), '112', 'help is asked for, whatever is set');
  });

  test('goes where the first that has a route says; an empty list is none', () => {
    const nothing = { route: null, numbers: null };
    const site = { route: [], numbers: ['110'] };
    const tenant = { route: 'sip:tenant', numbers: [] };
    const installation = { route: ['sip:a', 'sip:b'], numbers: ['112'] };
    assert.deepEqual(effectiveEmergency(site, tenant, installation), {
      route: ['sip:tenant'],
      numbers: ['110'],
    });
    assert.deepEqual(effectiveEmergency(nothing, installation), {
      route: ['sip:a', 'sip:b'],
      numbers: ['112'],
    });
    assert.deepEqual(effectiveEmergency(nothing), { route: [], numbers: [] });
  });

  test('has the dialled number as user part of its route', () => {
    assert.equal(emergencyTarget('sip:gateway.example', '112'), 'sip:112@gateway.example');
    assert.equal(
      emergencyTarget('sip:old@gateway.example:5070;transport=tcp', '112'),
      'sip:112@gateway.example:5070;transport=tcp',
    );
    assert.equal(emergencyTarget('sips:[2001:db8::1]', '112'), 'sips:112@[2001:db8::1]');
    assert.equal(emergencyTarget('sip:gateway.example', '#1'), 'sip:%231@gateway.example');
  });

  test('route is a SIP URI', () => {
    for (const uri of ['sip:a', 'sips:b@c:5061', 'SIP:a;transport=tcp'])
      assert.equal(isEmergencyRoute(uri), true, uri);
    for (const uri of ['', 'a', 'tel:112', 'sip:', 'sip:a b', 'sip:<a>', 'sip:a@b@c', 'sip:a\r\nX: y']) {
      assert.equal(isEmergencyRoute(uri), false, uri);
    }
  });
});

describe('a resync', () => {
  test('is sent again 10, 30 and 60 s after the first time, and then no more', () => {
    assert.deepEqual(
      [1, 2, 3, 4].map((sent) => nextResyncAt(NOW, sent)),
      [after(10), after(30), after(60), null],
    );
    assert.deepEqual([0, 1, 2, 3, 4].map(isLastResync), [false, false, false, false, true]);
    assert.deepEqual(resyncDueAfter(NOW, 1, NOW), after(10));
    assert.deepEqual(resyncDueAfter(NOW, 4, after(60)), after(90));
  });
});

test('an address has one spelling', () => {
  assert.equal(canonicalAddress('::ffff:192.0.2.7'), '192.0.2.7');
  assert.equal(canonicalAddress('2001:DB8:0:0::1'), '2001:db8::1');
  assert.equal(canonicalAddress('fe80::1%eth0'), 'fe80::1');
  for (const text of ['', 'example.org', '192.0.2', '192.0.2.256', '1.2.3.4.5', '::g']) {
    assert.equal(canonicalAddress(text), null, text);
  }
});

test('a registration is granted for what was asked and five minutes at most; what is too brief is not granted', () => {
  assert.deepEqual(
    [0, -5, 10, 120.9, 300, 301, 4_294_967_295].map(grantExpiry),
    [0, 0, 10, 120, 300, 300, 300],
  );
  assert.deepEqual([0, 1, 9, 10, 300].map(isTooBrief), [false, true, true, false, false]);
});

test('what is left of a time is rounded up, and never negative', () => {
  assert.deepEqual(
    [after(0), after(0, 1), after(1), after(1, 1), after(-1)].map((moment) => secondsUntil(moment, NOW)),
    [0, 1, 1, 2, 0],
  );
});
