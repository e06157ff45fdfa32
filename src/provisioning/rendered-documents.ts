import type { Clock } from '../domain/time.js';
import type { FetchFacts } from '../store/fetch-lookup.js';
import type { PreparedDocument } from './answer.js';

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Clocks are changed at quarters of an hour, and with them what a phone is told of a zone that
 * knows no lasting rule.
 */
const PERIOD = 15 * 60_000;

interface Rendered {
  model: string | null;
  /** The quarter of an hour in which it was rendered. */
  period: number;
  document: PreparedDocument;
}

/**
 * Full configurations as they went out last, of devices whose facts are remembered: the same facts
 * give the same bytes. Bounded by their bytes; those that were not asked for longest go first.
 */
export class RenderedDocuments {
  readonly #byFacts = new Map<FetchFacts, Rendered>();
  #bytes = 0;

  constructor(
    private readonly clock: Clock,
    private readonly maxBytes = MAX_BYTES,
  ) {}

  /** The document of these facts for a model; rendered when it is not there. */
  of(facts: FetchFacts, model: string | null, render: () => PreparedDocument): PreparedDocument {
    const known = this.#take(facts);
    const period = Math.floor(this.clock.now().getTime() / PERIOD);
    const isPresent = known?.model === model && known.period === period;
    const rendered = isPresent ? known : { model, period, document: render() };
    this.#byFacts.set(facts, rendered);
    this.#bytes += rendered.document.body.length;
    for (const oldest of this.#byFacts.keys()) {
      if (this.#bytes <= this.maxBytes) break;
      this.#take(oldest);
    }
    return rendered.document;
  }

  #take(facts: FetchFacts): Rendered | null {
    const rendered = this.#byFacts.get(facts);
    if (rendered === undefined) return null;
    this.#byFacts.delete(facts);
    this.#bytes -= rendered.document.body.length;
    return rendered;
  }
}
