/** The MAC in a request, as firmware and those who wrote its URLs spell it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { macHex, parseMac } from '../../../src/domain/mac.js';
import type { VendorId } from '../../../src/domain/vendor-id.js';
import { readTarget } from '../../../src/provisioning/request-target.js';
import { macOfFile, vendorOf } from '../../../src/vendors/index.js';

/** Of each family the names of files with a MAC in it, and what each is. */
const NAMES: readonly (readonly [vendor: VendorId, name: string, kind?: 'absent'])[] = [
  ['yealink', '<mac>.cfg'],
  ['yealink', '<mac>.boot'],
  ['yealink', '<mac>-local.cfg', 'absent'],
  ['yealink', '<mac>.cfg.enc', 'absent'],
  ['snom', '<mac>.xml'],
  ['snom', '<mac>.htm'],
  ['snom', 'snomD785-<mac>.htm'],
  ['snom', '<mac>'],
  ['poly', '<mac>.cfg'],
  ['poly', '<mac>-reg.cfg'],
  ['poly', '<mac>-phone.cfg', 'absent'],
  ['cisco', '<mac>.xml'],
  ['cisco', 'spa<mac>.cfg'],
  ['cisco', 'SEP<mac>.cnf.xml', 'absent'],
  ['patton', '<mac>.cfg'],
  ['grandstream', 'cfg<mac>.xml'],
  ['grandstream', 'cfg<mac>', 'absent'],
  ['fanvil', '<mac>.cfg'],
  ['fanvil', '<mac>.xml'],
  ['panasonic', 'Config<mac>.cfg'],
  ['panasonic', '<mac>.cfg'],
  ['gigaset', '<mac>.xml'],
];
const MAC = parseMac('000413260a01')!;
const BYTES = macHex(MAC).match(/../g)!;
const SPELLINGS = [
  BYTES.join(''),
  BYTES.join(':'),
  BYTES.join('-'),
  BYTES.join('.'),
  BYTES.join('%3A'),
  BYTES.join('%3a'),
  BYTES.join('%2D'),
  '0004.1326.0a01',
  '000413-260a01',
].flatMap((spelling) => [spelling, spelling.replaceAll(/[0-9a-f]{2,}/gi, (hex) => hex.toUpperCase())]);

const fileOf = (target: string) => readTarget(target, '')!.file;

describe('a MAC in a request', () => {
  for (const [vendor, name, kind = 'device'] of NAMES) {
    test(`${vendor}: ${name} is recognised however it is spelled`, () => {
      for (const spelling of SPELLINGS) {
        const file = fileOf(`/${name.replace('<mac>', spelling)}`);
        const recognised = vendorOf(vendor)!.recogniseFile(file);
        assert.equal(recognised?.kind, kind, file.name);
        if (recognised?.kind === 'device') assert.equal(recognised.mac, MAC, file.name);
        if (kind === 'device') assert.equal(macOfFile(file), MAC, file.name);
      }
    });
  }

  test('is none with mixed separators, or with digits missing or too many', () => {
    for (const spelling of ['00:04-13:26:00:01', '0004132600', '00041326000102', '00::04:13:26:00:01']) {
      for (const [vendor, name] of NAMES) {
        const recognised = vendorOf(vendor)!.recogniseFile(fileOf(`/${name.replace('<mac>', spelling)}`));
        assert.notEqual(recognised?.kind, 'device', `${vendor} ${name} ${spelling}`);
      }
    }
  });

  test('is found in a query, in whatever case that calls it', () => {
    for (const name of ['mac', 'MAC', 'Mac']) {
      for (const spelling of SPELLINGS) {
        for (const page of ['', 'provision.php', 'snomD785.htm']) {
          const file = fileOf(`/${page}?x=1&${name}=${spelling}`);
          const recognised = vendorOf('snom')!.recogniseFile(file);
          assert.deepEqual(recognised, { kind: 'device', mac: MAC, role: 'configuration' }, name);
        }
      }
    }
  });
});
