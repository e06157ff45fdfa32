import type { Core } from './core.js';

const INTERVAL_MS = 20_000;

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
  }, INTERVAL_MS);
  return () => clearInterval(timer);
}
