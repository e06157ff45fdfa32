/**
 * Whether a caller's turn has come. `full`: too many wait before it. `left`: the caller has hung up
 * meanwhile.
 */
export type Turn = { kind: 'turn'; end: () => void } | { kind: 'full' } | { kind: 'left' };

/**
 * Calls that wait for a media server, in the order in which they came. What many calls at once make
 * slow is their set-up; one after the other, a few at a time, each is quick, and none is given up
 * because of the others. How long one waits here is nothing that a clock ends: the phone hears that
 * we are at it (100 Trying), and its user may hang up.
 */
export class SetUpQueue {
  readonly #waiting = new Set<() => void>();
  #inHand = 0;

  /**
   * @param atOnce how many are set up at a time
   * @param most how many may wait; those that come then are refused
   */
  constructor(
    private readonly atOnce: number,
    private readonly most: number,
  ) {}

  /** Calls that wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Waits for a turn, which must be ended. */
  async enter(leaving: AbortSignal): Promise<Turn> {
    if (leaving.aborted) return { kind: 'left' };
    if (this.#inHand < this.atOnce && this.#waiting.size === 0) return this.#begin();
    if (this.#waiting.size >= this.most) return { kind: 'full' };
    return new Promise((resolve) => {
      const go = (): void => {
        leaving.removeEventListener('abort', leave);
        resolve(this.#begin());
      };
      const leave = (): void => {
        this.#waiting.delete(go);
        resolve({ kind: 'left' });
      };
      leaving.addEventListener('abort', leave, { once: true });
      this.#waiting.add(go);
    });
  }

  #begin(): Turn {
    this.#inHand += 1;
    let hasEnded = false;
    return {
      kind: 'turn',
      end: () => {
        if (hasEnded) return;
        hasEnded = true;
        this.#inHand -= 1;
        for (const go of this.#waiting) {
          if (this.#inHand >= this.atOnce) return;
          this.#waiting.delete(go);
          go();
        }
      },
    };
  }
}
