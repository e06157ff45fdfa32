/**
 * What the engines' thread and its parent tell each other. Plain data only: it is copied between
 * threads.
 */
import type { TlsIdentity } from '../telephony/sip/stream-kind.js';
import type { HeldSip, DrachtioOptions } from './drachtio/server.js';
import type { HeldMedia, FreeswitchOptions } from './freeswitch/server.js';
import type { ListenFailure } from './listen-error.js';
import type { LogFields, LogLevel } from './log.js';

/**
 * Of the options of a server, those that can be copied between threads and that this process sets.
 */
export type SipEngineOptions = Omit<DrachtioOptions, 'log' | 'clock' | 'answerTimeout'>;
export type MediaEngineOptions = Omit<FreeswitchOptions, 'log' | 'clock' | 'maxSessions'>;

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
  /**
   * Bytes of the thread's heap that are in use, after a collection where Node was started with
   * `--expose-gc`.
   */
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
