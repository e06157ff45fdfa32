import type { Mac } from '../../domain/mac.js';
import { tokenIdOf } from '../../domain/secrets.js';
import type { Clock } from '../../domain/time.js';
import { type FetchFacts, type FetchQuestion, lookUpFetches } from '../../store/fetch-lookup.js';
import type { Queryable } from '../../store/store.js';
import type { FetchCache } from './fetch-cache.js';

/** Concurrent statements. More would only make each of them smaller. */
const MAX_IN_FLIGHT = 4;
/** Questions in one statement. */
const MAX_AT_ONCE = 100;

/** The parts of a fetch that its facts depend on. */
export interface FetchKey {
  mac: Mac;
  /** What stood in a token's place in the path. */
  presented: string | null;
  /** The source address, as `canonicalAddress` spells it. */
  address: string | null;
}

interface Asked {
  question: FetchQuestion;
  answer: (facts: FetchFacts | null) => void;
  fail: (error: unknown) => void;
}

/**
 * Looks up the facts of fetches: from the cache, else from the database in batches. A batch holds
 * the fetches of one turn of the event loop, and those that came while `MAX_IN_FLIGHT` statements
 * were running. A single fetch is not delayed; when a fleet restarts, the database runs a few
 * hundred statements a second instead of a few thousand.
 */
export class FetchLookups {
  #waiting: Asked[] = [];
  #inFlight = 0;
  #isScheduled = false;

  constructor(
    private readonly db: Queryable,
    private readonly clock: Clock,
    private readonly cache: FetchCache | null,
  ) {}

  /** The facts of one fetch; null when there is no device with that MAC. */
  async lookUp({ mac, presented, address }: FetchKey): Promise<FetchFacts | null> {
    const { cache } = this;
    const now = this.clock.now();
    const known = cache?.find(mac, presented, address, now) ?? null;
    if (known !== null) return known.facts;

    const changes = cache?.changes ?? 0;
    const tokenId = presented === null ? null : tokenIdOf(presented);
    const facts = await this.#queue({ mac, tokenId, address });
    if (facts !== null && presented !== null) cache?.add({ facts, presented, address, at: now }, changes);
    return facts;
  }

  /** Whether the next such fetch finds this very object, unless something changes. */
  areCached(facts: FetchFacts): boolean {
    return this.cache?.holds(facts) ?? false;
  }

  async #queue(question: FetchQuestion): Promise<FetchFacts | null> {
    return new Promise((answer, fail) => {
      this.#waiting.push({ question, answer, fail });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#isScheduled || this.#inFlight >= MAX_IN_FLIGHT || this.#waiting.length === 0) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      const batch = this.#waiting.splice(0, MAX_AT_ONCE);
      this.#inFlight += 1;
      void this.#ask(batch);
      this.#schedule();
    });
  }

  async #ask(batch: readonly Asked[]): Promise<void> {
    try {
      const questions = batch.map(({ question }) => question);
      const facts = await lookUpFetches(this.db, questions, this.clock.now());
      for (const [position, { answer }] of batch.entries()) answer(facts[position] ?? null);
    } catch (error) {
      for (const { fail } of batch) fail(error);
    } finally {
      this.#inFlight -= 1;
      this.#schedule();
    }
  }
}
