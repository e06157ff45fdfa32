import { lastSealedPosition } from '../../store/event-counts.js';
import { type EventFilter, type ListedEvent, listEvents } from '../../store/event-list.js';
import type { Queryable } from '../../store/store.js';

/** Events that are read for a stream at a time; more of them are never in memory. */
const PORTION = 100;

/**
 * Followers of the log in one process. Each holds a connection of its reader and at most one
 * portion of events.
 */
const MAX_FOLLOWERS = 100;

/**
 * Follows the sealed log for those who want its events as they come. Positions have no gaps, and a
 * position that is visible has all below it visible, whichever instance sealed them: so a follower
 * needs to remember nothing but the last position it has seen.
 */
export class EventFeed {
  /** How far the log reaches, as far as this process knows. */
  #position = 0;
  #followers = 0;
  readonly #waiting = new Set<() => void>();
  readonly #closing = new AbortController();

  constructor(private readonly db: Queryable) {}

  /**
   * Looks how far the log reaches, and wakes those who wait for that. Asks the database only while
   * there are any.
   */
  async look(): Promise<boolean> {
    if (this.#waiting.size > 0) await this.#advance();
    return false;
  }

  /**
   * Answers the events behind a position, portion by portion; the next one is read once the
   * follower asks for it. Ends when `signal` aborts or the feed is closed. null when there are too
   * many followers already.
   */
  follow(
    filter: EventFilter,
    after: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ListedEvent[]> | null {
    if (this.#followers >= MAX_FOLLOWERS || this.#closing.signal.aborted) return null;
    this.#followers += 1;
    return this.#follow(filter, after, AbortSignal.any([signal, this.#closing.signal]));
  }

  /** Ends all followers. */
  close(): void {
    this.#closing.abort();
  }

  async *#follow(
    filter: EventFilter,
    begin: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ListedEvent[]> {
    try {
      await this.#advance();
      let after = begin;
      while (!signal.aborted) {
        const upTo = this.#position;
        if (after >= upTo) {
          await this.#news(signal);
          continue;
        }
        const page = { order: 'asc', after, upTo, limit: PORTION } as const;
        const { items, more } = await listEvents(this.db, filter, page);
        after = more ? (items.at(-1)?.position ?? upTo) : upTo;
        if (items.length > 0 && !signal.aborted) yield items;
      }
    } finally {
      this.#followers -= 1;
    }
  }

  async #advance(): Promise<void> {
    const position = await lastSealedPosition(this.db);
    if (position <= this.#position) return;
    this.#position = position;
    for (const wake of this.#waiting) wake();
  }

  /** Resolves when the log has grown, or the signal aborts. */
  #news(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}
