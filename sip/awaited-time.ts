/** What one turn of the event loop counts at the most, and so the longest time between two. */
const MOST_PER_TURN_MS = 100;

interface Limit {
  readonly until: number;
  readonly onOver: () => void;
}

const limits = new Set<Limit>();
/** Awaited time when the timer was set, when that was, and for how long it was set. */
let counted = 0;
let setAt = 0;
let setFor = 0;
let timer: NodeJS.Timeout | undefined;

/**
 * Calls back after so much time in which something was waited for: like setTimeout, but time in
 * which this process stood still, or was not given the processor, does not count. What came
 * meanwhile has not been read yet, and its sender was not late. So a limit says that the *other*
 * side is silent; the slowness of a busy machine only makes it longer.
 *
 * @returns what ends it
 */
export function afterWaiting(milliseconds: number, onOver: () => void): () => void {
  const limit: Limit = { until: awaitedNow() + milliseconds, onOver };
  limits.add(limit);
  if (timer === undefined || limit.until < counted + setFor) wait(limit.until);
  return () => {
    limits.delete(limit);
    if (limits.size === 0) rest();
  };
}

/**
 * A clock for the differences of its own values: it goes only while something is waited for, and at
 * most 100 ms in one turn of the event loop.
 */
export function awaitedNow(): number {
  return timer === undefined ? counted : counted + Math.min(performance.now() - setAt, setFor);
}

/** The timer has rung: what it was set for has passed, and nothing of what it came too late. */
function turn(): void {
  counted += setFor;
  timer = undefined;
  for (const limit of limits) {
    if (limit.until > counted) continue;
    limits.delete(limit);
    limit.onOver();
  }
  if (limits.size === 0) return;
  wait([...limits].reduce((next, { until }) => Math.min(next, until), Infinity));
}

function wait(until: number): void {
  rest();
  setAt = performance.now();
  setFor = Math.max(1, Math.min(Math.ceil(until - counted), MOST_PER_TURN_MS));
  timer = setTimeout(turn, setFor);
}

function rest(): void {
  counted = awaitedNow();
  clearTimeout(timer);
  timer = undefined;
}
