/**
 * What the engines' thread and its parent tell each other. Plain data only: it is copied between threads.
 */
import type { TransactionTimers } from '../telephony/sip/timers.js';
import type { ListenFailure } from './listen-error.js';
import type { LogFields, LogLevel } from './log.js';

export interface SipEngineOptions {
  /** Address for SIP over UDP and TCP. */
  readonly sipHost: string;
  /** 0 for any free one. */
  readonly sipPort: number;
  /** Address to name to phones, where it is not the bound one. */
  readonly advertisedHost?: string;
  /** Control port, always on loopback; 0 (the default) for any free one. */
  readonly adminPort?: number;
  readonly secret: string;
  /** SIP timers other than those of RFC 3261, for tests. */
  readonly timers?: Partial<TransactionTimers>;
}

export interface MediaEngineOptions {
  /** Address for SIP and the event socket, and for RTP unless `rtpHost` says otherwise. */
  readonly host: string;
  /** Event socket; 0 for any free port. */
  readonly eslPort: number;
  readonly secret: string;
  readonly rtpPorts: { readonly from: number; readonly to: number };
  /** Address on which phones' audio is received. */
  readonly rtpHost?: string;
  /** Address to name to phones for it, where it is not the bound one. */
  readonly rtpAdvertisedAddress?: string;
  /** 0 for any free one. */
  readonly sipPort: number;
}

/** What the thread is started with. */
export interface ThreadOptions {
  readonly drachtio: SipEngineOptions | undefined;
  readonly freeswitch: MediaEngineOptions | undefined;
  readonly logLevel: LogLevel;
}

/** Ports as they were opened. */
export interface StartedPorts {
  readonly drachtio:
    { readonly adminHost: string; readonly adminPort: number; readonly sipPort: number } | undefined;
  readonly freeswitch: { readonly eslPort: number; readonly sipPort: number } | undefined;
}

export type ThreadMessage =
  | { readonly kind: 'started'; readonly ports: StartedPorts }
  | { readonly kind: 'port-taken'; readonly failure: ListenFailure }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly text: string; readonly fields: LogFields };

export type ParentMessage = { readonly kind: 'stop' };
