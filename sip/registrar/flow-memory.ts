import { LRUCache } from 'lru-cache';
import type { Source } from '../../src/contract/messages.js';
import type { SipServer } from '../sip-server.js';

/** More are evicted, the longest unused first; a phone comes again within minutes. */
const MAX_FLOWS = 50_000;

/**
 * Through which SIP server each flow came: a NOTIFY must take the same one, and with several of
 * them only this process knows.
 */
export class FlowMemory {
  readonly #servers = new LRUCache<string, SipServer>({ max: MAX_FLOWS });

  remember(server: SipServer, source: Source): void {
    this.#servers.set(key(source), server);
  }

  find(source: Source): SipServer | null {
    return this.#servers.get(key(source)) ?? null;
  }
}

function key({ protocol, address, port }: Source): string {
  return `${protocol} ${address} ${port}`;
}
