import type { Channel } from './channel.js';
import type { EventSource } from './events.js';

const HEARTBEAT_INTERVAL_MS = 20_000;

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

/** Tells subscribers every 20 s how the server fares; returns what stops it. */
export function startHeartbeat(core: Core): () => void {
  let cpu = process.cpuUsage();
  let at = performance.now();
  const timer = setInterval(() => {
    const used = process.cpuUsage(cpu);
    const elapsedMs = performance.now() - at;
    cpu = process.cpuUsage();
    at = performance.now();
    const idle = Math.max(0, 100 - (used.user + used.system) / 10 / elapsedMs);
    core.events.fire('HEARTBEAT', () => ({
      'Event-Info': 'System Ready',
      'Session-Count': `${core.channels.size}`,
      'Max-Sessions': `${core.maxSessions}`,
      'Session-Per-Sec': '30',
      'Idle-CPU': idle.toFixed(6),
    }));
  }, HEARTBEAT_INTERVAL_MS);
  return () => clearInterval(timer);
}
