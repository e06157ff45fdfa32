import type { Channel } from './channel.js';
import type { EventSource } from './events.js';

/** The media server as its event sockets see it. */
export interface Core {
  readonly events: EventSource;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly maxSessions: number;
  /** Where the SIP side listens: `address:port`. */
  readonly sipAddress: string;
  readonly version: string;
  readonly startedAt: Date;
  readonly now: () => Date;
}
