import { uptime } from 'node:os';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import { SteadyClock } from '../domain/steady-clock.js';
import type { Clock } from '../domain/time.js';
import { ClockKeeper } from '../services/clock-keeper.js';
import type { Shutdown } from './runtime.js';
import type { Store } from '../store/store.js';

const elapsed = (): number => performance.now();

/**
 * The clock of a process: the time of day for one that has no database to keep to, or else one that
 * `keepClock` keeps.
 */
export function processClock({ roles }: Pick<Config, 'roles'>): Clock {
  return roles.every((role) => role === 'sip') ? { now: () => new Date() } : systemClock();
}

/**
 * Where `os.uptime` may itself be derived from the time of day, a suspended machine cannot be told
 * from a step.
 */
function systemClock(): SteadyClock {
  return new SteadyClock({
    wall: () => Date.now(),
    elapsed,
    uptime: process.platform === 'linux' ? () => uptime() * 1000 : elapsed,
  });
}

/**
 * Keeps a steady clock with the database's until the shutdown; null for a test's clock, which is
 * turned by hand.
 */
export async function keepClock(
  store: Store,
  clock: Clock,
  log: Logger,
  shutdown: Shutdown,
): Promise<ClockKeeper | null> {
  if (!(clock instanceof SteadyClock)) return null;
  const keeper = new ClockKeeper({ store, log, clock });
  await keeper.start();
  shutdown.add('clock', () => keeper.stop());
  return keeper;
}
