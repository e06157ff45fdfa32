import type { EndpointOutcome, MediaServer } from './media-server.js';
import { SetUpQueue } from './set-up-queue.js';

/**
 * A media server answers within 60 ms. While there is another one, it is not waited for much
 * longer: the caller hears nothing meanwhile.
 */
const PATIENCE_MS = 2000;
/**
 * The last one is waited for as long as it lives: a server that hangs is found out within eight
 * seconds (media-server.ts), and its callers are told at once. This is for one that answers
 * everything but that.
 */
const LAST_PATIENCE_MS = 30_000;
/**
 * Endpoints that are made at a time, for each media server; and how many calls may wait for it: as
 * many as it has places for.
 */
const AT_ONCE = 8;
const MOST_WAITING = 500;

/** `left`: the caller has hung up before there was one. */
export type PooledOutcome = EndpointOutcome | { kind: 'left' };

/**
 * The media servers that one SIP server can use; a caller goes to the one with the fewest, and to
 * the next when it cannot. One that has just failed is asked last. Emergency calls need none, and
 * so never wait here.
 */
export class MediaPool {
  readonly #queue: SetUpQueue;

  constructor(private readonly servers: readonly MediaServer[]) {
    this.#queue = new SetUpQueue(AT_ONCE * servers.length, MOST_WAITING * servers.length);
  }

  get ready(): boolean {
    return this.servers.some((server) => server.ready);
  }

  /** Callers at all of them. */
  get endpoints(): number {
    return this.servers.reduce((sum, server) => sum + server.endpoints, 0);
  }

  /**
   * Calls that all of them together take at a time; null while none of them has said.
   */
  get places(): number | null {
    const known = this.servers.flatMap((server) => server.places ?? []);
    return known.length === 0 ? null : known.reduce((sum, places) => sum + places, 0);
  }

  /** Calls that wait for their set-up. */
  get waiting(): number {
    return this.#queue.waiting;
  }

  /** @param leaving aborted when the caller has gone */
  async createEndpoint(offer: string, leaving: AbortSignal): Promise<PooledOutcome> {
    if (!this.ready) return { kind: 'unavailable', reason: 'no media server is connected' };
    const turn = await this.#queue.enter(leaving);
    if (turn.kind === 'left') return turn;
    if (turn.kind === 'full')
      return { kind: 'unavailable', reason: 'too many calls wait for a media server' };
    try {
      return await this.#createEndpoint(offer);
    } finally {
      turn.end();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  async #createEndpoint(offer: string): Promise<EndpointOutcome> {
    const candidates = this.servers
      .filter((server) => server.ready)
      .sort((a, b) => Number(a.isDoubtful) - Number(b.isDoubtful) || a.endpoints - b.endpoints);
    let outcome: EndpointOutcome = { kind: 'unavailable', reason: 'no media server is connected' };
    for (const [index, server] of candidates.entries()) {
      const isLast = index === candidates.length - 1;
      outcome = await server.createEndpoint(offer, isLast ? LAST_PATIENCE_MS : PATIENCE_MS);
      if (outcome.kind !== 'unavailable') return outcome;
    }
    return outcome;
  }
}
