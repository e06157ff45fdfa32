/**
 * snom: which files it asks for, what both configurations say, and what the one leaves of the
 * other.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parseMac } from '../../../src/domain/mac.js';
import { snom } from '../../../src/vendors/snom/index.js';
import type { RecognisedFile } from '../../../src/vendors/vendor.js';
import { golden } from './golden.js';
import { applySnom as apply, plainText as plain } from './snom-reader.js';
import { aFullView, aLine, aMinimalView, HOSTILE_TEXTS, someLines } from './views.js';

const MAC = parseMac('000413aabbcc')!;
const recognise = (name: string, query = ''): RecognisedFile | null =>
  snom.recogniseFile({ name, query: new URLSearchParams(query) });
const CONFIGURATION = { kind: 'device', mac: MAC, role: 'configuration' };

/** The clock's parameters in a configuration of this zone. */
const clock = (timezone: string | null): (string | undefined)[] => {
  const { settings } = apply(snom.renderFull(aFullView({ timezone })));
  return ['timezone', 'utc_offset', 'dst'].map((name) => settings.get(name));
};

describe('snom file names', () => {
  test('name a device in either case, in the path or the query', () => {
    for (const name of [
      'snomD785-000413AABBCC.htm',
      'snomD865-000413aabbcc.htm',
      '000413AABBCC.xml',
      '000413aabbcc.htm',
      '000413AABBCC',
      'snomM900-000413AABBCC.htm',
    ]) {
      assert.deepEqual(recognise(name), CONFIGURATION, name);
    }
    for (const name of ['', 'settings.xml', 'snomD785.htm', 'snom.php']) {
      assert.deepEqual(recognise(name, 'mac=000413AABBCC'), CONFIGURATION, name);
    }
  });

  test('that are common, or firmware, are absent', () => {
    assert.deepEqual(recognise('snomD785.htm'), { kind: 'absent' });
    assert.deepEqual(recognise('snomD785-firmware.htm'), { kind: 'absent' });
    assert.deepEqual(recognise('snomD785-firmware.htm', 'mac=000413AABBCC'), { kind: 'absent' });
  });

  test('of anything else are not its own', () => {
    for (const name of [
      '',
      'favicon.ico',
      '000413AABBC.xml',
      '000413AABBCC.cfg',
      '805EC0112233',
      '010413AABBCC.xml',
      'a/b.htm',
    ]) {
      assert.equal(recognise(name), null, name);
    }
    assert.equal(recognise('', 'mac=000413AABBC'), null);
    assert.equal(recognise('settings.cgi', 'mac=000413AABBCC'), null);
  });
});

describe('snom user agents', () => {
  for (const [userAgent, model, firmware, mac] of [
    [
      'Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 2010.12-00004-g9ba52f5 000413AABBCC SXM:0 UXM:0)',
      'D785',
      '10.1.33.33',
      MAC,
    ],
    [
      'Mozilla/4.0 (compatible; snomD735-SIP 10.1.39.11 (Feb 25 2019 - 14:19:43) 000413AABBCC SXM:0 UXM:0)',
      'D735',
      '10.1.39.11',
      MAC,
    ],
    ['Mozilla/4.0 (compatible; snom710-SIP 8.7.3.19 1.1.5-IFX-05.01.12)', '710', '8.7.3.19', null],
    [
      'Mozilla/4.0 (compatible; snom710-SIP 8.7.5.35 1.1.5-IFX-05.01.12 000413aabbcc)',
      '710',
      '8.7.5.35',
      MAC,
    ],
    ['Mozilla/4.0 (compatible; snomPA1-SIP 8.4.35 1.1.3-s)', 'PA1', '8.4.35', null],
    ['Mozilla/4.0 (compatible; Snom M900 05.20.0001 000413aabbcc)', 'M900', '05.20.0001', MAC],
  ] as const) {
    test(userAgent, () => {
      assert.deepEqual(snom.recogniseUserAgent(userAgent), { model, firmware, mac });
    });
  }

  test('of others are not its own', () => {
    assert.equal(snom.recogniseUserAgent('Yealink SIP-T46U 108.86.0.90 80:5e:c0:11:22:33'), null);
  });
});

describe('snom configurations', () => {
  test('are these files', () => {
    assert.equal(snom.renderMinimal(aMinimalView({ model: 'D120' })).body, golden('snom-d120-minimal.xml'));
    assert.equal(snom.renderFull(aFullView({ model: 'D120' })).body, golden('snom-d120-full.xml'));
  });

  for (const [model, identities] of [
    ['D785', 12],
    ['snomD717', 6],
    ['D120', 2],
    [null, 12],
  ] as const) {
    test(`write the same settings and keys in both states on ${model}, ${identities} identities`, () => {
      const minimal = apply(snom.renderMinimal(aMinimalView({ model })));
      const full = apply(snom.renderFull(aFullView({ model, lines: someLines(14) })));
      assert.deepEqual([...minimal.settings.keys()], [...full.settings.keys()]);
      assert.deepEqual([...minimal.keys.keys()], [...full.keys.keys()]);
      assert.equal(
        [...full.settings.keys()].filter((name) => name.startsWith('user_active')).length,
        identities,
      );
    });

    test(`leave nothing of the full one when ${model} falls back to the minimal one`, () => {
      const full = snom.renderFull(aFullView({ model, lines: someLines(14) }));
      assert.ok(full.body.includes('pass-0-secretish'));
      const minimal = snom.renderMinimal(aMinimalView({ model }));
      const phone = apply(full, minimal);
      assert.deepEqual(phone, apply(minimal));
      const held = JSON.stringify([[...phone.settings], [...phone.keys]]);
      assert.doesNotMatch(held, /secretish|proventoken|menu-full/);
      assert.match(minimal.body, /<tbook e="2" complete="true"><\/tbook>/, 'its phone book is emptied');
      assert.equal(
        [...phone.settings].filter(([name, value]) => name.startsWith('user_active') && value === 'on')
          .length,
        1,
      );
    });

    test(`leave nothing of the minimal one when ${model} has proved itself`, () => {
      const full = snom.renderFull(aFullView({ model, lines: [] }));
      const phone = apply(snom.renderMinimal(aMinimalView({ model })), full);
      assert.deepEqual(phone, apply(full));
      const held = JSON.stringify([[...phone.settings], [...phone.keys]]);
      assert.doesNotMatch(held, /bootstrap|Authenticat|\*89|menu-minimal/);
    });
  }

  test('let nobody at the phone change what they say, but for what its administrator needs', () => {
    const { permissions } = apply(snom.renderMinimal(aMinimalView()));
    const free = [...permissions].filter(([, permission]) => permission !== 'R');
    assert.deepEqual(free, [
      ['setting_server', 'RW'],
      ['admin_mode', 'RW'],
    ]);
  });

  test('show the exact text and dial the service by the first key', () => {
    const phone = apply(snom.renderMinimal(aMinimalView({ displayText: 'Authentication blocked' })));
    assert.equal(phone.settings.get('user_idle_text[1]'), 'Authentication blocked');
    assert.equal(phone.settings.get('user_realname[1]'), 'Authentication blocked');
    assert.deepEqual(phone.keys.get('0'), { label: 'Authenticate *89', value: 'speed *89', context: '1' });
    assert.equal(phone.settings.get('keyboard_lock_emergency'), '112 911');
  });

  test('let the phone put its MAC into the URL that carries the token', () => {
    const phone = apply(snom.renderFull(aFullView()));
    assert.equal(phone.settings.get('setting_server'), 'https://prov.example/proventoken/{mac}.xml');
  });

  test('know the zones of the world', () => {
    assert.deepEqual(clock('Europe/Berlin'), ['', '+3600', '3600 03.05.07 02:00:00 10.05.07 03:00:00']);
    assert.deepEqual(clock('America/St_Johns'), ['', '-12600', '3600 03.02.07 02:00:00 11.01.07 02:00:00']);
    assert.deepEqual(clock('Asia/Tokyo'), ['', '+32400', '']);
    assert.deepEqual(clock(null), [undefined, undefined, undefined]);
  });

  test('are well-formed and say what the labels say, whatever that is', () => {
    const texts = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ unit: 'binary', maxLength: 40 }));
    fc.assert(
      fc.property(texts, texts, texts, (label, displayName, password) => {
        const lines = [aLine({ label, displayName, password })];
        const full = snom.renderFull(aFullView({ lines }));
        const phone = apply(full);
        assert.deepEqual(
          [...phone.settings.keys()],
          [...apply(snom.renderFull(aFullView())).settings.keys()],
        );
        assert.equal(phone.settings.get('setting_server'), 'https://prov.example/proventoken/{mac}.xml');
        assert.equal(phone.settings.get('user_realname[1]'), plain(displayName));
        assert.equal(phone.settings.get('user_pass[1]'), plain(password));
        assert.equal(phone.keys.get('0')?.label, plain(label));
        assert.deepEqual(full, snom.renderFull(aFullView({ lines })), 'same input, same bytes');
      }),
      { numRuns: 200 },
    );
  });

  test('tells the port of an IPv6 address from the address', () => {
    const account = { ...aMinimalView().account, host: '2001:db8::7', port: 5060 };
    const { settings } = apply(snom.renderMinimal(aMinimalView({ account })));
    assert.equal(settings.get('user_host[1]'), '[2001:db8::7]:5060');
    assert.equal(settings.get('user_outbound[1]'), `[2001:db8::7]:5060;transport=${account.transport}`);
  });
});
