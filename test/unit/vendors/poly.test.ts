/** Poly: which files it asks for, and what one configuration leaves of the other. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { XMLValidator } from 'fast-xml-parser';
import { parseMac } from '../../../src/domain/mac.js';
import { poly } from '../../../src/vendors/poly/index.js';
import type { RecognisedFile } from '../../../src/vendors/vendor.js';
import { golden } from './golden.js';
import { apply, read } from './poly-reader.js';
import { aFullView, aMinimalView, everything, someLines } from './views.js';

const MAC = parseMac('64167f000001')!;
const recognise = (name: string): RecognisedFile | null =>
  poly.recogniseFile({ name, query: new URLSearchParams() });

const RAW = { 'call.rejectBusyOnDnd': 'raw-secretish', 'device.net.lldpEnabled': 'raw-secretish' };
/** Whether names in certificates are verified: left as the phone has it where nothing is wished. */
const LEFT = /\.strictCertCommonNameValidation(?:\.set)?$/;
const EVERYTHING = { ...everything({ keys: 140, raw: RAW }), lines: someLines(1) };
const RAW_NAMES = Object.keys(RAW);

describe('Poly file names', () => {
  test('name a device, as the master file and as what it names', () => {
    for (const name of ['64167f000001.cfg', '64167F000001.cfg', '64167F000001.CFG']) {
      assert.deepEqual(recognise(name), { kind: 'device', mac: MAC, role: 'boot' }, name);
    }
    for (const name of ['64167f000001-reg.cfg', '64167F000001-reg.cfg']) {
      assert.deepEqual(recognise(name), { kind: 'device', mac: MAC, role: 'configuration' }, name);
    }
  });

  test('of the common master file point on, from where the phone asks', () => {
    for (const name of ['000000000000.cfg', '000000000000.CFG'])
      assert.deepEqual(recognise(name), { kind: 'common', keepsToken: true }, name);
  });

  test('that are optional are absent', () => {
    for (const name of [
      '64167f000001-phone.cfg',
      '64167f000001-web.cfg',
      '64167f000001-user.cfg',
      '64167f000001-license.cfg',
      '64167f000001-directory.xml',
      '64167f000001-boot.log',
      '64167f000001-app.log',
      '000000000000-license.cfg',
      '000000000000-directory.xml',
      'sip.ld',
      '3111-48450-001.sip.ld',
      'sip.ver',
      'VVXLocalization/German_Germany/VVX-dictionary.xml',
      'SoundPointIPWelcome.wav',
    ]) {
      assert.deepEqual(recognise(name), { kind: 'absent' }, name);
    }
  });

  test('of anything else are not its own', () => {
    for (const name of [
      '',
      '64167f00001.cfg',
      '64167f000001-reg.cfg.bak',
      '65167f000001.cfg', // the group bit
      '../64167f000001.cfg',
      '64167f000001.cfg\n',
      'x64167f000001.cfg',
      'snomD785.htm',
      '64167f000001.xml',
    ]) {
      assert.equal(recognise(name), null, JSON.stringify(name));
    }
  });

  test('lead from either master file to the configuration, and nowhere to upload to', () => {
    const own = poly.renderBoot!(MAC).body;
    assert.equal(XMLValidator.validate(own), true);
    assert.match(own, / CONFIG_FILES="64167f000001-reg\.cfg" /);
    assert.match(own, / APP_FILE_PATH="" .* LOG_FILE_DIRECTORY="" OVERRIDES_DIRECTORY="" /);
    const file = { name: '000000000000.cfg', query: new URLSearchParams() };
    const common = poly.renderCommon!(file, 'https://prov.example').body;
    assert.equal(common, own.replace('64167f000001', '[PHONE_MAC_ADDRESS]'));
  });
});

describe('Poly user agents', () => {
  for (const [userAgent, model, firmware, mac] of [
    ['FileTransport PolycomVVX-VVX_250-UA/6.4.3.5059 Type/Application', 'VVX250', '6.4.3.5059', null],
    [
      'FileTransport PolycomVVX-VVX_400-UA/4.1.4.7430 (SN:64167f000001) Type/Application',
      'VVX400',
      '4.1.4.7430',
      MAC,
    ],
    [
      'FileTransport PolyCCX-CCX_500-UA/9.4.1.0508 (SN:64167F000001) Type/Application',
      'CCX500',
      '9.4.1.0508',
      MAC,
    ],
    ['FileTransport PolycomVVX-VVX_250-UA/5.9.0.1615 Type/Updater', 'VVX250', null, null],
    ['FileTransport PolycomSoundPointIP-SPIP_335-UA/3.2.1.0078', 'SPIP335', '3.2.1.0078', null],
  ] as const) {
    test(userAgent, () => {
      assert.deepEqual(poly.recogniseUserAgent(userAgent), { model, firmware, mac });
    });
  }

  test('of others are not its own', () => {
    for (const other of ['', 'curl/7.88.1', 'Yealink SIP-T46U 108.86.0.90 80:5e:c0:11:22:33']) {
      assert.equal(poly.recogniseUserAgent(other), null, other);
    }
  });
});

describe('Poly configurations', () => {
  test('are these files', () => {
    const part = (document: { body: string }): string =>
      document.body.replaceAll(/^ {2}(?:attendant\.resourceList|efk\.efklist)\.(?:[3-9]|\d\d)\..*\n/gm, '');
    const model = 'VVX101';
    assert.equal(part(poly.renderMinimal(aMinimalView({ model }))), golden('poly-vvx101-minimal.cfg'));
    assert.equal(part(poly.renderFull(aFullView({ model }))), golden('poly-vvx101-full.cfg'));
  });

  for (const [model, registrations, lineKeys] of [
    ['VVX101', 1, 2],
    ['VVX_250', 4, 4],
    ['Polycom VVX 450', 12, 132],
    ['VVX1500', 6, 6],
    [null, 16, 136],
    ['a model nobody knows', 16, 136],
  ] as const) {
    test(`write the same parameters in both states on ${model}, ${registrations} lines and ${lineKeys} keys`, () => {
      const names = [...read(poly.renderMinimal(aMinimalView({ model, rawNames: RAW_NAMES }))).keys()];
      const document = poly.renderFull(aFullView({ model, ...EVERYTHING, lines: someLines(20) }));
      assert.deepEqual(
        names,
        [...read(document).keys()].filter((name) => !LEFT.test(name)),
      );
      const countOf = (pattern: RegExp): number => names.filter((name) => pattern.test(name)).length;
      assert.equal(countOf(/^reg\.\d+\.address$/), registrations);
      assert.equal(countOf(/^lineKey\.\d+\.category$/), lineKeys);
    });

    test(`leave nothing of the full one when ${model} falls back to the minimal one`, () => {
      const before = poly.renderFull(aFullView({ model, ...EVERYTHING, rawNames: RAW_NAMES }));
      for (const text of ['pass-0-', 'KEY-0-', 'BOOK-', '*98', 'firmware-', 'ca-', 'raw-']) {
        assert.ok(before.body.includes(`${text}secretish`), text);
      }
      const after = poly.renderMinimal(aMinimalView({ model, rawNames: RAW_NAMES }));
      const manyLines = poly.renderFull(aFullView({ model, lines: someLines(20) }));
      const phone = apply(manyLines, before, after);
      for (const name of phone.keys()) if (LEFT.test(name)) phone.delete(name);
      assert.deepEqual(phone, apply(after));
      for (const [name, value] of phone) {
        assert.doesNotMatch(value, /secretish|proventoken|menu-full/, name);
      }
      const enabled = [...phone].filter(([name, value]) => /^reg\.\d+\.address$/.test(name) && value !== '');
      assert.deepEqual(enabled, [['reg.1.address', 'bootstrap']]);
    });

    test(`leave nothing of the minimal one when ${model} has proved itself`, () => {
      const after = poly.renderFull(aFullView({ model, lines: [] }));
      const phone = apply(poly.renderMinimal(aMinimalView({ model })), after);
      assert.deepEqual(phone, apply(after));
      assert.doesNotMatch([...phone.values()].join('\n'), /bootstrap|Authenticat|\*89|menu-minimal|NOTIFY/);
    });
  }
});
