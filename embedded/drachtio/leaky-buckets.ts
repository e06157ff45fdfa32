import { LRUCache } from 'lru-cache';

/** What a bucket holds, and how much of it runs out in a second. */
export interface BucketSize {
  readonly most: number;
  readonly perSecond: number;
}

/** Buckets that are remembered; the one that was filled longest ago is forgotten first. */
const MAX_REMEMBERED = 20_000;

interface Bucket {
  readonly amount: number;
  readonly at: number;
}

/** A leaky bucket for each key. Times are milliseconds on a clock that never goes back. */
export class LeakyBuckets {
  readonly #buckets = new LRUCache<string, Bucket>({ max: MAX_REMEMBERED });
  readonly #size: BucketSize;

  constructor(size: BucketSize) {
    this.#size = size;
  }

  isFull(key: string, now: number): boolean {
    return this.#left(key, now) >= this.#size.most;
  }

  /**
   * Adds to a bucket, or takes out of it. No more than runs out in a second is held beyond what is
   * full: what comes in one burst, before the first of it is counted, keeps a source out for a
   * second.
   */
  add(key: string, amount: number, now: number): void {
    const { most, perSecond } = this.#size;
    const total = Math.min(most + perSecond, Math.max(0, this.#left(key, now) + amount));
    if (total === 0) this.#buckets.delete(key);
    else this.#buckets.set(key, { amount: total, at: now });
  }

  #left(key: string, now: number): number {
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return 0;
    return Math.max(0, bucket.amount - ((now - bucket.at) / 1000) * this.#size.perSecond);
  }
}
