/** Fanvil: which files it asks for, and what one configuration leaves of the other. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseMac } from '../../../src/domain/mac.js';
import { fanvil } from '../../../src/vendors/fanvil/index.js';
import type { RecognisedFile } from '../../../src/vendors/vendor.js';
import { golden } from './golden.js';
import { apply, everything, RAW_NAMES, read } from './fanvil-reader.js';
import { aFullView, aMinimalView } from './views.js';

const MAC = parseMac('0c383e557eb1')!;
const recognise = (name: string): RecognisedFile | null =>
  fanvil.recogniseFile({ name, query: new URLSearchParams() });

describe('Fanvil file names', () => {
  test('name a device in either case', () => {
    for (const name of ['0c383e557eb1.cfg', '0C383E557EB1.cfg', '0C383E557EB1.CFG', '0c383e557eb1.xml']) {
      assert.deepEqual(recognise(name), { kind: 'device', mac: MAC, role: 'configuration' }, name);
    }
  });

  test('of models and of their firmware are absent', () => {
    for (const name of [
      'f0X3shw1.100.cfg',
      'f0X2hw1.100.cfg',
      'F0V00X300000.cfg',
      'f0v00x300000.cfg',
      'F0000X600000.cfg',
      'F0Vi51W00000.cfg',
      'F0VV6200000.cfg',
      'fanvil_x4u_pro_hwv2_0.txt',
      'fanvil_v67_hw1_1.txt',
    ]) {
      assert.deepEqual(recognise(name), { kind: 'absent' }, name);
    }
  });

  test('of anything else are not its own, and a MAC that begins like a model is a MAC', () => {
    for (const name of [
      '',
      '0c383e557eb.cfg',
      '0d383e557eb1.cfg',
      '../0c383e557eb1.cfg',
      '0c383e557eb1.cfg\n',
      'f0.cfg',
    ]) {
      assert.equal(recognise(name), null, JSON.stringify(name));
    }
    assert.equal(recognise('f01653112233.cfg')?.kind, 'device');
  });
});

describe('Fanvil user agents', () => {
  for (const [userAgent, model, firmware, mac] of [
    ['Fanvil X4 2.10.2.6887 0c383e07e16c', 'X4', '2.10.2.6887', '0c383e07e16c'],
    ['Fanvil X6U Pro 0.0.10 0c383e2cd782', 'X6U Pro', '0.0.10', '0c383e2cd782'],
    ['Fanvil i10SV 2.12.10.1 0c383e2397f4', 'i10SV', '2.12.10.1', '0c383e2397f4'],
    ['Fanvil H2U-V2 2.12.0 0c383e32342e', 'H2U-V2', '2.12.0', '0c383e32342e'],
    ['Fanvil W620W 2.16.10 0c383e7dd216)', 'W620W', '2.16.10', '0c383e7dd216'],
  ] as const) {
    test(userAgent, () => {
      assert.deepEqual(fanvil.recogniseUserAgent(userAgent), { model, firmware, mac: parseMac(mac) });
    });
  }

  test('of others are not its own', () => {
    for (const other of ['', 'Fanvil', 'Yealink SIP-T46U 108.86.0.90 80:5e:c0:11:22:33', 'curl/7.88.1']) {
      assert.equal(fanvil.recogniseUserAgent(other), null, other);
    }
  });
});

describe('Fanvil configurations', () => {
  test('are these files', () => {
    const view = { mac: MAC, model: 'X1S' };
    assert.equal(fanvil.renderMinimal(aMinimalView(view)).body, golden('fanvil-x1s-minimal.xml'));
    assert.equal(fanvil.renderFull(aFullView(view)).body, golden('fanvil-x1s-full.xml'));
  });

  for (const [model, lines, keys] of [
    ['X1S', 2, 2],
    ['X3U Pro', 6, 6],
    ['X4U-V2', 12, 40],
    ['X210i', 20, 106],
    ['V64', 12, 28],
    ['H2U-V2', 4, 10],
    ['i10SV', 4, 10],
    ['W611W', 4, 8],
    [null, 20, 200],
  ] as const) {
    test(`write the same elements in both states on ${model}, ${lines} lines and ${keys} keys`, () => {
      const minimal = read(fanvil.renderMinimal(aMinimalView({ model, rawNames: RAW_NAMES })));
      const full = read(fanvil.renderFull(everything({ model })));
      assert.deepEqual(
        [...minimal.keys()],
        [...full.keys()].filter((path) => path !== 'mm/SelectYourTone'),
      );
      const countOf = (pattern: RegExp): number =>
        [...full.keys()].filter((path) => pattern.test(path)).length;
      assert.equal(countOf(/^sip\/line\[\d+\]\/EnableReg$/), lines);
      assert.equal(countOf(/^dsskey\/.*\/Type$/), keys);
    });

    test(`leave nothing of the full one when ${model} falls back to the minimal one`, () => {
      const full = fanvil.renderFull(everything({ model }));
      assert.ok(full.body.includes('pass-0-secretish'));
      const phone = apply(full, fanvil.renderMinimal(aMinimalView({ model, rawNames: RAW_NAMES })));
      for (const [path, value] of phone) assert.doesNotMatch(value, /secretish|proventoken|menu-full/, path);
      for (const path of RAW_NAMES) assert.equal(phone.get(path), '', path);
      const enabled = [...phone].filter(([path, value]) => path.endsWith('/EnableReg') && value === '1');
      assert.deepEqual(enabled, [['sip/line[1]/EnableReg', '1']]);
      const used = [...phone].filter(([path, value]) => path.endsWith('/Type') && value !== '0');
      assert.equal(used.length, 1, 'the key of the line');
    });

    test(`leave nothing of the minimal one when ${model} has proved itself`, () => {
      const full = fanvil.renderFull(aFullView({ model, lines: [] }));
      const phone = apply(fanvil.renderMinimal(aMinimalView({ model })), full);
      assert.deepEqual(phone, apply(full));
      assert.doesNotMatch([...phone.values()].join('\n'), /bootstrap|Authenticat|\*89|menu-minimal/);
    });
  }
});
