/** Cisco and Linksys ATAs: which files they ask for, and what their User-Agents tell. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseMac } from '../../../src/domain/mac.js';
import { cisco } from '../../../src/vendors/cisco/index.js';
import type { RecognisedFile } from '../../../src/vendors/vendor.js';

const MAC = parseMac('000e08012345')!;
const recognise = (name: string): RecognisedFile | null =>
  cisco.recogniseFile({ name, query: new URLSearchParams() });

describe('Cisco file names', () => {
  test('name a device in either case', () => {
    for (const name of ['000e08012345.xml', '000E08012345.xml', '000E08012345.CFG', 'spa000e08012345.xml']) {
      assert.deepEqual(recognise(name), { kind: 'device', mac: MAC, role: 'configuration' }, name);
    }
  });

  test('of the model lead to the one of the MAC', () => {
    for (const name of [
      'spa112.cfg',
      'SPA122.cfg',
      'spa2102.cfg',
      'spa191.cfg',
      'pap2t.cfg',
      'init.cfg',
      'spapap2t.cfg',
      'spaSPA112.cfg',
      'spaATA191-MPP.cfg',
    ]) {
      assert.deepEqual(recognise(name), { kind: 'common' }, name);
      const common = cisco.renderCommon?.({ name, query: new URLSearchParams() }, 'https://prov.example');
      assert.equal(
        common?.body,
        '<?xml version="1.0" encoding="UTF-8"?>\n<flat-profile>\n<Profile_Rule_B>https://prov.example/$MA.xml</Profile_Rule_B>\n</flat-profile>\n',
      );
    }
  });

  test('of the call manager are absent', () => {
    assert.deepEqual(recognise('ATA000E08012345.cnf.xml'), { kind: 'absent' });
    assert.deepEqual(recognise('CTLSEP000E08012345.tlv'), { kind: 'absent' });
  });

  test('of anything else are not its own', () => {
    for (const name of [
      '',
      '000e0801234.xml',
      '000e080123456.xml',
      '010e08012345.xml', // the group bit
      '000000000000.xml',
      '000e08012345.xml.bak',
      '../000e08012345.xml',
      '000e08012345.xml\n',
      'spa.cfg',
      'init.xml',
      'y000000000108.cfg',
    ]) {
      assert.equal(recognise(name), null, JSON.stringify(name));
    }
  });
});

describe('Cisco user agents', () => {
  for (const [userAgent, model, firmware, mac] of [
    ['Linksys/SPA-942-6.1.5(a) (88019FA42805)', 'SPA942', '6.1.5(a)', null],
    ['Linksys/SPA-962-6.1.5(a) (4MM00F903042)', 'SPA962', '6.1.5(a)', null],
    ['Linksys/PAP2T-5.1.6(LS) (FM500F123456)', 'PAP2T', '5.1.6(LS)', null],
    ['Cisco/SPA508G-7.4.4 (0002FDFF2103)(CBT141400UK)', 'SPA508G', '7.4.4', parseMac('0002fdff2103')],
    ['Cisco/SPA525G-7.4.7 (CBT141900G7)', 'SPA525G', '7.4.7', null],
    ['Cisco/SPA525G2-7.4.5 (CBT141900G7)', 'SPA525G2', '7.4.5', null],
    ['Cisco/SPA112-1.4.1(002) (CCQ16380A1B)', 'SPA112', '1.4.1(002)', null],
    ['Cisco/ATA191-MPP-11-1-0-MSR4 (FCH2443D9R4)', 'ATA191', 'MPP-11-1-0-MSR4', null],
  ] as const) {
    test(userAgent, () => {
      assert.deepEqual(cisco.recogniseUserAgent(userAgent), { model, firmware, mac });
    });
  }

  test('of others are not its own', () => {
    for (const other of ['', 'curl/7.88.1', 'Cisco', 'Yealink SIP-T46U 108.86.0.90 80:5e:c0:11:22:33']) {
      assert.equal(cisco.recogniseUserAgent(other), null, other);
    }
  });
});
