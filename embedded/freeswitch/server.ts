import { setTimeout as delay } from 'node:timers/promises';
import { Pacers } from '../../telephony/media/pacers.js';
import { RtpPortPool } from '../../telephony/media/rtp-port-pool.js';
import { SipTransport } from '../../telephony/sip/transport.js';
import { UserAgent } from '../../telephony/sip/user-agent.js';
import type { Clock } from '../clock.js';
import { ListenError } from '../listen-error.js';
import type { EngineLog } from '../log.js';
import type { Channel } from './channel.js';
import { ClipCache } from './clip-cache.js';
import { startHeartbeat, type Core } from './core.js';
import { EventSource } from './events.js';
import { InboundListener } from './inbound-listener.js';
import { Reception } from './reception.js';

export interface FreeswitchOptions {
  /**
   * Address of the event socket. A client that reaches it and knows `secret` can play any file that
   * this process may read.
   */
  readonly host: string;
  /** Event socket, TCP. 0 is any. */
  readonly eslPort: number;
  /** Address of SIP. Default: `host`. */
  readonly sipHost?: string;
  /** SIP, UDP and TCP. 0 is any. */
  readonly sipPort: number;
  /** What clients say to authenticate. */
  readonly secret: string;
  /** Both included; RTP takes the even ones, one for each call. */
  readonly rtpPorts: { readonly from: number; readonly to: number };
  /** Address on which RTP is received. Default: `host`. */
  readonly rtpHost?: string;
  /**
   * What callers are told to send RTP to, where that differs (NAT, or `rtpHost` is a wildcard).
   * Default: `rtpHost`.
   */
  readonly rtpAdvertisedAddress?: string;
  /** Calls at once, each of which takes an RTP port; the next ones get 503. Default 500. */
  readonly maxSessions?: number;
  /** A call without a packet from the caller for so long is ended. Default 30 s. */
  readonly mediaTimeoutMs?: number;
  readonly clock: Clock;
  readonly log: EngineLog;
}

export interface Freeswitch {
  readonly eslPort: number;
  readonly sipPort: number;
  /** What is held at the moment; everything is 0 when there is no call. */
  held(): HeldMedia;
  /** Ends all calls with BYE, and everything else. */
  close(): Promise<void>;
}

const VERSION = '1.10.12-embedded';
const DEFAULT_SESSIONS = 500;
const DEFAULT_MEDIA_TIMEOUT_MS = 30_000;
/** How long the BYEs of a shutdown may take. */
const PARTING_MS = 1000;

/**
 * Starts a media server that applications cannot tell from FreeSWITCH as drachtio-fsmrf uses it:
 * event socket, SIP for the INVITEs of such clients, RTP. Rejects with a {@link ListenError} when a
 * port cannot be opened.
 */
export async function startFreeswitch(options: FreeswitchOptions): Promise<Freeswitch> {
  const { host, eslPort, sipPort, secret, rtpPorts, log } = options;
  const sipHost = options.sipHost ?? host;
  const rtpHost = options.rtpHost ?? host;
  const now = (): Date => options.clock.now();
  const transport = await SipTransport.bind({ host: sipHost, port: sipPort }).catch((error: unknown) => {
    throw ListenError.from(error, { purpose: 'media-sip', protocol: 'udp', host: sipHost, port: sipPort });
  });
  const channels = new Map<string, Channel>();
  const ports = new RtpPortPool(rtpHost, rtpPorts.from, rtpPorts.to);
  const core: Core = {
    events: new EventSource({ address: host, version: VERSION, now }),
    channels,
    maxSessions: Math.min(options.maxSessions ?? DEFAULT_SESSIONS, ports.size),
    sipAddress: `${sipHost.includes(':') ? `[${sipHost}]` : sipHost}:${transport.port}`,
    version: VERSION,
    startedAt: now(),
    now,
  };
  const pacer = new Pacers();
  const reception = new Reception({
    core,
    channels,
    clips: new ClipCache(log),
    pacer,
    ports,
    mediaAddress: options.rtpAdvertisedAddress ?? rtpHost,
    mediaTimeoutMs: options.mediaTimeoutMs ?? DEFAULT_MEDIA_TIMEOUT_MS,
    log,
  });
  const agent = new UserAgent({
    transport,
    product: 'FreeSWITCH',
    contactUser: 'mod_sofia',
    onInvite: (invite) => void reception.receive(invite),
    onFault: (error) => log('error', 'SIP handler failed', { reason: String(error) }),
  });
  const listener = await InboundListener.listen(core, host, eslPort, secret, log).catch(
    async (error: unknown) => {
      agent.close();
      await transport.close();
      throw error;
    },
  );
  const stopHeartbeat = startHeartbeat(core);
  return {
    eslPort: listener.port,
    sipPort: transport.port,
    held: () => {
      const { clients, servers } = agent.transactions.held;
      return {
        channels: channels.size,
        rtpPorts: ports.used,
        sessions: agent.sessions.length,
        transactions: clients + servers,
        paced: pacer.listeners,
      };
    },
    async close() {
      stopHeartbeat();
      const parting = agent.sessions.map(({ ended }) => ended);
      reception.close();
      await Promise.race([Promise.all(parting), delay(PARTING_MS)]);
      agent.close();
      await Promise.all([listener.close(), transport.close()]);
    },
  };
}

/**
 * What the media server holds at a moment: tests and the bench look for leaks by it.
 */
export interface HeldMedia {
  readonly channels: number;
  readonly rtpPorts: number;
  /** SIP dialogs with clients. */
  readonly sessions: number;
  readonly transactions: number;
  /** Calls that are sent a packet every 20 ms. */
  readonly paced: number;
}
