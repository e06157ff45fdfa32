import type { Mac } from '../../domain/mac.js';
import { tokenIdOf } from '../../domain/secrets.js';
import type { Clock } from '../../domain/time.js';
import { type FetchFacts, type FetchQuestion, lookUpFetches } from '../../store/fetch-lookup.js';
import type { Queryable } from '../../store/store.js';
import type { FetchMemory } from './fetch-memory.js';

/** Statements on their way at a time. More would only make each of them smaller. */
const MAX_IN_FLIGHT = 4;
/** Questions in one statement. */
const MAX_AT_ONCE = 100;

/** What a fetch brings that its facts depend on. */
export interface FetchKey {
  mac: Mac;
  /** What stood in a token's place in the path. */
  presented: string | null;
  /** Where it came from, as `canonicalAddress` spells it. */
  address: string | null;
}

interface Asked {
  question: FetchQuestion;
  answer: (facts: FetchFacts | null) => void;
  fail: (error: unknown) => void;
}

/**
 * Finds what fetches depend on: what is remembered, else from the database, many by one statement:
 * those that came in the same turn of the event loop, and those that came while the statements
 * before them were on their way. A single phone waits for nobody; when a fleet comes back at once,
 * the database is asked a few hundred times a second instead of a few thousand.
 */
export class FetchLookups {
  #waiting: Asked[] = [];
  #inFlight = 0;
  #isScheduled = false;

  constructor(
    private readonly db: Queryable,
    private readonly clock: Clock,
    private readonly memory: FetchMemory | null,
  ) {}

  /** The facts of one fetch; null when there is no device with that MAC. */
  async lookUp({ mac, presented, address }: FetchKey): Promise<FetchFacts | null> {
    const { memory } = this;
    const now = this.clock.now();
    const known = memory?.find(mac, presented, address, now) ?? null;
    if (known !== null) return known.facts;

    const changes = memory?.changes ?? 0;
    const tokenId = presented === null ? null : tokenIdOf(presented);
    const facts = await this.#queue({ mac, tokenId, address });
    if (facts !== null && presented !== null)
      memory?.remember({ facts, presented, address, at: now }, changes);
    return facts;
  }

  /**
   * Whether these very facts will be found again for the next such fetch, unless something changes.
   */
  areRemembered(facts: FetchFacts): boolean {
    return this.memory?.holds(facts) ?? false;
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
