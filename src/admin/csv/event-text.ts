import type { ListedEvent } from '../../store/event-list.js';
import { toCsv } from './export-text.js';
import { guardCell } from './text.js';

const COLUMNS: Readonly<Record<string, (event: ListedEvent) => string | null>> = {
  position: ({ position }) => String(position),
  at: ({ at }) => at.toISOString(),
  type: ({ type }) => type,
  tenantId: ({ tenantId }) => tenantId,
  mac: ({ mac }) => mac,
  actor: ({ actor }) => actor,
  address: ({ address }) => address,
  data: ({ data }) => JSON.stringify(data),
};

/** Events as a CSV file (RFC 4180), in which nothing is carried out by a spreadsheet. */
export async function* eventCsv(pages: AsyncIterable<readonly ListedEvent[]>): AsyncGenerator<string> {
  yield toCsv([Object.keys(COLUMNS)]);
  for await (const events of pages)
    yield toCsv(events.map((event) => Object.values(COLUMNS).map((cell) => guardCell(cell(event) ?? ''))));
}
