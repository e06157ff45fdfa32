/** Panasonic: which files it asks for, and what one configuration leaves of the other. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseMac } from '../../../src/domain/mac.js';
import { panasonic } from '../../../src/vendors/panasonic/index.js';
import type { RecognisedFile } from '../../../src/vendors/vendor.js';
import { golden } from './golden.js';
import { apply, read } from './panasonic-reader.js';
import { aFullView, aMinimalView, everything, someLines } from './views.js';

const MAC = parseMac('bcc342aabbcc')!;
const recognise = (name: string): RecognisedFile | null =>
  panasonic.recogniseFile({ name, query: new URLSearchParams() });

const RAW = { LDAP_SERVER: 'raw-secretish' };
const EVERYTHING = everything({ keys: 30, raw: RAW });
const RAW_NAMES = Object.keys(RAW);

describe('Panasonic file names', () => {
  test('name a device', () => {
    for (const name of [
      'ConfigBCC342AABBCC.cfg',
      'Configbcc342aabbcc.cfg',
      'Panasonic/ConfigBCC342AABBCC.cfg',
      'bcc342aabbcc.cfg',
      'BCC342AABBCC.CFG',
    ]) {
      assert.deepEqual(recognise(name), { kind: 'device', mac: MAC, role: 'configuration' }, name);
    }
  });

  test('of a model point on', () => {
    for (const name of [
      'KX-HDV130.cfg',
      'KX-HDV130NE.cfg',
      'KX-TGP600.cfg',
      'KX-TGP550T04.cfg',
      'KX-UT136.cfg',
    ]) {
      assert.deepEqual(recognise(name), { kind: 'common' }, name);
    }
  });

  test('that are optional are absent', () => {
    for (const name of ['ConfigCommon.cfg', 'ConfigKX-HDV130.cfg', 'KX-UTG300B.cfg', 'KX-HDV130-08.000.fw']) {
      assert.deepEqual(recognise(name), { kind: 'absent' }, name);
    }
  });

  test('of anything else are not its own', () => {
    for (const name of [
      '',
      'Config.cfg',
      'ConfigBCC342AABBC.cfg',
      'ConfigBDC342AABBCC.cfg', // the group bit
      'ConfigBCC342AABBCC.cfg.bak',
      'ConfigBCC342AABBCC.cfg\n',
      '../ConfigBCC342AABBCC.cfg',
      'KX-.cfg',
      '000000000000.cfg',
      'y000000000000.boot',
    ]) {
      assert.equal(recognise(name), null, JSON.stringify(name));
    }
  });

  test('of a model lead to the file of the phone, without a token, and to nothing else', () => {
    const pointer = (name: string): string =>
      panasonic.renderCommon!({ name, query: new URLSearchParams() }, 'https://prov.example').body;
    assert.equal(
      pointer('KX-HDV130.cfg'),
      '# Panasonic SIP Phone Standard Format File # DO NOT CHANGE THIS LINE!\r\n' +
        'PROVISION_ENABLE="Y"\r\n' +
        'CFG_STANDARD_FILE_PATH="https://prov.example/Config{MAC}.cfg"\r\n\r\n',
    );
    assert.match(pointer('KX-TGP500B04.cfg'), /^# PCC Standard Format File # /);
  });
});

describe('Panasonic user agents', () => {
  for (const [userAgent, model, firmware, mac] of [
    ['Panasonic_KX-UT113/01.133 (0080f0c8c381)', 'KX-UT113', '01.133', parseMac('0080f0c8c381')],
    ['Panasonic_KX-HDV130/08.000 (BCC342AABBCC)', 'KX-HDV130', '08.000', MAC],
    ['Panasonic-KX-TGP600RU/01.061 (080023e21a52)', 'KX-TGP600RU', '01.061', parseMac('080023e21a52')],
  ] as const) {
    test(userAgent, () => {
      assert.deepEqual(panasonic.recogniseUserAgent(userAgent), { model, firmware, mac });
    });
  }

  test('of others are not its own', () => {
    // The second has lost a digit of its MAC.
    for (const other of ['', 'Panasonic_KX-UT670/01.022 (0080f000000)', 'curl/7.88.1']) {
      assert.equal(panasonic.recogniseUserAgent(other), null, other);
    }
  });
});

describe('Panasonic configurations', () => {
  test('are these files', () => {
    const model = 'KX-HDV100';
    const minimal = panasonic.renderMinimal(aMinimalView({ model }));
    assert.equal(minimal.body, golden('panasonic-hdv100-minimal.cfg'));
    assert.equal(panasonic.renderFull(aFullView({ model })).body, golden('panasonic-hdv100-full.cfg'));
  });

  for (const [model, lines, keys] of [
    ['KX-HDV100', 1, 2],
    ['KX-HDV130NE', 2, 2],
    ['HDV430', 16, 24],
    ['KX-UT113', 2, 0],
    ['KX-UT136', 4, 24],
    ['KX-TGP600RU', 8, 0],
    ['KX-TGP550T04', 8, 0],
    [null, 16, 24],
    ['a model nobody knows', 16, 24],
  ] as const) {
    test(`write the same parameters in both states on ${model}, ${lines} lines and ${keys} keys`, () => {
      const names = [...read(panasonic.renderMinimal(aMinimalView({ model, rawNames: RAW_NAMES }))).keys()];
      const full = read(panasonic.renderFull(aFullView({ model, ...EVERYTHING })));
      assert.deepEqual(names, [...full.keys()]);
      const countOf = (pattern: RegExp): number => names.filter((name) => pattern.test(name)).length;
      assert.equal(countOf(/^SIP_PASS_\d+$/), lines);
      assert.equal(countOf(/^FLEX_BUTTON_FACILITY_ACT\d+$/), keys);
    });

    test(`leave nothing of the full one when ${model} falls back to the minimal one`, () => {
      const before = panasonic.renderFull(aFullView({ model, ...EVERYTHING }));
      for (const text of ['pass-0-secretish', '*98secretish', 'firmware-secretish', 'raw-secretish']) {
        assert.ok(before.body.includes(text), text);
      }
      const fewLines = panasonic.renderFull(aFullView({ model, ...EVERYTHING, lines: someLines(1) }));
      assert.equal(fewLines.body.includes('"0-secretish"'), keys > 0);
      const after = panasonic.renderMinimal(aMinimalView({ model, rawNames: RAW_NAMES }));
      const phone = apply(before, fewLines, after);
      assert.deepEqual(phone, apply(after));
      for (const [name, value] of phone) {
        assert.doesNotMatch(value, /secretish|proventoken|menu-full/, name);
      }
      const enabled = [...phone].filter(([name, value]) => name.startsWith('SIP_AUTHID_') && value !== '');
      assert.deepEqual(enabled, [['SIP_AUTHID_1', 'bootstrap']]);
    });

    test(`leave nothing of the minimal one when ${model} has proved itself`, () => {
      const after = panasonic.renderFull(aFullView({ model, lines: [] }));
      const phone = apply(panasonic.renderMinimal(aMinimalView({ model })), after);
      assert.deepEqual(phone, apply(after));
      assert.doesNotMatch([...phone.values()].join('\n'), /bootstrap|Auth|\*89|menu-minimal/);
    });
  }
});
