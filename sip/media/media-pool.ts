import type { EndpointOutcome, MediaServer } from './media-server.js';

/** A media server answers within 60 ms. While there is another one, it is not waited for much longer: the caller hears nothing meanwhile. */
const PATIENCE_MS = 2000;
/** The last one: fsmrf itself waits 4 s for FreeSWITCH to call back, and 32 s for an answer to its INVITE; no caller does. */
const LAST_PATIENCE_MS = 5000;

/**
 * The media servers that one SIP server can use; a caller goes to the one with the fewest, and to the next when it cannot. One that has just failed is
 * asked last.
 */
export class MediaPool {
  constructor(private readonly servers: readonly MediaServer[]) {}

  get ready(): boolean {
    return this.servers.some((server) => server.ready);
  }

  /** Callers at all of them. */
  get endpoints(): number {
    return this.servers.reduce((sum, server) => sum + server.endpoints, 0);
  }

  /** Calls that all of them together take at a time, whoever they are from; null while none of them has said. */
  get places(): number | null {
    const known = this.servers.flatMap((server) => server.places ?? []);
    return known.length === 0 ? null : known.reduce((sum, places) => sum + places, 0);
  }

  async createEndpoint(offer: string): Promise<EndpointOutcome> {
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

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }
}
