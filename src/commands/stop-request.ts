/**
 * A terminal, systemd and `kill -- -GROUP` signal the whole process group, and npm passes its own
 * signal on to us, so that one wish arrives twice. A second signal within this time is the same
 * wish.
 */
const SAME_WISH_MS = 2_000;
const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];

/** The wish that the process ends: a signal, or a part of the program that cannot go on. */
export class StopRequest {
  readonly made: Promise<{ reason: string; status: number }>;
  #make: (request: { reason: string; status: number }) => void = () => undefined;
  /** When the first signal came, by the monotonic clock. */
  #signalledAt: number | null = null;

  constructor() {
    this.made = new Promise((resolve) => {
      this.#make = resolve;
    });
  }

  /**
   * Listens to SIGTERM and SIGINT. The first asks for an orderly end. One that comes more than two
   * seconds later ends the process at once, with exit status 1.
   */
  onSignals(): this {
    // The listeners stay: without one, the next signal would end the process by its default action.
    for (const signal of SIGNALS) process.on(signal, () => this.#signalled(signal));
    return this;
  }

  readonly fail = (reason: string): void => this.#make({ reason, status: 1 });

  #signalled(signal: NodeJS.Signals): void {
    const now = performance.now();
    this.#signalledAt ??= now;
    if (now - this.#signalledAt > SAME_WISH_MS) process.exit(1);
    this.#make({ reason: signal, status: 0 });
  }
}
