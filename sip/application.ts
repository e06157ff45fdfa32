import type { Logger } from 'pino';
import type { Prefix } from '../src/domain/prefix.js';
import type { Clock } from '../src/domain/time.js';
import type { DueResync } from '../src/contract/messages.js';
import { Accounts } from './admission/accounts.js';
import { AdmissionWatch } from './admission/admission.js';
import { EmergencyLimits } from './admission/emergency-limits.js';
import { AuthenticationCalls } from './authentication-call.js';
import { Authenticator } from './digest/authenticator.js';
import { signallingSource } from './caller.js';
import { DigestChallenge } from './digest/digest-challenge.js';
import { CoalescedReports } from './emergency/coalesced-reports.js';
import { EmergencyCalls } from './emergency/emergency-call.js';
import { EmergencyMemory } from './emergency/emergency-memory.js';
import { EmergencyReports } from './emergency/emergency-reports.js';
import { EmergencyRouting } from './emergency/emergency-routing.js';
import { FlowMemory } from './registrar/flow-memory.js';
import { HeartbeatSender } from './heartbeat.js';
import { InternalClient } from './internal-client.js';
import { Invites } from './invite.js';
import { type OwnPrompts, Prompts } from './ivr/prompts.js';
import { EventSocketListener } from './media/event-socket-listener.js';
import { MediaPool } from './media/media-pool.js';
import { MediaServer, type EngineAddress } from './media/media-server.js';
import { Nonces } from './digest/nonces.js';
import { OTHER_METHODS } from './other-methods.js';
import { Registrar } from './registrar/register.js';
import { ResyncSender } from './resync-sender.js';
import { SipFronts } from './sip-fronts.js';
import { SipServer, type HeldAtServer } from './sip-server.js';

export interface SipApplicationOptions {
  /** The SIP servers, one at least; phones may be registered through any of them. */
  drachtio: readonly EngineAddress[];
  /** The media servers, one at least; every SIP server uses all of them. */
  freeswitch: readonly EngineAddress[];
  /**
   * Where the media servers reach us: an address of ours, and a port (any free one when left out).
   */
  mediaListenAddress: string;
  mediaListenPort?: number;
  /** Where the media servers find the prompts. */
  promptsDir: string;
  /** The operator's own recordings, which go before ours. */
  ownPrompts?: OwnPrompts;
  internal: { url: string; token: string };
  /**
   * Our own SIP proxies in front of the SIP servers: they say from where a request came. By default
   * there are none.
   */
  trustedProxies?: readonly Prefix[];
  /** The realm of our challenges: that of the accounts. */
  realm: string;
  /**
   * The installation's own route and numbers decide on emergencies of unknown callers when the
   * internal app does not answer. `callerNumber` is theirs towards the targets. `unknownCallers` is
   * how many calls they have at a time, from one source and in all.
   */
  emergency: {
    route: readonly string[];
    numbers: readonly string[];
    callerNumber: string | null;
    unknownCallers: { perSource: number; inAll: number };
  };
  /**
   * Is told which numbers no flood may affect, whenever that changes; undefined when it is not
   * certain.
   */
  onEmergencyNumbers?: (numbers: readonly string[] | undefined) => void;
  log: Logger;
  clock: Clock;
  /** Which instance this is, in heartbeats. */
  id: string;
}

export interface SipApplication {
  /** Whether at least one SIP server, and at least one media server through it, can be used. */
  ready(): { sipServer: boolean; mediaServer: boolean };
  /** Whether the internal app, and so every `/readyz`, has heard that both can be used. */
  isAnnounced(): boolean;
  /** What is held at the moment, at all servers together; everything is 0 when nothing goes on. */
  held(): HeldAtServer & { calls: number; endpoints: number; waiting: number };
  /** Takes no new calls, lets those in hand end within 10 s, and disconnects. */
  stop(): Promise<void>;
}

const DRAIN_MS = 10_000;
/**
 * The internal app ends after us. When it does not answer, it does not do so in a little more time
 * either.
 */
const REPORT_MS = 2000;

/**
 * Starts the SIP application. The engines need not be there yet: it connects when they come, and
 * again when they have gone. Rejects only when it cannot listen at `mediaListenAddress` and
 * `mediaListenPort`.
 */
export async function startSipApplication(options: SipApplicationOptions): Promise<SipApplication> {
  const { log, clock, realm } = options;
  const listener = await EventSocketListener.open(
    { host: options.mediaListenAddress, port: options.mediaListenPort ?? 0 },
    options.freeswitch.map(({ host }) => host),
    log,
  );
  const internal = new InternalClient(options.internal.url, options.internal.token);
  // All instances share the token, so that a nonce of one is good at the others.
  const nonces = new Nonces(options.internal.token, clock);
  const authenticator = new Authenticator(new DigestChallenge(realm, nonces));
  const prompts = new Prompts(options.promptsDir, options.ownPrompts);
  // Each SIP server uses all media servers.
  const places = (): number | null =>
    sides.map(({ media }) => media.places).find((known) => known !== null) ?? null;
  const authenticationCalls = new AuthenticationCalls(internal, prompts, log, places);
  const reports = new EmergencyReports(internal, log);
  const coalesced = new CoalescedReports(reports);
  const { callerNumber, unknownCallers } = options.emergency;
  const emergencyCalls = new EmergencyCalls({ reports, coalesced, domain: realm, callerNumber, clock, log });
  const emergencyMemory = new EmergencyMemory({ ...options.emergency, callerIdentity: null });
  const admission = new AdmissionWatch(internal, (numbers) => options.onEmergencyNumbers?.(numbers), log);
  const accounts = new Accounts(internal, admission);
  const invites = new Invites({
    accounts,
    admission,
    authenticator,
    emergencyCalls,
    emergencyLimits: new EmergencyLimits(unknownCallers),
    authenticationCalls,
    routing: new EmergencyRouting(internal, emergencyMemory, log),
  });

  const heartbeat = new HeartbeatSender(internal, () => ({ id: options.id, ...ready() }), log);
  const onChange = (): void => heartbeat.beat();
  const flows = new FlowMemory();
  const fronts = new SipFronts(options.trustedProxies ?? []);
  const sides = options.drachtio.map((address) => {
    const server = new SipServer(address, onChange, log, fronts);
    const media = new MediaPool(
      options.freeswitch.map((engine) => new MediaServer(server.createUAC, engine, listener, onChange, log)),
    );
    const remember = flows.remember.bind(flows, server);
    const registrar = new Registrar(
      { accounts, authenticator, internal, log },
      (request, user, { emergency }) => {
        const source = signallingSource(request);
        remember(source);
        emergencyMemory.remember(user, emergency, source.address);
      },
    );
    server.handle('REGISTER', (request, response) => registrar.handle(request, response));
    server.handle('INVITE', (request, response) => invites.handle(request, response, server, media));
    for (const [method, handler] of Object.entries(OTHER_METHODS)) server.handle(method, handler);
    return { server, media };
  });
  const ready = (): ReturnType<SipApplication['ready']> => ({
    sipServer: sides.some(({ server }) => server.ready),
    mediaServer: sides.some(({ server, media }) => server.ready && media.ready),
  });
  const serverFor = ({ source }: Pick<DueResync, 'source'>): SipServer | null => {
    const known = source && flows.find(source);
    return known?.ready === true ? known : (sides.find(({ server }) => server.ready)?.server ?? null);
  };
  const resyncSender = new ResyncSender(internal, serverFor, fronts, realm, log);

  for (const { server } of sides) server.connect();
  heartbeat.start();
  admission.start();
  resyncSender.start();
  const stop = async (): Promise<void> => {
    await Promise.all([
      authenticationCalls.close(DRAIN_MS),
      emergencyCalls.settle(DRAIN_MS),
      resyncSender.stop(),
      admission.stop(),
    ]);
    coalesced.flush();
    await reports.close(REPORT_MS);
    heartbeat.stop();
    await Promise.all(sides.map(({ media }) => media.stop()));
    await listener.close();
    await Promise.all(sides.map(({ server }) => server.disconnect()));
  };
  let stopping: Promise<void> | null = null;
  const held = (): ReturnType<SipApplication['held']> => {
    const sum = {
      calls: authenticationCalls.size,
      dialogs: 0,
      pending: 0,
      listeners: 0,
      endpoints: 0,
      waiting: 0,
    };
    for (const { server, media } of sides) {
      const { dialogs, pending, listeners } = server.held();
      sum.dialogs += dialogs;
      sum.pending += pending;
      sum.listeners += listeners;
      sum.endpoints += media.endpoints;
      sum.waiting += media.waiting;
    }
    return sum;
  };
  const isAnnounced = (): boolean => heartbeat.heard?.sipServer === true && heartbeat.heard.mediaServer;
  return { ready, isAnnounced, held, stop: () => (stopping ??= stop()) };
}
