/**
 * The timer by which a phone fetches without being told: as often as its configuration says, so
 * many times faster than the clock on the wall.
 */
export class RefreshTimer {
  #timer: NodeJS.Timeout | null = null;
  #isStopped = false;

  /** `pace` 1 is a real phone's; null never fetches. */
  constructor(
    private readonly pace: number | null,
    private readonly fetch: () => void,
  ) {}

  /**
   * Counts anew from a fetch that has just been made, whatever came of it. `seconds` null: the
   * configuration wants no such timer.
   */
  restart(seconds: number | null): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#isStopped || this.pace === null || seconds === null) return;
    this.#timer = setTimeout(this.fetch, (seconds * 1000) / this.pace);
  }

  /** For good. */
  stop(): void {
    this.#isStopped = true;
    this.restart(null);
  }
}
