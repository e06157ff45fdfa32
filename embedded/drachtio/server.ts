/**
 * A SIP server for applications written with `drachtio-srf`: speaks drachtio's control protocol to
 * them and RFC 3261 over UDP, TCP and TLS to everybody else. It stands in for drachtio-server where
 * none is installed.
 */
import { AcceptedInvites } from '../../telephony/sip/accepted-invites.js';
import type { TransactionTimers } from '../../telephony/sip/timers.js';
import { TransactionLayer } from '../../telephony/sip/transactions.js';
import type { TlsIdentity } from '../../telephony/sip/stream-kind.js';
import { SipTransport } from '../../telephony/sip/transport.js';
import type { Clock } from '../clock.js';
import { ListenError } from '../listen-error.js';
import type { EngineLog } from '../log.js';
import { CallDetails } from './cdr.js';
import type { ServerContext } from './context.js';
import { startControlServer, type ControlServer } from './control-server.js';
import type { ControlSession } from './control-session.js';
import { DialogTable } from './dialogs.js';
import { FloodGuard } from './flood-guard.js';
import { giveUp, takeAck, takeCancel, takeRequest } from './inbound.js';
import { IncomingRequests } from './incoming-requests.js';
import { LocalEndpoint } from './local-endpoint.js';
import { takeOrder } from './orders.js';
import { OutgoingRequests } from './outgoing-requests.js';
import { RegisteredFlows } from './registered-flows.js';
import { ReliableResponses } from './reliable-responses.js';
import { RouteTable } from './routes.js';

/**
 * What applications are told they talk to. `drachtio-srf` compares it: from 0.8.2 on it may send
 * pings.
 */
const VERSION = 'v0.9.10';

export interface DrachtioOptions {
  /** Address for SIP over UDP and TCP. */
  readonly sipHost: string;
  /** 0 for any free one. */
  readonly sipPort: number;
  /** SIP over TLS, on a port of its own (0 for any free one); left out, there is none. */
  readonly tls?: TlsIdentity & { readonly port: number };
  /** Address to name to peers, where it is not the bound one. */
  readonly advertisedHost?: string;
  /** Control port, on loopback; 0 (the default) for any free one. */
  readonly adminPort?: number;
  /** What applications must know to be let in. */
  readonly secret: string;
  readonly log: EngineLog;
  readonly clock: Clock;
  /** SIP timers other than those of RFC 3261, for tests. */
  readonly timers?: Partial<TransactionTimers>;
  /** Milliseconds an application has for its first answer to a request; 64 s by default. */
  readonly answerTimeout?: number;
}

export interface RunningDrachtio {
  /** Where applications connect. */
  readonly adminHost: string;
  readonly adminPort: number;
  readonly sipHost: string;
  readonly sipPort: number;
  /** undefined without TLS. */
  readonly tlsPort: number | undefined;
  /**
   * Shows another certificate from now on; throws when it cannot be used, and keeps the one it has.
   */
  renewTls(identity: TlsIdentity): void;
  /**
   * Numbers that floods do not affect; undefined when they are not known: then none is limited that
   * could be one.
   */
  protect(numbers: readonly string[] | undefined): void;
  /** What is held at the moment; everything is 0 when nothing goes on. */
  held(): HeldSip;
  /** Closes all ports and connections and drops every call without a word. */
  close(): Promise<void>;
}

/**
 * Opens both ports.
 * @throws ListenError when one of them cannot be opened; none is open then
 */
export async function startDrachtio(options: DrachtioOptions): Promise<RunningDrachtio> {
  const guard = new FloodGuard((dropped) =>
    options.log('warn', 'messages of a flood or a scanner are dropped', { dropped }),
  );
  const transport = await bind(options, guard);
  const context = createContext(options, transport, guard);
  let control: ControlServer;
  try {
    control = await startControlServer(options.adminPort ?? 0, {
      secret: options.secret,
      greeting: () => [context.endpoint.describe(), VERSION, context.endpoint.describe()].join('|'),
      onOrder: (session, order) => {
        const done = guarded(context, () => takeOrder(context, session, order));
        if (!done) session.answer(order.id, 'NOK', 'internal server error');
      },
      onClosed: (session) => forget(context, session),
      log: options.log,
    });
  } catch (error) {
    await stopSip(context);
    throw error;
  }
  return {
    adminHost: control.host,
    adminPort: control.port,
    sipHost: transport.host,
    sipPort: transport.port,
    tlsPort: transport.tlsPort,
    renewTls: (identity) => transport.renewTls(identity),
    protect: (numbers) => guard.protect(numbers),
    held: () => heldBy(context),
    close: async () => {
      await control.close();
      await stopSip(context);
    },
  };
}

async function bind(
  { sipHost: host, sipPort: port, tls, advertisedHost }: DrachtioOptions,
  guard: FloodGuard,
): Promise<SipTransport> {
  try {
    return await SipTransport.bind({
      host,
      port,
      admit: (bytes, flow) => guard.admits(bytes, flow),
      ...(tls === undefined ? {} : { tls: { server: tls } }),
      ...(advertisedHost === undefined ? {} : { advertisedHost }),
    });
  } catch (error) {
    const isOf = (name: 'syscall' | 'port', value: unknown): boolean =>
      error instanceof Error && name in error && Reflect.get(error, name) === value;
    if (tls !== undefined && tls.port !== port && isOf('port', tls.port))
      throw ListenError.from(error, { purpose: 'sip-tls', protocol: 'tcp', host, port: tls.port });
    const protocol = isOf('syscall', 'bind') ? 'udp' : 'tcp';
    throw ListenError.from(error, { purpose: 'sip', protocol, host, port });
  }
}

function createContext(options: DrachtioOptions, transport: SipTransport, guard: FloodGuard): ServerContext {
  const { log, clock, timers = {} } = options;
  const onFault = (error: unknown): void => {
    log('error', 'fault', {
      reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  };
  const routes = new RouteTable<ControlSession>();
  const layer = new TransactionLayer({
    transport,
    timers,
    facesStrangers: true,
    ignores: (request) => guard.ignores(request),
    handlers: {
      onRequest: (transaction) => guarded(context, () => takeRequest(context, transaction)),
      onCancel: (invite, cancel, flow, bytes) =>
        guarded(context, () => takeCancel(context, invite, cancel, flow, bytes)),
      onRefused: (request, flow, status) => guard.noteAnswer(flow, request.method, status),
      onAck: (ack, flow, bytes) => guarded(context, () => takeAck(context, ack, flow, bytes)),
      onFault,
    },
  });
  const context: ServerContext = {
    layer,
    accepted: new AcceptedInvites(timers),
    reliable: new ReliableResponses(timers),
    endpoint: new LocalEndpoint(transport, options.advertisedHost),
    guard,
    routes,
    incoming: new IncomingRequests((request) => giveUp({ log, guard }, request), options.answerTimeout),
    outgoing: new OutgoingRequests(),
    dialogs: new DialogTable(),
    flows: new RegisteredFlows(clock),
    details: new CallDetails(routes),
    clock,
    log,
    onFault,
  };
  return context;
}

/** One message that is handled wrongly costs its own call, not everybody's. False when it was. */
function guarded(context: ServerContext, work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    context.onFault(error);
    return false;
  }
}

/** An application connection has ended. */
function forget(context: ServerContext, session: ControlSession): void {
  context.log('info', 'application gone');
  context.routes.removeOwner(session);
  context.dialogs.removeOwnedBy(session);
  context.incoming.orphan(session);
}

async function stopSip(context: ServerContext): Promise<void> {
  context.incoming.clear();
  context.outgoing.clear();
  context.reliable.close();
  context.accepted.close();
  context.layer.close();
  await context.layer.transport.close();
}

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

function heldBy({ layer, incoming, dialogs, guard }: ServerContext): HeldSip {
  const { clients, servers } = layer.held;
  return {
    clientTransactions: clients,
    serverTransactions: servers,
    incomingRequests: incoming.held.requests,
    dialogs: dialogs.size,
    dropped: guard.dropped,
  };
}
