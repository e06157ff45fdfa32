/**
 * A SIP server for applications written with `drachtio-srf`: speaks drachtio's control protocol to them and RFC 3261 over UDP and TCP to
 * everybody else. It stands in for drachtio-server where none is installed.
 */
import { AcceptedInvites } from '../../telephony/sip/accepted-invites.js';
import type { TransactionTimers } from '../../telephony/sip/timers.js';
import { TransactionLayer } from '../../telephony/sip/transactions.js';
import { SipTransport } from '../../telephony/sip/transport.js';
import type { Clock } from '../clock.js';
import { ListenError } from '../listen-error.js';
import type { EngineLog } from '../log.js';
import { CallDetails } from './cdr.js';
import type { ServerContext } from './context.js';
import { startControlServer, type ControlServer } from './control-server.js';
import type { ControlSession } from './control-session.js';
import { DialogTable } from './dialogs.js';
import { giveUp, takeAck, takeCancel, takeRequest } from './inbound.js';
import { IncomingRequests } from './incoming-requests.js';
import { LocalEndpoint } from './local-endpoint.js';
import { takeOrder } from './orders.js';
import { OutgoingRequests } from './outgoing-requests.js';
import { ProxiedRequests } from './proxied-requests.js';
import { RegisteredFlows } from './registered-flows.js';
import { ReliableResponses } from './reliable-responses.js';
import { RouteTable } from './routes.js';

/** What applications are told they talk to. `drachtio-srf` compares it: from 0.8.2 on it may send pings. */
const VERSION = 'v0.9.10';

export interface DrachtioOptions {
  /** Address for SIP over UDP and TCP. */
  readonly sipHost: string;
  /** 0 for any free one. */
  readonly sipPort: number;
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
  /** Closes all ports and connections and drops every call without a word. */
  close(): Promise<void>;
}

/**
 * Opens both ports.
 * @throws ListenError when one of them cannot be opened; none is open then
 */
export async function startDrachtio(options: DrachtioOptions): Promise<RunningDrachtio> {
  const transport = await bind(options);
  const context = createContext(options, transport);
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
    close: async () => {
      await control.close();
      await stopSip(context);
    },
  };
}

async function bind({
  sipHost: host,
  sipPort: port,
  advertisedHost,
}: DrachtioOptions): Promise<SipTransport> {
  try {
    return await SipTransport.bind({
      host,
      port,
      ...(advertisedHost === undefined ? {} : { advertisedHost }),
    });
  } catch (error) {
    const protocol = error instanceof Error && 'syscall' in error && error.syscall === 'bind' ? 'udp' : 'tcp';
    throw ListenError.from(error, { purpose: 'sip', protocol, host, port });
  }
}

function createContext(options: DrachtioOptions, transport: SipTransport): ServerContext {
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
    handlers: {
      onRequest: (transaction) => guarded(context, () => takeRequest(context, transaction)),
      onCancel: (invite, cancel, flow, bytes) =>
        guarded(context, () => takeCancel(context, invite, cancel, flow, bytes)),
      onAck: (ack, flow, bytes) => guarded(context, () => takeAck(context, ack, flow, bytes)),
      onFault,
    },
  });
  const context: ServerContext = {
    layer,
    accepted: new AcceptedInvites(timers),
    reliable: new ReliableResponses(timers),
    endpoint: new LocalEndpoint(transport, options.advertisedHost),
    routes,
    incoming: new IncomingRequests((request) => giveUp({ log }, request), options.answerTimeout),
    outgoing: new OutgoingRequests(),
    dialogs: new DialogTable(),
    proxied: new ProxiedRequests(),
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
  context.proxied.close();
  context.incoming.clear();
  context.outgoing.clear();
  context.reliable.close();
  context.accepted.close();
  context.layer.close();
  await context.layer.transport.close();
}
