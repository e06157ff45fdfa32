import type { ServerContext } from './context.js';

/**
 * What the SIP server holds at a moment: tests and the bench look for leaks by it.
 */
export interface HeldSip {
  readonly clientTransactions: number;
  readonly serverTransactions: number;
  readonly incomingRequests: number;
  readonly dialogs: number;
  /** Messages that were dropped since the start, see FloodGuard. */
  readonly dropped: number;
}

export function heldBy({ layer, incoming, dialogs, guard }: ServerContext): HeldSip {
  const { clients, servers } = layer.held;
  return {
    clientTransactions: clients,
    serverTransactions: servers,
    incomingRequests: incoming.held.requests,
    dialogs: dialogs.size,
    dropped: guard.dropped,
  };
}
