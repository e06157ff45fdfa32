import type { Logger } from 'pino';
import type { Clock } from '../domain/time.js';

/** What the process gives to everything that runs in it. */
export interface Runtime {
  clock: Clock;
  log: Logger;
  /** Called when something has ended by itself without which Dialgate is of no use. */
  onFailure: (reason: string) => void;
}
