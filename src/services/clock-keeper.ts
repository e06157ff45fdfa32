import type { SteadyClock } from '../domain/steady-clock.js';
import { addSeconds } from '../domain/time.js';
import {
  CLOCK_CHANNEL,
  type ClockMark,
  findClockMark,
  moveStoredTimes,
  readClock,
  saveClockMark,
} from '../store/clock.js';
import { recordEvents } from '../store/events.js';
import { notify } from '../store/notify.js';
import type { Queryable, Unlisten } from '../store/store.js';
import { SYSTEM } from './audit/actors.js';
import type { ServiceContext } from './context.js';

const EVERY_MS = 5_000;

/** Clocks that differ by less are set to each other; by more, one has stepped. */
const STEP_MS = 3_000;

/** A database that answers later than that is asked again rather than believed. */
const MAX_ERROR_MS = 1_000;

/** What is marked more often would be written for nothing. */
const MARK_MS = 10_000;

/** So long it is told that the clock has stepped. */
const TOLD_SECONDS = 86_400;

type KeeperContext = Pick<ServiceContext, 'store' | 'log'> & { clock: SteadyClock };

/**
 * Keeps a process's clock with the database's, which all instances have in common, and moves stored
 * times with that when it steps: so what was to end in twelve seconds ends in twelve, whatever time
 * it is by then (docs/decisions/0012). Between two looks the process's clock goes on steadily, and
 * fits what is stored.
 */
export class ClockKeeper {
  #mark: ClockMark | null = null;
  #isLate = false;
  #looking: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #unlisten: Unlisten | null = null;
  #stopped = false;

  /** @param read what the database's clock shows; a test has one that steps. */
  constructor(
    private readonly context: KeeperContext,
    private readonly read: (db: Queryable) => Promise<Date> = readClock,
  ) {}

  /** Takes the database's time, and moves what is stored if that went back while no process ran. */
  async start(): Promise<void> {
    const { store, clock } = this.context;
    clock.set(await this.read(store.db));
    await this.#begin();
    this.#unlisten = await store.listen(CLOCK_CHANNEL, () => void this.look());
    this.#lookLater();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#looking;
    await this.#unlisten?.();
  }

  /**
   * Looks now, after the look that is under way. Never rejects: what fails is tried again at the
   * next.
   */
  async look(): Promise<void> {
    this.#looking = this.#lookAfter(this.#looking);
    return this.#looking;
  }

  async #lookAfter(other: Promise<void>): Promise<void> {
    await other;
    try {
      await this.#look();
    } catch (error) {
      this.context.log.error(
        { err: error },
        'the clock could not be compared with that of the database; tried again soon',
      );
    }
  }

  /**
   * For the operator: that the clock has stepped, and what has been done about it; null when it has
   * not for a day.
   */
  get report(): string | null {
    if (this.#isLate) return 'The clock has stepped, and stored times could not be moved with it yet.';
    const last = this.#mark?.last ?? null;
    const isToldStill = last !== null && addSeconds(last.at, TOLD_SECONDS) > this.context.clock.now();
    return isToldStill ? noteOf(last) : null;
  }

  #lookLater(): void {
    this.#timer = setTimeout(() => void this.#lookAndGoOn(), EVERY_MS);
  }

  async #lookAndGoOn(): Promise<void> {
    await this.look();
    if (!this.#stopped) this.#lookLater();
  }

  async #begin(): Promise<void> {
    const { clock } = this.context;
    this.#mark = await this.#moving(async (transaction) => {
      const mark = await findClockMark(transaction, 'lock');
      const behindMs = mark === null ? 0 : mark.at.getTime() - clock.now().getTime();
      if (mark !== null && behindMs > STEP_MS) return this.#step(transaction, mark, -behindMs, clock.now());
      const fresh = { at: clock.now(), steps: mark?.steps ?? 0, last: mark?.last ?? null };
      await saveClockMark(transaction, fresh);
      return fresh;
    });
  }

  async #look(): Promise<void> {
    const { store, clock, log } = this.context;
    clock.catchUp();
    const { aheadMs, errorMs } = await clock.compare(() => this.read(store.db));
    if (errorMs > MAX_ERROR_MS) return;
    this.#isLate = Math.abs(aheadMs) >= STEP_MS + errorMs;
    if (this.#isLate) {
      await this.#takeStep(aheadMs);
      this.#isLate = false;
      return;
    }
    // What lies within the error may be right as it is.
    if (Math.abs(aheadMs) > 2 * errorMs) clock.set(new Date(clock.now().getTime() + aheadMs));
    const mark = await findClockMark(store.db, 'read');
    if (mark !== null && mark.steps !== this.#mark?.steps)
      log.info({ ...mark.last }, 'another instance has moved stored times');
    if (mark === null || clock.now().getTime() - mark.at.getTime() >= MARK_MS) await this.#renewMark();
    else this.#mark = mark;
  }

  async #renewMark(): Promise<void> {
    const { store, clock } = this.context;
    this.#mark = await store.transaction(async (transaction) => {
      const mark = await findClockMark(transaction, 'lock');
      const renewed = { at: clock.now(), steps: mark?.steps ?? 0, last: mark?.last ?? null };
      // Not over one that another instance has just made by a clock that stepped in between.
      if (mark !== null && mark.steps !== this.#mark?.steps) return mark;
      await saveClockMark(transaction, renewed);
      return renewed;
    });
  }

  /**
   * The database's clock is not where it was: of several instances the first to find out moves what
   * is stored, and all follow the clock. An instance that was stopped itself finds that others have
   * marked the time meanwhile: nothing has stepped.
   */
  async #takeStep(aheadMs: number): Promise<void> {
    const { clock, log } = this.context;
    const known = this.#mark?.steps ?? 0;
    const stepped = new Date(clock.now().getTime() + aheadMs);
    const outcome = await this.#moving(async (transaction) => {
      const mark = await findClockMark(transaction, 'lock');
      const isKnown = mark !== null && mark.steps !== known;
      const wasStopped = mark !== null && aheadMs > 0 && mark.at.getTime() > clock.now().getTime() + 1000;
      if (isKnown || wasStopped) return { mark, moved: false };
      return { mark: await this.#step(transaction, mark, aheadMs, stepped), moved: true };
    });
    clock.set(new Date(clock.now().getTime() + aheadMs));
    this.#mark = outcome.mark;
    if (outcome.moved) {
      log.warn({ seconds: aheadMs / 1000 }, 'the clock has stepped; stored times have been moved with it');
    }
  }

  /** To move a large database's times takes longer than an answer may. */
  async #moving<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    const { store } = this.context;
    return store.unhurried(() => store.transaction(work));
  }

  async #step(transaction: Queryable, mark: ClockMark | null, ms: number, at: Date): Promise<ClockMark> {
    await moveStoredTimes(transaction, ms);
    const moved = { at, steps: (mark?.steps ?? 0) + 1, last: { ms: Math.round(ms), at } };
    await saveClockMark(transaction, moved);
    const seconds = Math.round(ms / 1000);
    const { name: actor, address } = SYSTEM;
    await recordEvents(transaction, [
      { at, type: 'clock.stepped', tenantId: null, mac: null, actor, address, data: { seconds } },
    ]);
    await notify(transaction, CLOCK_CHANNEL);
    return moved;
  }
}

function noteOf({ ms, at }: NonNullable<ClockMark['last']>): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  return `The clock stepped ${ms < 0 ? 'back' : 'forward'} by ${seconds} s, to ${at.toISOString()}; stored times were moved with it.`;
}
