/**
 * Gigaset: which files its bases ask for, what both configurations say in either format, and what
 * the one leaves of the other.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseMac } from '../../../src/domain/mac.js';
import { gigaset } from '../../../src/vendors/gigaset/index.js';
import type { RecognisedFile } from '../../../src/vendors/vendor.js';
import { golden } from './golden.js';
import { apply, FULL_OF_EVERYTHING } from './gigaset-reader.js';
import { aFullView, aLine, aMinimalView, someLines } from './views.js';

const MAC = parseMac('7c2f8062a7b7')!;
const recognise = (name: string): RecognisedFile | null =>
  gigaset.recogniseFile({ name, query: new URLSearchParams() });

describe('Gigaset file names', () => {
  test('name a device in either case', () => {
    for (const name of ['7C2F8062A7B7.xml', '7c2f8062a7b7.xml', '7C2F8062A7B7.XML']) {
      assert.deepEqual(recognise(name), { kind: 'device', mac: MAC, role: 'configuration' }, name);
    }
  });

  test('lead by a chain of files to that of the MAC', () => {
    const chain = ['master', 'sifsroot', 'sih', 'sit', 'siu'].map((name) => `42/2/${name}.bin`);
    const blocks = chain.map((name) => {
      assert.deepEqual(recognise(name), { kind: 'common', keepsToken: true }, name);
      const file = { name, query: new URLSearchParams() };
      return gigaset.renderCommon!(file, 'https://prov.example').body;
    });
    assert.deepEqual(blocks, [
      '\x03\x0f\x03\x0dsifsroot.bin\0',
      '\x04\x0a\x03\x08sih.bin\0',
      '\x04\x0a\x03\x08sit.bin\0',
      '\x04\x0a\x03\x08siu.bin\0',
      '\0\x1a\x03\x18https://%DURL/%MACD.xml\0',
    ]);
    const file = { name: '70/222/SIU.bin', query: new URLSearchParams() };
    assert.equal(
      gigaset.renderCommon!(file, 'http://prov.example').body,
      '\0\x19\x03\x17http://%DURL/%MACD.xml\0',
    );
  });

  test('of firmware, languages and other bases are absent', () => {
    for (const name of [
      '42/2/baselines.bin',
      '42/fw262.bin',
      '70/1/sht/de.bin',
      'provisioning.xml',
      'updates.xml',
    ]) {
      assert.deepEqual(recognise(name), { kind: 'absent' }, name);
    }
  });

  test('of anything else are not its own', () => {
    for (const name of [
      '',
      'favicon.ico',
      '7c2f8062a7b.xml',
      '7c2f8062a7b7.cfg',
      '7d2f8062a7b7.xml',
      'master.bin',
      '42/2/constructor',
    ]) {
      assert.equal(recognise(name), null, name);
    }
  });
});

describe('Gigaset user agents', () => {
  for (const [userAgent, model, firmware, mac] of [
    ['Gigaset N870 IP PRO/83.V2.11.0+build.a546b91;7C2F8062A7B7', 'N870', '83.V2.11.0+build.a546b91', MAC],
    ['"Gigaset N670 IP PRO/83.V2.39.0+build.1;7C2F8062A7B7;Handset=1"', 'N670', '83.V2.39.0+build.1', MAC],
    ['Gigaset N870E IP PRO/83.V2.65.0;7C2F8062A7B7', 'N870E', '83.V2.65.0', MAC],
    ['N510 IP PRO/42.258.00.000.000;7C2F8062A7B7', 'N510', '42.258.00.000.000', MAC],
    ['N510 IP PRO/42.258.00.000.000', 'N510', '42.258.00.000.000', null],
    ['Gigaset N720 DM PRO/70.089.00.000.000;7C2F8062A7B7', 'N720', '70.089.00.000.000', MAC],
    ['N720-DM-PRO/70.040.00.000.000', 'N720', '70.040.00.000.000', null],
  ] as const) {
    test(userAgent, () => {
      assert.deepEqual(gigaset.recogniseUserAgent(userAgent), { model, firmware, mac });
    });
  }

  test('of others are not its own', () => {
    for (const other of ['Yealink SIP-T46U 108.86.0.90 80:5e:c0:11:22:33', 'Mozilla/5.0', 'snom/10', '']) {
      assert.equal(gigaset.recogniseUserAgent(other), null, other);
    }
  });
});

describe('Gigaset configurations', () => {
  test('are these files', () => {
    for (const model of ['N510', 'N610']) {
      const name = `gigaset-${model.toLowerCase()}`;
      assert.equal(gigaset.renderMinimal(aMinimalView({ model })).body, golden(`${name}-minimal.xml`));
      assert.equal(gigaset.renderFull(aFullView({ model })).body, golden(`${name}-full.xml`));
    }
  });

  for (const [model, handsets, password] of [
    ['N510 IP PRO', 6, /aucS_SIP_PASSWORD/],
    ['N720-DM-PRO', 100, /aucS_SIP_PASSWORD/],
    ['N610', 8, /\.AuthPassword$/],
    ['Gigaset N670 IP PRO', 20, /\.AuthPassword$/],
    [null, 250, /\.AuthPassword$/],
  ] as const) {
    const full = gigaset.renderFull(aFullView({ model, lines: someLines(12), ...FULL_OF_EVERYTHING }));
    const minimal = gigaset.renderMinimal(aMinimalView({ model }));

    test(`write the same parameters in both states on ${model}, ${handsets} handsets`, () => {
      // On the N720 the minimal one leaves alone which handsets there are, beside the first.
      const isWritten = (name: string): boolean =>
        !/astVoipAccounts\[[1-9]\d*\]\.ucB_SIP_ACCOUNT_IS_ACTIVE_1/.test(name);
      const names = [...apply(full).parameters.keys()];
      assert.deepEqual([...apply(minimal).parameters.keys()], names.filter(isWritten));
      assert.equal(names.filter((name) => password.test(name)).length, handsets);
    });

    test(`leave nothing of the full one when ${model} falls back to the minimal one`, () => {
      assert.ok(full.body.includes('pass-0-secretish'));
      const base = apply(full, minimal);
      for (const [name, value] of apply(minimal).parameters)
        assert.equal(base.parameters.get(name), value, name);
      for (const [name, value] of base.parameters) {
        assert.doesNotMatch(value, /secretish|proventoken|menu-full/, name);
      }
      assert.deepEqual(base.places, apply(full).places, 'no handset has to be registered anew');
    });

    test(`leave nothing of the minimal one when ${model} has proved itself`, () => {
      for (const lines of [[], [aLine()]]) {
        const proved = gigaset.renderFull(aFullView({ model, lines }));
        const base = apply(minimal, proved);
        assert.deepEqual(base.parameters, apply(proved).parameters);
        assert.doesNotMatch(
          [...base.parameters.values()].join('\n'),
          /bootstrap|Auth |Authentication|\*89|menu-minimal/,
        );
      }
    });
  }

  test('never say when handsets may be registered, for that would be other bytes each time', () => {
    for (const model of ['N510', 'N720', 'N870']) {
      assert.doesNotMatch(gigaset.renderFull(aFullView({ model })).body, /RegStart|update_dm/);
    }
  });
});
