/** What one turn of the event loop counts at the most, and how long nothing is looked at. */
const MOST_PER_TURN_MS = 100;

interface Limit {
  readonly until: number;
  readonly onOver: () => void;
}

const limits = new Set<Limit>();
/** Awaited time at the last turn, and when that was. */
let counted = 0;
let lastTurnAt = 0;
let timer: NodeJS.Timeout | undefined;
/** When the timer rings, in awaited time. */
let next = Infinity;

/**
 * Calls back after so much time in which something was waited for: like setTimeout, but time in which this process stood still, or was not given the
 * processor, does not count. What came meanwhile has not been read yet, and its sender was not late. So a limit says that the *other* side is
 * silent; the slowness of a busy machine only makes it longer.
 *
 * @returns what ends it
 */
export function afterWaiting(milliseconds: number, onOver: () => void): () => void {
  if (limits.size === 0) lastTurnAt = performance.now();
  const limit: Limit = { until: awaitedNow() + milliseconds, onOver };
  limits.add(limit);
  if (limit.until < next) arm(limit.until);
  return () => {
    limits.delete(limit);
    if (limits.size === 0) disarm();
  };
}

/** A clock for the differences of its own values: it goes only while something is waited for, and at most 100 ms in one turn of the event loop. */
export function awaitedNow(): number {
  return limits.size === 0 ? counted : counted + Math.min(performance.now() - lastTurnAt, MOST_PER_TURN_MS);
}

function turn(): void {
  counted = awaitedNow();
  lastTurnAt = performance.now();
  next = Infinity;
  let soonest = counted + MOST_PER_TURN_MS;
  for (const limit of limits) {
    if (limit.until <= counted) {
      limits.delete(limit);
      limit.onOver();
    } else soonest = Math.min(soonest, limit.until);
  }
  if (limits.size > 0 && soonest < next) arm(soonest);
}

function arm(at: number): void {
  clearTimeout(timer);
  next = at;
  const milliseconds = Math.min(at - awaitedNow(), MOST_PER_TURN_MS);
  timer = setTimeout(turn, Math.max(1, Math.ceil(milliseconds)));
}

function disarm(): void {
  clearTimeout(timer);
  next = Infinity;
}
