import { LRUCache } from 'lru-cache';
import type { Clock } from '../domain/time.js';
import type { FetchFacts } from '../store/fetch-lookup.js';
import type { PreparedDocument } from './answer.js';

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Clocks change at quarters of an hour, and with them the offset that is written for a zone without
 * a lasting rule. A document is rendered again in each quarter.
 */
const PERIOD_MS = 15 * 60_000;

interface Rendered {
  model: string | null;
  /** The quarter of an hour in which it was rendered. */
  period: number;
  document: PreparedDocument;
}

/**
 * A cache of rendered full configurations, for devices whose facts are cached: the same facts give
 * the same bytes. LRU, bounded by the bytes of the documents.
 */
export class RenderedDocuments {
  readonly #byFacts: LRUCache<FetchFacts, Rendered>;

  constructor(
    private readonly clock: Clock,
    maxBytes = MAX_BYTES,
  ) {
    this.#byFacts = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: ({ document }) => Math.max(1, document.body.length),
    });
  }

  /** The document of these facts for a model; rendered when it is not there. */
  of(facts: FetchFacts, model: string | null, render: () => PreparedDocument): PreparedDocument {
    const known = this.#byFacts.get(facts);
    const period = Math.floor(this.clock.now().getTime() / PERIOD_MS);
    if (known?.model === model && known.period === period) return known.document;
    const document = render();
    this.#byFacts.set(facts, { model, period, document });
    return document;
  }
}
