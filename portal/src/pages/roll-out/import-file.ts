import { problemOf, type Schemas } from '../../api/client.js';

export type ImportReport = Schemas['ImportReport'];

/**
 * Sends a CSV file, or text that was copied from a spreadsheet (tabs between the columns).
 * @throws ApiProblem
 */
export async function importFile(
  text: string,
  { tenantId, dryRun }: { tenantId: string | null; dryRun: boolean },
): Promise<ImportReport> {
  const query = new URLSearchParams({ dryRun: String(dryRun) });
  if (tenantId !== null) query.set('tenantId', tenantId);
  const response = await fetch(`/api/v1/devices.csv?${query}`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/csv' },
    body: withSemicolons(text),
  });
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw problemOf(response.status, body);
  return body as ImportReport;
}

/** What a spreadsheet copies has tabs; each is a semicolon in a file. */
function withSemicolons(text: string): string {
  const [head = ''] = text.split('\n');
  return head.includes('\t') ? text.replaceAll('\t', ';') : text;
}
