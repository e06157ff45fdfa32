/** Gives places back; once, however often it is called. */
export type Leave = () => void;

/**
 * Counts what is taken at a time, under keys of any kind, and keeps nothing for a key that has
 * none.
 */
export class PlaceCounts {
  readonly #taken = new Map<string, number>();

  /**
   * Takes a place under each key, and answers what gives them back; null, and takes none, when
   * there is one that has `most` already.
   */
  enter(places: readonly { key: string; most: number }[]): Leave | null {
    if (places.some(({ key, most }) => this.taken(key) >= most)) return null;
    for (const { key } of places) this.#taken.set(key, this.taken(key) + 1);
    let isLeft = false;
    return () => {
      if (isLeft) return;
      isLeft = true;
      for (const { key } of places) this.#leave(key);
    };
  }

  taken(key: string): number {
    return this.#taken.get(key) ?? 0;
  }

  /** Keys that have one. */
  get size(): number {
    return this.#taken.size;
  }

  #leave(key: string): void {
    const left = this.taken(key) - 1;
    if (left > 0) this.#taken.set(key, left);
    else this.#taken.delete(key);
  }
}
