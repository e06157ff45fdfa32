/** Grandstream: which files it asks for, and what one configuration leaves of the other. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseMac } from '../../../src/domain/mac.js';
import { grandstream } from '../../../src/vendors/grandstream/index.js';
import type { RecognisedFile } from '../../../src/vendors/vendor.js';
import { golden } from './golden.js';
import { apply, everything, read } from './grandstream-reader.js';
import { aFullView, aMinimalView } from './views.js';

const MAC = parseMac('c074ad0b63ee')!;
const recognise = (name: string): RecognisedFile | null =>
  grandstream.recogniseFile({ name, query: new URLSearchParams() });
const CONFIGURATION = { kind: 'device', mac: MAC, role: 'configuration' };

describe('Grandstream file names', () => {
  test('name a device in either case, with prefix and postfix', () => {
    for (const name of [
      'cfgc074ad0b63ee.xml',
      'cfgC074AD0B63EE.xml',
      'CFGC074AD0B63EE.XML',
      'acme-cfgc074ad0b63ee.xml',
      'cfgc074ad0b63ee_v2.xml',
    ]) {
      assert.deepEqual(recognise(name), CONFIGURATION, name);
    }
  });

  test('that no phone needs are absent, and the one for all only says where to ask', () => {
    for (const name of [
      'cfgc074ad0b63ee',
      'cfggrp2614.xml',
      'cfggxp1628.xml',
      'cfght801.xml',
      'devc074ad0b63ee.cfg',
      'grp2614fw.bin',
      'phonebook.xml',
    ]) {
      assert.deepEqual(recognise(name), { kind: 'absent' }, name);
    }
    assert.deepEqual(recognise('cfg.xml'), { kind: 'common' });
    const common = grandstream.renderCommon?.(
      { name: 'cfg.xml', query: new URLSearchParams() },
      'http://prov.example:8080/phones',
    );
    assert.deepEqual(
      [...read(common!)],
      [
        ['P212', '1'],
        ['P237', 'prov.example:8080/phones'],
      ],
    );
  });

  test('of anything else are not its own', () => {
    for (const name of [
      '',
      'cfgc074ad0b63e.xml',
      'cfgc074ad0b63ee1.xml',
      'cfg010b82aabbcc.xml', // the group bit
      'cfg000000000000.xml',
      '../cfgc074ad0b63ee.xml',
      'cfgc074ad0b63ee.xml\n',
      'c074ad0b63ee.cfg',
      'cfg.xml.bak',
    ]) {
      assert.equal(recognise(name), null, JSON.stringify(name));
    }
  });
});

describe('Grandstream user agents', () => {
  for (const [userAgent, model, firmware, mac] of [
    ['Grandstream Model HW GXP1628 SW 1.0.4.138 DevId c074ad2bd859', 'GXP1628', '1.0.4.138', 'c074ad2bd859'],
    ['Grandstream Model HW GRP2614 SW 1.0.5.15 DevId c074ad0b63ee', 'GRP2614', '1.0.5.15', 'c074ad0b63ee'],
    ['Grandstream Model HW HT801 V1.1A SW 1.0.17.5 DevId c074ad273a10', 'HT801', '1.0.17.5', 'c074ad273a10'],
    [
      'Grandstream Model HW GXV3350  V1.3A SW 1.0.1.8 DevId c074ad150b88',
      'GXV3350',
      '1.0.1.8',
      'c074ad150b88',
    ],
    [
      'Grandstream GXP2000 (gxp2000e.bin:1.2.5.3/boot55e.bin:1.1.6.9) DevId 000b822726c8',
      'GXP2000',
      '1.2.5.3',
      '000b822726c8',
    ],
  ] as const) {
    test(userAgent, () => {
      assert.deepEqual(grandstream.recogniseUserAgent(userAgent), { model, firmware, mac: parseMac(mac) });
    });
  }

  test('of others are not its own', () => {
    for (const other of [
      '',
      'Grandstream',
      'Fanvil X6U Pro 0.0.10 0c383e2cd782',
      'Yealink W70B 146.87.0.15 805e0c1d654e',
    ]) {
      assert.equal(grandstream.recogniseUserAgent(other), null, other);
    }
  });
});

describe('Grandstream configurations', () => {
  test('are these files', () => {
    const view = { mac: MAC, model: 'GRP2601' };
    assert.equal(
      grandstream.renderMinimal(aMinimalView(view)).body,
      golden('grandstream-grp2601-minimal.xml'),
    );
    assert.equal(grandstream.renderFull(aFullView(view)).body, golden('grandstream-grp2601-full.xml'));
    const adapter = { mac: MAC, model: 'HT801' };
    assert.equal(
      grandstream.renderMinimal(aMinimalView(adapter)).body,
      golden('grandstream-ht801-minimal.xml'),
    );
    assert.equal(grandstream.renderFull(aFullView(adapter)).body, golden('grandstream-ht801-full.xml'));
  });

  for (const model of [
    'GRP2601',
    'GRP2614',
    'GXP1610',
    'GXP1630',
    'GXP2170',
    'HT801',
    'HT802V2',
    'HT818',
    null,
  ]) {
    test(`write the same parameters in both states on ${model}`, () => {
      const minimal = read(grandstream.renderMinimal(aMinimalView({ model, rawNames: ['P1345'] })));
      const full = read(grandstream.renderFull(everything({ model })));
      // Tones, and whether certificates are verified: left as the phone has them where nothing is
      // wished.
      const left = /^P(?:34[3689]|400[0-3]|8463|22030)$/;
      assert.deepEqual(
        [...minimal.keys()],
        [...full.keys()].filter((name) => !left.test(name)),
      );
    });

    test(`leave nothing of the full one when ${model} falls back to the minimal one`, () => {
      const full = grandstream.renderFull(everything({ model }));
      assert.ok(full.body.includes('pass-0-secretish'));
      const minimal = grandstream.renderMinimal(aMinimalView({ model, rawNames: ['P1345'] }));
      const phone = apply(full, minimal);
      for (const [name, value] of read(minimal)) assert.equal(phone.get(name), value, name);
      for (const [name, value] of phone) assert.doesNotMatch(value, /secretish|proventoken|menu-full/, name);
      assert.equal(phone.get('P1345'), '');
    });

    test(`leave nothing of the minimal one when ${model} has proved itself`, () => {
      const full = grandstream.renderFull(aFullView({ model, lines: [] }));
      const phone = apply(grandstream.renderMinimal(aMinimalView({ model })), full);
      assert.deepEqual(phone, apply(full));
      assert.doesNotMatch([...phone.values()].join('\n'), /bootstrap|Authenticat|\*89|menu-minimal/);
    });
  }
});
