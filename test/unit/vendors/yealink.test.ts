/**
 * Yealink: which files it asks for, what both configurations say, and what the one leaves of the
 * other.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parseMac } from '../../../src/domain/mac.js';
import type { RecognisedFile } from '../../../src/vendors/vendor.js';
import { yealink } from '../../../src/vendors/yealink/index.js';
import { golden } from './golden.js';
import { aFullView, aLine, aMinimalView, HOSTILE_TEXTS, someLines } from './views.js';
import { applyYealink as apply, readYealink as read } from './yealink-reader.js';

const MAC = parseMac('805ec0112233')!;
/** Of the models' common files, T19P E2 to W90DM. */
const MODEL_CODES = (
  '053 052 044 045 069 046 054 076 036 029 028 035 068 067 066 065 123 124 172 171 107 108 109 116 174 095 096 097 150 058 ' +
  '074 070 078 148 073 143 077 146 175 103 130'
).split(' ');
const recognise = (name: string): RecognisedFile | null =>
  yealink.recogniseFile({ name, query: new URLSearchParams() });

/** The clock's parameters in a configuration of this zone. */
const clock = (timezone: string | null): (string | undefined)[] => {
  const phone = apply(yealink.renderFull(aFullView({ timezone })));
  return ['time_zone', 'summer_time', 'start_time', 'end_time', 'offset_time'].map((name) =>
    phone.get(`local_time.${name}`),
  );
};

describe('Yealink file names', () => {
  test('name a device in either case', () => {
    for (const name of ['805ec0112233.cfg', '805EC0112233.cfg', '805EC0112233.CFG']) {
      assert.deepEqual(recognise(name), { kind: 'device', mac: MAC, role: 'configuration' }, name);
    }
    assert.deepEqual(recognise('805ec0112233.boot'), { kind: 'device', mac: MAC, role: 'boot' });
  });

  test('that are optional or common are absent', () => {
    for (const name of [
      'y000000000000.boot',
      'y000000000108.cfg',
      '805ec0112233-local.cfg',
      '805EC0112233-contact.xml',
      '805ec0112233.enc',
      '805ec0112233_Security.enc',
      'y000000000108_Security.enc',
      '805ec0112233.cfg.enc',
      '805ec0112233-local_Security.enc',
      ...MODEL_CODES.map((code) => `y000000000${code}.cfg`),
    ]) {
      assert.deepEqual(recognise(name), { kind: 'absent' }, name);
    }
  });

  test('of anything else are not its own', () => {
    for (const name of [
      '',
      '805ec011223.cfg',
      '805ec01122334.cfg',
      '805ec0112233.cfg.bak',
      '815ec0112233.cfg', // the group bit
      '000000000000.cfg',
      '80:5e:c0:11:22-33.cfg',
      'x805ec0112233.cfg',
      '../805ec0112233.cfg',
      '805ec0112233.cfg\n',
      'snomD785.htm',
    ]) {
      assert.equal(recognise(name), null, JSON.stringify(name));
    }
  });

  test('lead from the boot file to the configuration, and everything else back to the factory', () => {
    assert.equal(
      yealink.renderBoot?.(MAC).body,
      '#!version:1.0.0.1\ninclude:config "805ec0112233.cfg"\noverwrite_mode = 1\n',
    );
  });
});

describe('Yealink user agents', () => {
  for (const [userAgent, model, firmware, mac] of [
    ['Yealink SIP-T46U 108.86.0.90 80:5e:c0:11:22:33', 'T46U', '108.86.0.90', MAC],
    ['Yealink W70B 146.87.0.15 80:5e:c0:11:22:33', 'W70B', '146.87.0.15', MAC],
    ['Yealink SIP-T56A  58.80.0.25 805ec0112233', 'T56A', '58.80.0.25', MAC],
    ['yealink SIP-T31G 124.85.0.40 80:5E:C0:11:22:33', 'T31G', '124.85.0.40', MAC],
    ['Yealink W90DM 130.87.0.10 80:5e:c0:11:22:33', 'W90DM', '130.87.0.10', MAC],
    ['Yealink W80B 103.87.0.10 80:5e:c0:11:22:33', 'W80B', '103.87.0.10', MAC],
    ['Yealink SIP-T21P_E2 52.84.0.125 80:5e:c0:11:22:33', 'T21P_E2', '52.84.0.125', MAC],
    ['Yealink SIP-CP920 78.86.0.15 80:5e:c0:11:22:33', 'CP920', '78.86.0.15', MAC],
    ['Yealink-T46G 28.71.0.81 28.1.0.128.0.0.0', 'T46G', '28.71.0.81', null],
  ] as const) {
    test(userAgent, () => {
      assert.deepEqual(yealink.recogniseUserAgent(userAgent), { model, firmware, mac });
    });
  }

  test('of others are not its own', () => {
    for (const other of ['', 'curl/7.88.1', 'Mozilla/5.0', 'Fanvil X6U Pro 0.0.10 0c383e2cd782']) {
      assert.equal(yealink.recogniseUserAgent(other), null, other);
    }
  });
});

describe('Yealink configurations', () => {
  test('are these files', () => {
    assert.equal(
      yealink.renderMinimal(aMinimalView({ model: 'T31P' })).body,
      golden('yealink-t31p-minimal.cfg'),
    );
    assert.equal(yealink.renderFull(aFullView({ model: 'T31P' })).body, golden('yealink-t31p-full.cfg'));
    assert.equal(
      yealink.renderMinimal(aMinimalView({ model: 'W60B', displayText: 'Authentication blocked' })).body,
      golden('yealink-w60b-minimal.cfg'),
    );
  });

  for (const [model, accounts, keys] of [
    ['T19P_E2', 1, 0],
    ['SIP-T46U', 16, 27],
    ['CP965', 1, 0],
    ['W70B', 10, 0],
    [null, 16, 29],
    ['a model nobody knows', 16, 29],
  ] as const) {
    test(`write the same parameters in both states on ${model}, ${accounts} accounts and ${keys} keys`, () => {
      const minimal = read(yealink.renderMinimal(aMinimalView({ model })));
      const full = read(yealink.renderFull(aFullView({ model, lines: someLines(20) })));
      assert.deepEqual([...minimal.keys()], [...full.keys()]);
      const countOf = (pattern: RegExp): number =>
        [...full.keys()].filter((name) => pattern.test(name)).length;
      assert.equal(countOf(/^account\.\d+\.enable$/), accounts);
      assert.equal(countOf(/^linekey\.\d+\.type$/), keys);
    });

    test(`leave nothing of the full one when ${model} falls back to the minimal one`, () => {
      const lines = someLines(20);
      const full = yealink.renderFull(aFullView({ model, lines }));
      assert.ok(full.body.includes('pass-0-secretish'));
      const phone = apply(full, yealink.renderMinimal(aMinimalView({ model })));
      assert.deepEqual(phone, apply(yealink.renderMinimal(aMinimalView({ model }))));
      for (const [name, value] of phone) {
        assert.doesNotMatch(value, /secretish|proventoken|menu-full/, name);
      }
      const enabled = [...phone].filter(
        ([name, value]) => /^account\.\d+\.enable$/.test(name) && value === '1',
      );
      assert.deepEqual(enabled, [['account.1.enable', '1']]);
    });

    test(`leave nothing of the minimal one when ${model} has proved itself`, () => {
      const full = yealink.renderFull(aFullView({ model, lines: [] }));
      const phone = apply(yealink.renderMinimal(aMinimalView({ model })), full);
      assert.deepEqual(phone, apply(full));
      assert.doesNotMatch([...phone.values()].join('\n'), /bootstrap|Authentication|\*89|menu-minimal/);
    });
  }

  test('show the exact text, and a short one on handsets', () => {
    const desk = apply(yealink.renderMinimal(aMinimalView({ displayText: 'Authentication failed' })));
    assert.equal(desk.get('account.1.label'), 'Authentication failed');
    assert.equal(desk.get('linekey.1.label'), 'Authentication failed');
    const dect = apply(yealink.renderMinimal(aMinimalView({ model: 'W70B' })));
    assert.equal(dect.get('account.1.label'), 'Authentication needed');
    assert.equal(dect.get('handset.10.name'), 'Auth needed');
  });

  test('give time to key an emergency number before the service is dialled, and never dial at once', () => {
    const phone = apply(yealink.renderMinimal(aMinimalView()));
    assert.equal(phone.get('features.hotline_number'), '*89');
    assert.equal(phone.get('features.hotline_delay'), '3');
    assert.equal(phone.get('account.1.auto_dial_enable'), '0');
    assert.equal(phone.get('dialplan.emergency.1.value'), '112');
    assert.equal(phone.get('phone_setting.emergency.number'), '112,911');
  });

  test('know the zones of the world', () => {
    assert.deepEqual(clock('Europe/Berlin'), ['+1', '1', '3/5/7/2', '10/5/7/3', '60']);
    assert.deepEqual(clock('America/New_York'), ['-5', '1', '3/2/7/2', '11/1/7/2', '60']);
    assert.deepEqual(clock('Asia/Kolkata'), ['+5:30', '0', undefined, undefined, undefined]);
    assert.deepEqual(clock('Australia/Lord_Howe'), ['+10:30', '1', '10/1/7/2', '4/1/7/2', '30']);
    assert.deepEqual(clock('UTC'), ['0', '0', undefined, undefined, undefined]);
    assert.deepEqual(clock('Atlantis/Capital'), Array(5).fill(undefined));
    assert.deepEqual(clock(null), Array(5).fill(undefined));
  });

  test('keep to their lines whatever the labels say', () => {
    const texts = fc.oneof(fc.constantFrom(...HOSTILE_TEXTS), fc.string({ unit: 'binary', maxLength: 40 }));
    fc.assert(
      fc.property(texts, texts, texts, (label, displayName, password) => {
        const lines = [aLine({ label, displayName, password })];
        const full = yealink.renderFull(aFullView({ lines }));
        const parameters = read(full);
        assert.deepEqual([...parameters.keys()], [...read(yealink.renderFull(aFullView())).keys()]);
        assert.equal(parameters.get('account.2.enable'), '0');
        assert.equal(Buffer.from(full.body).toString(), full.body, 'no half characters');
        assert.deepEqual(full, yealink.renderFull(aFullView({ lines })), 'same input, same bytes');
      }),
      { numRuns: 200 },
    );
  });

  test('pass harmless texts on unchanged', () => {
    const label = 'Zoë Müller = #1 "株" <&>';
    assert.equal(
      apply(yealink.renderFull(aFullView({ lines: [aLine({ label })] }))).get('account.1.label'),
      label,
    );
  });
});
