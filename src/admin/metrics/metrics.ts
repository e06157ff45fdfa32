import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Logger } from 'pino';
import type { Counts, CountsReader } from '../../services/counts.js';
import { withinTime } from '../../services/readiness.js';
import type { Attempted } from '../../webhooks/attempt.js';
import { eventCounters } from './event-counters.js';
import { currentGauges } from './current-gauges.js';

/** A scrape waits so long for the database, and goes on without what it would have said. */
const DATABASE_PATIENCE_MS = 2000;

/** Seconds; a fetch takes a millisecond or two, and is slow from a second on. */
const FETCH_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What became of a request on the provisioning port. `none`: a file, or nothing. */
interface MeasuredFetch {
  served: 'minimal' | 'full' | 'boot' | 'common' | 'none';
  status: number;
  seconds: number;
}

/**
 * Everything that is counted, in the text format of Prometheus. Fetches are those of this process;
 * everything else is told by the database, of all processes together. No label says who: there are
 * neither MACs nor tenants in it, and no more series than the code names.
 */
export class Metrics {
  readonly contentType: string;
  readonly #registry = new Registry();
  readonly #fetches: Histogram<'served' | 'status'>;
  readonly #rejectedKeys: Counter<'outcome'>;
  readonly #deliveries: Counter<'outcome'>;
  readonly #databaseUp: Gauge;
  readonly #setEvents: ReturnType<typeof eventCounters>;
  readonly #setPresent: (counts: Counts | null) => void;

  constructor(
    private readonly reader: CountsReader,
    private readonly log: Logger,
  ) {
    const registers = [this.#registry];
    this.contentType = this.#registry.contentType;
    collectDefaultMetrics({ register: this.#registry });
    this.#fetches = new Histogram({
      name: 'dialgate_fetch_seconds',
      help: 'How long requests on the provisioning port of this process took, by what was served and the HTTP status: 304 has not changed, 404 is nothing that there is, 429 throttled, 503 too much to do.',
      labelNames: ['served', 'status'],
      buckets: FETCH_SECONDS,
      registers,
    });
    this.#rejectedKeys = new Counter({
      name: 'dialgate_keys_rejected_total',
      help: 'Administrator keys that this process refused: wrong ones, and those that it did not look at since too many wrong ones had come from their address.',
      labelNames: ['outcome'],
      registers,
    });
    for (const outcome of ['wrong', 'limited']) this.#rejectedKeys.inc({ outcome }, 0);
    this.#deliveries = new Counter({
      name: 'dialgate_webhook_attempts_total',
      help: 'Attempts of this process to deliver an event to a webhook: delivered, failed and tried again later, or dead after three days of that.',
      labelNames: ['outcome'],
      registers,
    });
    for (const outcome of ['delivered', 'failed', 'dead'] as const) this.#deliveries.inc({ outcome }, 0);
    this.#databaseUp = new Gauge({
      name: 'dialgate_database_up',
      help: 'Whether the database answered this scrape. If not, what it tells of is as it was, or missing.',
      registers,
    });
    this.#setEvents = eventCounters(this.#registry);
    this.#setPresent = currentGauges(this.#registry);
  }

  observeFetch({ served, status, seconds }: MeasuredFetch): void {
    this.#fetches.observe({ served, status }, seconds);
  }

  countRejectedKey(outcome: 'wrong' | 'limited'): void {
    this.#rejectedKeys.inc({ outcome });
  }

  observeDelivery(outcome: Attempted): void {
    this.#deliveries.inc({ outcome });
  }

  /** Everything as it is now. */
  async read(): Promise<string> {
    const counts = await withinTime(this.reader.read().catch(this.#refused), DATABASE_PATIENCE_MS);
    this.#databaseUp.set(counts === null ? 0 : 1);
    if (counts !== null) this.#setEvents(counts.events);
    this.#setPresent(counts);
    return this.#registry.metrics();
  }

  readonly #refused = (error: unknown): null => {
    this.log.warn({ err: error }, 'the database could not be asked for metrics');
    return null;
  };
}
