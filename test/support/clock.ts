import type { Clock } from '../../src/domain/time.js';

/** A clock that stands still until it is turned. */
export class TestClock implements Clock {
  #now: Date;

  constructor(start = new Date('2026-03-02T09:00:00.000Z')) {
    this.#now = start;
  }

  now(): Date {
    return this.#now;
  }

  set(moment: Date): void {
    this.#now = moment;
  }

  advance(seconds: number): void {
    this.#now = new Date(this.#now.getTime() + seconds * 1000);
  }
}
