import { stringify } from 'csv-stringify/sync';
import type { ExportedDevice } from '../../services/devices/export-devices.js';
import { guardCell } from './text.js';

/** The first seven are contract, in this order; more may follow them. */
const COLUMNS: Readonly<Record<string, (exported: ExportedDevice) => string | null>> = {
  vendor: ({ device }) => device.vendor,
  model: ({ device }) => device.model,
  mac: ({ device }) => device.mac,
  createdAt: ({ device }) => device.createdAt.toISOString(),
  site: ({ siteName }) => siteName,
  state: ({ device }) => device.authentication.state,
  pap: ({ pap }) => pap,
  label: ({ device }) => device.label,
  lines: ({ lines }) => lines.map(({ label }) => label).join(', '),
  tenantId: ({ device }) => device.tenantId,
  serialNumber: ({ device }) => device.serialNumber,
};

/**
 * Devices as a CSV file (RFC 4180), a page of text for each page of devices. It opens in a
 * spreadsheet without anything in it being carried out, and can be imported again.
 */
export async function* exportText(
  pages: AsyncIterable<readonly ExportedDevice[]>,
  hasByteOrderMark = false,
): AsyncGenerator<string> {
  let before = hasByteOrderMark ? '\ufeff' : '';
  let rows = [Object.keys(COLUMNS)];
  for await (const devices of pages) {
    for (const device of devices)
      rows.push(Object.values(COLUMNS).map((cell) => guardCell(cell(device) ?? '')));
    yield before + toCsv(rows);
    before = '';
    rows = [];
  }
}

/** Rows as lines of a CSV file. */
export function toCsv(rows: string[][]): string {
  return stringify(rows, {
    record_delimiter: '\r\n',
    // Readers take blanks around a cell away, unless it is quoted.
    quoted_match: /^\s|\s$/,
  });
}
