import type { Logger } from 'pino';
import type { Clock } from '../domain/time.js';

/** Requests in hand get so long when Dialgate ends. */
export const GRACE_MS = 3_000;

/** What the process gives to everything that runs in it. */
export interface Runtime {
  clock: Clock;
  log: Logger;
  /** Called when something has ended by itself without which Dialgate is of no use. */
  onFailure: (reason: string) => void;
}

/**
 * What has been started, to be ended the other way round. A step that fails is logged and does not
 * keep the others.
 */
export class Shutdown {
  readonly #steps: { what: string; end: () => Promise<unknown> }[] = [];
  #running: Promise<void> | null = null;

  constructor(private readonly log: Logger) {}

  add(what: string, end: () => Promise<unknown>): void {
    this.#steps.push({ what, end });
  }

  /** Ends everything; a second call waits for the first. */
  run(): Promise<void> {
    this.#running ??= this.#run();
    return this.#running;
  }

  async #run(): Promise<void> {
    for (const { what, end } of this.#steps.toReversed()) {
      const began = performance.now();
      try {
        await end();
        this.log.debug({ what, milliseconds: Math.round(performance.now() - began) }, 'ended');
      } catch (error) {
        this.log.error({ err: error, what }, 'did not end in order');
      }
    }
  }
}
