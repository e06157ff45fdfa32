import { once } from 'node:events';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { Problem } from '../http/problem.js';
import type { EventFeed } from '../services/audit/event-feed.js';
import type { EventFilter, ListedEvent } from '../store/event-list.js';
import { isStillAllowed } from './actor.js';

export const EVENT_STREAM = 'text/event-stream';

/**
 * How often a comment is sent, so that what lies between does not take the connection for dead
 * (HTML standard, section 9.2.7).
 */
const COMMENT_MS = 15_000;

/** How often it is looked whether the key or session is still valid. */
const ACCESS_CHECK_MS = 2_000;

/** A client that has taken nothing for so long has gone. */
const STALLED_MS = 60_000;

/** How soon a browser connects again when the stream has ended. */
const RECONNECT_MS = 1_000;

interface Streamed {
  feed: EventFeed;
  filter: EventFilter;
  /** The position behind which it begins. */
  after: number;
  log: Logger;
}

/**
 * Sends events as they are sealed: the `id` of each is its position, its data what the list
 * answers. A client that has lost its stream goes on with Last-Event-ID.
 *
 * @throws Problem 503 when there are too many streams
 */
export async function streamEvents(
  request: Request,
  response: Response,
  { feed, filter, after, log }: Streamed,
): Promise<void> {
  const gone = goneWith(response);
  const portions = feed.follow(filter, after, gone.signal);
  if (portions === null) throw tooManyStreams();
  await sendStream(request, response, { messages: textOf(portions), gone, log });
}

async function* textOf(portions: AsyncIterable<readonly ListedEvent[]>): AsyncGenerator<string> {
  for await (const events of portions) yield events.map(presentEvent).join('');
}

export const tooManyStreams = (): Problem =>
  new Problem(503, 'Too many streams are open.', [], { 'Retry-After': '30' });

/** Aborts when the client has gone. */
export function goneWith(response: Response): AbortController {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone;
}

/**
 * Sends messages (server-sent events, HTML standard, section 9.2) until there are no more. One is
 * made once the client has taken the one before, so a slow client costs one of memory. Ends when
 * the client goes, when its key or session ends, and when Dialgate ends.
 */
export async function sendStream(
  request: Request,
  response: Response,
  { messages, gone, log }: { messages: AsyncIterable<string>; gone: AbortController; log: Logger },
): Promise<void> {
  response.status(200).setHeader('Content-Type', EVENT_STREAM);
  // nginx would collect it first.
  response.setHeader('X-Accel-Buffering', 'no');
  response.setTimeout(STALLED_MS);
  response.write(`retry: ${RECONNECT_MS}\n\n`);
  const comments = setInterval(() => keepAlive(response), COMMENT_MS);
  const checks = setInterval(() => {
    void endIfRefused(request, gone);
  }, ACCESS_CHECK_MS);
  try {
    for await (const message of messages) {
      if (!response.write(message)) await once(response, 'drain', { signal: gone.signal });
    }
  } catch (error) {
    // The status has been sent: all that can be done is to end, and have the client come again.
    if (!gone.signal.aborted) log.error({ err: error }, 'a stream was cut off');
  } finally {
    clearInterval(comments);
    clearInterval(checks);
    response.end();
  }
}

function presentEvent(event: ListedEvent): string {
  return `id: ${event.position}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** A comment, unless the client has yet to take what was sent before. */
function keepAlive(response: Response): void {
  if (!response.writableNeedDrain && !response.writableEnded) response.write(': still here\n\n');
}

/** A database that cannot be asked does not withdraw a key. */
async function endIfRefused(request: Request, stream: AbortController): Promise<void> {
  if (!(await isStillAllowed(request).catch(() => true))) stream.abort();
}
