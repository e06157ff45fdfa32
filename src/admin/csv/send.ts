import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { Logger } from 'pino';

/** Who has taken nothing for so long has gone. */
const STALLED_MS = 60_000;

/** Sends a CSV file as `sendPages` does. */
export const sendCsv = (
  response: Response,
  name: string,
  pages: AsyncGenerator<string>,
  log: Logger,
): Promise<void> => sendPages(response, { name, type: 'text/csv; charset=utf-8' }, pages, log);

/**
 * Sends a file page by page, each made once the reader has taken those before. A reader who
 * goes away ends it, and the making too. Once it has begun there is no answering a fault any more:
 * the connection is cut, so that half a file is not taken for a whole one, and the log says why.
 *
 * @throws what the making of the first page throws
 */
export async function sendPages(
  response: Response,
  { name, type }: { name: string; type: string },
  pages: AsyncGenerator<string>,
  log: Logger,
): Promise<void> {
  const first = await pages.next();
  response.attachment(name).type(type).setTimeout(STALLED_MS);
  try {
    await pipeline(startingWith(first, pages), response);
  } catch (error) {
    if (!isReaderGone(error)) log.error({ err: error, name }, 'a download was cut off');
  }
}

async function* startingWith<T>(first: IteratorResult<T>, others: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    if (first.done !== true) yield first.value;
    yield* others;
  } finally {
    await others.return(undefined);
  }
}

function isReaderGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
