import type { FetchFacts } from '../store/fetch-lookup.js';
import type { PreparedDocument } from './answer.js';

const MAX_BYTES = 64 * 1024 * 1024;

interface Rendered {
  model: string | null;
  document: PreparedDocument;
}

/**
 * Full configurations as they went out last, of devices whose facts are remembered: the same facts give the same bytes. Bounded by their
 * bytes; those that were not asked for longest go first.
 */
export class RenderedDocuments {
  readonly #byFacts = new Map<FetchFacts, Rendered>();
  #bytes = 0;

  constructor(private readonly maxBytes = MAX_BYTES) {}

  /** The document of these facts for a model; rendered when it is not there. */
  of(facts: FetchFacts, model: string | null, render: () => PreparedDocument): PreparedDocument {
    const known = this.#take(facts);
    const rendered = known !== null && known.model === model ? known : { model, document: render() };
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
