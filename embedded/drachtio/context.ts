import type { AcceptedInvites } from '../../telephony/sip/accepted-invites.js';
import type { TransactionLayer } from '../../telephony/sip/transactions.js';
import type { Clock } from '../clock.js';
import type { EngineLog } from '../log.js';
import type { CallDetails } from './cdr.js';
import type { ControlSession } from './control-session.js';
import type { DialogTable } from './dialogs.js';
import type { FloodGuard } from './flood-guard.js';
import type { IncomingRequests } from './incoming-requests.js';
import type { LocalEndpoint } from './local-endpoint.js';
import type { OutgoingRequests } from './outgoing-requests.js';
import type { RegisteredFlows } from './registered-flows.js';
import type { ReliableResponses } from './reliable-responses.js';
import type { RouteTable } from './routes.js';

/**
 * What the parts of the server share: the SIP layer below, the tables, and the ways out. One per
 * server.
 */
export interface ServerContext {
  readonly layer: TransactionLayer;
  readonly accepted: AcceptedInvites;
  readonly reliable: ReliableResponses;
  readonly endpoint: LocalEndpoint;
  readonly guard: FloodGuard;
  readonly routes: RouteTable<ControlSession>;
  readonly incoming: IncomingRequests;
  readonly outgoing: OutgoingRequests;
  readonly dialogs: DialogTable;
  readonly flows: RegisteredFlows;
  readonly details: CallDetails;
  readonly clock: Clock;
  readonly log: EngineLog;
  /** Something threw in a callback: log it and go on, one bad message must not end all calls. */
  readonly onFault: (error: unknown) => void;
}
