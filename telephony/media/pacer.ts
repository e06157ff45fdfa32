import { FRAME_MS } from './format.js';

/**
 * Called once per interval. `skipped` is how many intervals before this one were given up because
 * the process stood still: time that has passed on the clock of a stream without a packet.
 */
export type Tick = (skipped: number) => void;

/** A millisecond clock that never jumps. */
export type SteadyClock = () => number;

const monotonic: SteadyClock = () => performance.now();

/**
 * When behind, ticks come this close together: a far end with a small jitter buffer takes it, and
 * 100 ms are made good in 600.
 */
const CATCH_UP_MS = FRAME_MS * 0.85;
/** What is further behind is given up: it would only make the conversation late. */
const MAX_LAG_MS = 200;

/**
 * One steady 20 ms clock for any number of streams.
 *
 * Deadlines lie on a grid, so that lateness of one timer does not add up. After a stall it neither
 * bursts nor stays late: ticks follow a little closer until the grid is reached again. It runs only
 * while it has listeners.
 */
export class Pacer {
  readonly #ticks = new Set<Tick>();
  readonly #clock: SteadyClock;
  #timer: NodeJS.Timeout | undefined;
  /** Where on the grid the next tick belongs. */
  #deadline = 0;

  /**
   * @param phase where on the clock's own 20 ms its ticks lie, in milliseconds; without it they
   *   begin 20 ms after the first listener
   */
  constructor(
    clock: SteadyClock = monotonic,
    private readonly phase: number | null = null,
  ) {
    this.#clock = clock;
  }

  get listeners(): number {
    return this.#ticks.size;
  }

  /** Calls `tick` every 20 ms until the returned function is called. A tick must not throw. */
  add(tick: Tick): () => void {
    this.#ticks.add(tick);
    if (this.#timer === undefined) {
      const now = this.#clock();
      const early = this.phase === null ? 0 : (((now - this.phase) % FRAME_MS) + FRAME_MS) % FRAME_MS;
      this.#deadline = now + FRAME_MS - early;
      this.#arm(this.#deadline);
    }
    return () => {
      this.#ticks.delete(tick);
      if (this.#ticks.size > 0) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  #arm(due: number): void {
    // Timers have whole milliseconds and fire late rather than early: rounding down halves the
    // error.
    this.#timer = setTimeout(this.#run, Math.max(1, Math.floor(due - this.#clock())));
  }

  readonly #run = (): void => {
    const started = this.#clock();
    const lag = started - this.#deadline;
    const skipped = lag > MAX_LAG_MS ? Math.floor(lag / FRAME_MS) : 0;
    this.#deadline += (skipped + 1) * FRAME_MS;
    this.#arm(Math.max(this.#deadline, started + CATCH_UP_MS));
    for (const tick of this.#ticks) tick(skipped);
  };
}
