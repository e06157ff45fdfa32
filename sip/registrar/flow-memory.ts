import type { Source } from '../../src/contract/messages.js';
import type { SipServer } from '../sip-server.js';

/** The oldest are forgotten first; a phone comes again within minutes. */
const MAX_FLOWS = 50_000;

/**
 * Through which SIP server each flow came: a NOTIFY must take the same one, and with several of
 * them only this process knows.
 */
export class FlowMemory {
  readonly #servers = new Map<string, SipServer>();

  remember(server: SipServer, source: Source): void {
    const flow = key(source);
    this.#servers.delete(flow);
    this.#servers.set(flow, server);
    const [oldest] = this.#servers.keys();
    if (this.#servers.size > MAX_FLOWS && oldest !== undefined) this.#servers.delete(oldest);
  }

  find(source: Source): SipServer | null {
    return this.#servers.get(key(source)) ?? null;
  }
}

function key({ protocol, address, port }: Source): string {
  return `${protocol} ${address} ${port}`;
}
