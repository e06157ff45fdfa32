import type { Clock } from './time.js';

/** What a machine tells of the time, in milliseconds. */
export interface TimeSources {
  /** The time of day, since 1970. It steps when it is corrected. */
  wall(): number;
  /** Since some moment. It never steps, and may stand still while the machine is suspended. */
  elapsed(): number;
  /** The same, and it goes on while the machine is suspended. It may be coarse, and slow to ask. */
  uptime(): number;
}

/** Less is the coarseness of the sources. */
const SUSPENDED_MS = 1000;

/** A clock that only goes on, whatever becomes of the time of day, until it is set. */
export class SteadyClock implements Clock {
  #time: number;
  #elapsedThen: number;
  #uptimeThen: number;

  constructor(private readonly sources: TimeSources) {
    this.#time = sources.wall();
    this.#elapsedThen = sources.elapsed();
    this.#uptimeThen = sources.uptime();
  }

  now(): Date {
    return new Date(Math.round(this.#time + this.sources.elapsed() - this.#elapsedThen));
  }

  set(time: Date): void {
    this.#time = time.getTime();
    this.#elapsedThen = this.sources.elapsed();
    this.#uptimeThen = this.sources.uptime();
  }

  /**
   * Adds the time for which the machine was suspended since this was last called, or the clock set.
   */
  catchUp(): void {
    const now = this.now();
    const slept = this.sources.uptime() - this.#uptimeThen - (this.sources.elapsed() - this.#elapsedThen);
    this.set(Math.abs(slept) < SUSPENDED_MS ? now : new Date(now.getTime() + slept));
  }

  /**
   * Milliseconds by which another clock, asked while `work` ran, is ahead of this one, and by how
   * much that may be wrong.
   */
  async compare(work: () => Promise<Date>): Promise<{ aheadMs: number; errorMs: number }> {
    const before = this.now().getTime();
    const there = (await work()).getTime();
    const after = this.now().getTime();
    return { aheadMs: there - (before + after) / 2, errorMs: (after - before) / 2 };
  }
}
