import type { AcceptedInvites } from './accepted-invites.js';
import type { Dialog } from './dialog.js';
import type { Destination } from './flow.js';
import type { SipRequest, SipResponse } from './message.js';
import type { TransactionLayer } from './transactions.js';

/** What the parts of a user agent share. */
export interface AgentContext {
  readonly transactions: TransactionLayer;
  readonly accepted: AcceptedInvites;
  /** User-Agent and Server. */
  readonly product: string | undefined;
  contactFor(destination: Destination): string;
  /** Where requests of that dialog go; `fallback` when its target names no address. */
  dialogDestination(dialog: Dialog, fallback: Destination): Destination;
  /** Runs a handler of the user's; what it throws goes to onFault. False when it threw. */
  guard(handler: () => void): boolean;
}

export function withUserAgent(request: SipRequest, product: string | undefined): SipRequest {
  if (product !== undefined && !request.headers.has('User-Agent')) request.headers.add('User-Agent', product);
  return request;
}

export function withServer(response: SipResponse, product: string | undefined): SipResponse {
  if (product !== undefined && !response.headers.has('Server')) response.headers.add('Server', product);
  return response;
}
