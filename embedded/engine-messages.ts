/**
 * What the engines' thread and its parent tell each other. Plain data only: it is copied between threads.
 */
import type { TlsIdentity } from '../telephony/sip/stream-kind.js';
import type { HeldSip } from './drachtio/held.js';
import type { HeldMedia } from './freeswitch/held.js';
import type { TransactionTimers } from '../telephony/sip/timers.js';
import type { ListenFailure } from './listen-error.js';
import type { LogFields, LogLevel } from './log.js';

export interface SipEngineOptions {
  /** Address for SIP over UDP and TCP. */
  readonly sipHost: string;
  /** 0 for any free one. */
  readonly sipPort: number;
  /** SIP over TLS; left out, there is none. */
  readonly tls?: TlsIdentity & { readonly port: number };
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
  /** A call without a packet from the caller for so long is ended. Milliseconds, default 30 s. */
  readonly mediaTimeoutMs?: number;
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
    | {
        readonly adminHost: string;
        readonly adminPort: number;
        readonly sipPort: number;
        readonly tlsPort: number | undefined;
      }
    | undefined;
  readonly freeswitch: { readonly eslPort: number; readonly sipPort: number } | undefined;
}

/** What the engines hold at a moment: what must be 0 again after the last call. */
export interface HeldByEngines {
  readonly sip: HeldSip | undefined;
  readonly media: HeldMedia | undefined;
  /** Bytes of the thread's heap that are in use, after a collection where Node was started with `--expose-gc`. */
  readonly heapBytes: number;
}

export type ThreadMessage =
  | { readonly kind: 'started'; readonly ports: StartedPorts }
  | { readonly kind: 'port-taken'; readonly failure: ListenFailure }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'held'; readonly held: HeldByEngines }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly text: string; readonly fields: LogFields };

export type ParentMessage =
  | { readonly kind: 'stop' }
  | { readonly kind: 'protect'; readonly numbers: readonly string[] | undefined }
  | { readonly kind: 'tell-held' }
  | { readonly kind: 'renew-tls'; readonly identity: TlsIdentity };
