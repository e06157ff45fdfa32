import { FRAME_MS } from './format.js';
import { Pacer, type SteadyClock, type Tick } from './pacer.js';

/** So many groups of streams: a few hundred streams then send some dozens of packets at a time. */
const GROUPS = 5;

/**
 * A pacer for many streams. Their ticks lie evenly spread over the 20 ms, so that packets leave in
 * small groups instead of one burst, and what comes in meanwhile does not have to wait for the
 * whole of it.
 */
export class Pacers {
  readonly #pacers: readonly Pacer[];

  constructor(clock?: SteadyClock) {
    this.#pacers = Array.from(
      { length: GROUPS },
      (_, group) => new Pacer(clock, (group * FRAME_MS) / GROUPS),
    );
  }

  get listeners(): number {
    return this.#pacers.reduce((sum, { listeners }) => sum + listeners, 0);
  }

  /** Calls `tick` every 20 ms until the returned function is called. A tick must not throw. */
  add(tick: Tick): () => void {
    const emptiest = this.#pacers.reduce((few, pacer) => (pacer.listeners < few.listeners ? pacer : few));
    return emptiest.add(tick);
  }
}
