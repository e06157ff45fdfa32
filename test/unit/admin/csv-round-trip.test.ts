import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { readDeviceFile } from '../../../src/admin/csv/device-lines.js';
import { exportText } from '../../../src/admin/csv/export-text.js';
import { readText } from '../../../src/admin/csv/text.js';
import { text } from '../../../src/admin/fields.js';
import { newAuthentication } from '../../../src/domain/authentication.js';
import { type Mac, parseMac } from '../../../src/domain/mac.js';
import { completePolicy } from '../../../src/domain/policy.js';
import { VENDOR_IDS } from '../../../src/domain/vendor-id.js';
import type { ExportedDevice } from '../../../src/services/devices/export-devices.js';

const NOW = new Date('2026-11-22T12:00:00.000Z');

/**
 * Any text that the API takes, more often than not one made of what CSV and spreadsheets trip over.
 */
const hostileText = (max: number) =>
  fc
    .oneof(
      fc.string({
        unit: fc.constantFrom(
          '=',
          '+',
          '-',
          '@',
          "'",
          '"',
          ',',
          ';',
          ' ',
          '\u00a0',
          '\ufeff',
          '\u2028',
          '＝',
          'ü',
          'a',
        ),
        maxLength: 12,
      }),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 12 }),
    )
    .filter((value) => text(max).safeParse(value).success);

const mac = fc.bigInt({ min: 1n, max: 0xff_ff_ff_ff_ffn }).map((number): Mac => {
  const read = parseMac(number.toString(16).padStart(12, '0'));
  if (read === null) throw new Error('not a MAC');
  return read;
});

const device: fc.Arbitrary<ExportedDevice> = fc
  .record({
    mac,
    vendor: fc.constantFrom(...VENDOR_IDS),
    model: fc.option(hostileText(100)),
    label: fc.option(hostileText(200)),
    serialNumber: fc.option(hostileText(100)),
    siteName: fc.option(hostileText(200)),
    tenantId: fc.uuid(),
    pap: fc.option(fc.stringMatching(/^\d{6}$/)),
    lineLabels: fc.array(hostileText(200), { maxLength: 2 }),
  })
  .map(({ mac: address, vendor, model, label, serialNumber, tenantId, siteName, pap, lineLabels }) => ({
    device: {
      id: randomUUID(),
      mac: address,
      kind: 'managed',
      vendor,
      model,
      label,
      serialNumber,
      tenantId,
      siteId: null,
      settings: {},
      authentication: newAuthentication(completePolicy({}), NOW),
      attention: null,
      firstSyncUntil: null,
      firstSyncedAt: null,
      windowClaimedBy: null,
      lastProvisionedAt: null,
      lastSeenAt: null,
      lastSeenAddress: null,
      keyVersion: 1,
      createdAt: NOW,
    },
    lines: lineLabels.map((name) => ({ id: randomUUID(), label: name, sipUser: '201' })),
    tenantName: null,
    progress: {
      createdAt: NOW,
      contactedAt: null,
      minimalAt: null,
      registeredAt: null,
      calledAt: null,
      authenticatedAt: null,
      fullAt: null,
    },
    stuck: null,
    displayText: 'Authentication needed',
    registered: false,
    resync: null,
    papValid: pap !== null,
    pap,
    siteName,
  }));

async function exported(devices: ExportedDevice[]): Promise<string> {
  async function* pages(): AsyncGenerator<ExportedDevice[]> {
    yield devices.slice(0, 2);
    yield devices.slice(2);
  }
  let file = '';
  for await (const part of exportText(pages())) file += part;
  return file;
}

test('what is exported is imported as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(device, { maxLength: 5 }), async (devices) => {
      const file = readDeviceFile(readText(Buffer.from(await exported(devices))), null);
      assert.deepEqual(file.ignoredColumns, ['createdAt', 'state', 'pap', 'lines']);
      const expected = devices.map(
        ({ device: { mac: address, vendor, model, label, serialNumber, tenantId }, siteName }, index) => ({
          kind: 'device',
          line: index + 2,
          mac: address,
          vendor,
          model,
          label,
          serialNumber,
          language: null,
          tenantId,
          siteName,
          settings: null,
          accounts: [],
        }),
      );
      assert.deepEqual([...file.lines()], expected);
    }),
    { numRuns: 1_000 },
  );
});

test('no cell that is exported would be carried out by a spreadsheet', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(device, { maxLength: 5 }), async (devices) => {
      const file = await exported(devices);
      const rows: string[][] = parse(file, { record_delimiter: '\r\n' });
      assert.equal(rows.length, devices.length + 1);
      for (const cell of rows.flat()) assert.doesNotMatch(cell, /^[=+\-@\t\r]/);
    }),
  );
});
