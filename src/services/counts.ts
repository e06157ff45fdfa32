import { addSeconds } from '../domain/time.js';
import { type EventCount, countSealedEvents, lastSealedPosition } from '../store/event-counts.js';
import { type CurrentCount, countCurrent } from '../store/current-counts.js';
import { sipApplicationsSince } from '../store/sip-applications.js';
import type { Connections } from '../store/store.js';
import type { ServiceContext } from './context.js';
import { FRESH_SECONDS } from './sip-readiness.js';

/** Present counts, and counts of events: numbers that name no phone, tenant or address. */
export interface Counts {
  present: CurrentCount[];
  /** Since this process began, whichever process they happened in. */
  events: EventCount[];
  sipApplications: { sipServer: number; mediaServer: number };
  connections: Connections | null;
}

/**
 * Counts for monitoring. Events are counted by where they stand in the sealed log, each of them
 * once, a second late.
 */
export class CountsReader {
  readonly #totals = new Map<string, EventCount>();
  #reading: Promise<Counts> | null = null;

  private constructor(
    private readonly context: Pick<ServiceContext, 'store' | 'clock'>,
    private position: number,
  ) {}

  static async start(context: Pick<ServiceContext, 'store' | 'clock'>): Promise<CountsReader> {
    return new CountsReader(context, await lastSealedPosition(context.store.db));
  }

  /** Those who ask together are told the same. */
  read(): Promise<Counts> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async #read(): Promise<Counts> {
    const { store, clock } = this.context;
    const now = clock.now();
    const { position, counts } = await countSealedEvents(store.db, this.position);
    this.position = position;
    for (const { type, detail, count } of counts) this.#add(type, detail, count);
    const applications = await sipApplicationsSince(store.db, addSeconds(now, -FRESH_SECONDS));
    return {
      present: await countCurrent(store.db, now),
      events: [...this.#totals.values()],
      sipApplications: {
        sipServer: applications.filter(({ sipServer }) => sipServer).length,
        mediaServer: applications.filter(({ mediaServer }) => mediaServer).length,
      },
      connections: store.connections(),
    };
  }

  #add(type: EventCount['type'], detail: string | null, count: number): void {
    const key = `${type} ${detail ?? ''}`;
    this.#totals.set(key, { type, detail, count: (this.#totals.get(key)?.count ?? 0) + count });
  }
}
