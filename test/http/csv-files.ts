/** CSV files over HTTP: the helpers of admin-server.ts read JSON and nothing else. */
import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import { ADMIN_KEY, type Admin, type Answer, type Json, expectStatus } from './admin-server.js';

export interface CsvAnswer {
  status: number;
  headers: Headers;
  /** As it came, byte order marks and all. */
  text: string;
}

export async function getCsv(admin: Admin, query = '', method = 'GET'): Promise<CsvAnswer> {
  const answer = await fetch(`${admin.url}/api/v1/devices.csv?${query}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_KEY}` },
    signal: AbortSignal.timeout(60_000),
  });
  const text = Buffer.from(await answer.arrayBuffer()).toString('utf8');
  return { status: answer.status, headers: answer.headers, text };
}

export type Row = Record<string, string>;

/** The lines of an export, as somebody else's reader of CSV understands them. */
export async function exportRows(admin: Admin, query = ''): Promise<Row[]> {
  const { status, text } = await getCsv(admin, query);
  assert.equal(status, 200, text);
  return parse(text, { columns: true, record_delimiter: '\r\n' }) as Row[];
}

export async function postCsv(
  admin: Admin,
  query: string,
  body: string | Buffer,
  contentType = 'text/csv',
): Promise<Answer> {
  const answer = await fetch(`${admin.url}/api/v1/devices.csv?${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': contentType },
    body,
    signal: AbortSignal.timeout(60_000),
  });
  return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) };
}

/** What must have gone well: answers the report. */
export async function importCsv(admin: Admin, query: string, body: string | Buffer): Promise<Json> {
  return expectStatus(postCsv(admin, query, body), 200);
}

/** A file of so many devices; `label` says what each is called. */
export function fileOfDevices(count: number, label: (index: number) => string = () => ''): string {
  const lines = Array.from(
    { length: count },
    (_, index) => `80:5e:c0:${hex(index >> 16)}:${hex(index >> 8)}:${hex(index)},yealink,${label(index)}\n`,
  );
  return `mac,vendor,label\n${lines.join('')}`;
}

const hex = (number: number): string => (number & 0xff).toString(16).padStart(2, '0');
