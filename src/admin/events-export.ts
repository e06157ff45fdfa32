import { z } from 'zod';
import type { Queryable } from '../store/store.js';
import { lastSealedPosition } from '../store/event-counts.js';
import { type EventFilter, type ListedEvent, listEvents } from '../store/event-list.js';
import { eventCsv } from './csv/event-text.js';
import { sendPages } from './csv/send.js';
import { EVENT_FILTER, EVENT_ORDER, filterOf } from './events.js';
import { API, type Operation, operation } from './operation.js';

export const EVENT_EXPORT_QUERY = z.strictObject({ ...EVENT_FILTER, order: EVENT_ORDER });

/** Read at a time; more are never in memory. */
const PORTION = 500;

interface Format {
  extension: 'csv' | 'ndjson';
  type: 'text/csv' | 'application/x-ndjson';
  summary: string;
  text: (pages: AsyncIterable<readonly ListedEvent[]>) => AsyncGenerator<string>;
}

const FORMATS: readonly Format[] = [
  { extension: 'csv', type: 'text/csv', summary: 'Export events as a CSV file', text: eventCsv },
  {
    extension: 'ndjson',
    type: 'application/x-ndjson',
    summary: 'Export events, each as a line of JSON',
    text: eventLines,
  },
];

/** Events as files: at addresses of their own, so that a link can lead to them. */
export const EVENT_EXPORT_OPERATIONS: readonly Operation[] = FORMATS.map(
  ({ extension, type, summary, text }) =>
    operation({
      method: 'get',
      path: `${API}/events.${extension}`,
      operationId: extension === 'csv' ? 'exportEventsAsCsv' : 'exportEventsAsLines',
      tag: 'Events',
      summary,
      may: ['admin', 'operator', 'support', 'auditor'],
      query: EVENT_EXPORT_QUERY,
      answer: type,
      handle: async ({ context, query: { order, ...filter }, actor, request, response }) => {
        await context.auditLog.sealer.catchUp();
        const { db } = context.store;
        const file = { name: `events.${extension}`, type: `${type}; charset=utf-8` };
        if (request.method === 'HEAD') {
          response.attachment(file.name).type(file.type).end();
          return;
        }
        const pages = eventPages(db, filterOf(filter, actor), order);
        await sendPages(response, file, text(pages), context.log);
      },
    }),
);

async function* eventPages(
  db: Queryable,
  filter: EventFilter,
  order: 'asc' | 'desc',
): AsyncGenerator<readonly ListedEvent[]> {
  const upTo = await lastSealedPosition(db);
  for (let after: number | null = null; ;) {
    const { items, more }: Awaited<ReturnType<typeof listEvents>> = await listEvents(db, filter, {
      order,
      after,
      upTo,
      limit: PORTION,
    });
    if (items.length > 0) yield items;
    if (!more) return;
    after = items.at(-1)?.position ?? upTo;
  }
}

async function* eventLines(pages: AsyncIterable<readonly ListedEvent[]>): AsyncGenerator<string> {
  for await (const events of pages) yield events.map((event) => `${JSON.stringify(event)}\n`).join('');
}
