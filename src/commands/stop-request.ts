/** Somebody's wish that the process ends: a signal, or a part of it that cannot go on. */
export class StopRequest {
  readonly made: Promise<{ reason: string; status: number }>;
  #make: (request: { reason: string; status: number }) => void = () => undefined;

  constructor() {
    this.made = new Promise((resolve) => {
      this.#make = resolve;
    });
  }

  /** Listens to SIGTERM and SIGINT. The first asks for an orderly end; a second one ends the process at once: somebody is in a hurry. */
  onSignals(): this {
    const signals: NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];
    for (const signal of signals) {
      process.once(signal, () => {
        this.#make({ reason: signal, status: 0 });
        for (const next of signals) process.once(next, () => process.exit(1));
      });
    }
    return this;
  }

  readonly fail = (reason: string): void => this.#make({ reason, status: 1 });
}
