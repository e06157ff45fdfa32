/** Wakes one waiter; keeps a ring that comes before the wait. */
export class WakeSignal {
  #rang = false;
  #wake: (() => void) | null = null;

  raise(): void {
    this.#rang = true;
    this.#wake?.();
  }

  /** Until it rings, but no longer than this. */
  async wait(milliseconds: number): Promise<void> {
    if (!this.#rang) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#wake = null;
    this.#rang = false;
  }
}
