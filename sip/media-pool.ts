import type { EndpointOutcome, MediaServer } from './media-server.js';

/** The media servers that one SIP server can use; a caller goes to the one with the fewest, and to the next when it cannot. */
export class MediaPool {
  constructor(private readonly servers: readonly MediaServer[]) {}

  get ready(): boolean {
    return this.servers.some((server) => server.ready);
  }

  async createEndpoint(offer: string): Promise<EndpointOutcome> {
    const candidates = this.servers
      .filter((server) => server.ready)
      .sort((a, b) => a.endpoints - b.endpoints);
    let outcome: EndpointOutcome = { kind: 'unavailable', reason: 'no media server is connected' };
    for (const server of candidates) {
      outcome = await server.createEndpoint(offer);
      if (outcome.kind !== 'unavailable') return outcome;
    }
    return outcome;
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
  }
}
