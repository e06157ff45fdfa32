/** Whether answers can be told apart by the time that they take. */

/**
 * Times of several kinds of request, in milliseconds and in order of length; asked in turn, so that
 * what disturbs one disturbs all, and each round begins with another one, so that none is always
 * disturbed by the same neighbour.
 */
export async function timesOf(
  requests: readonly (() => Promise<unknown>)[],
  rounds: number,
): Promise<number[][]> {
  const times = requests.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let place = 0; place < requests.length; place += 1) {
      const at = (round + place) % requests.length;
      const started = performance.now();
      await requests[at]?.();
      times[at]?.push(performance.now() - started);
    }
  }
  return times.map((kind) => kind.toSorted((a, b) => a - b));
}

/**
 * Milliseconds by which medians and ninetieth percentiles may differ on a machine that does nothing
 * else.
 */
const MEDIAN_MS = 2;
const NINETIETH_MS = 6;
/** Whatever else runs can only make a difference, so one time without is enough. */
const TRIES = 5;

interface Quantiles {
  median: number;
  ninetieth: number;
}

/**
 * Whether requests can be told from a control. That is asked twice in each round: by how much it
 * differs from itself is the noise of the machine; a difference below it cannot be measured.
 * Answers the times as text, the shortest of all, and what told a request apart in the end; null:
 * nothing.
 */
export async function tellApart(
  control: () => Promise<unknown>,
  requests: readonly (() => Promise<unknown>)[],
  rounds: number,
): Promise<{ times: string; shortest: number; difference: string | null }> {
  for (let tried = 1; ; tried += 1) {
    const sorted = await timesOf([control, ...requests, control], rounds);
    const shortest = Math.min(...sorted.map(([first = 0]) => first));
    const measured = sorted.map(quantilesOf);
    const [first] = measured;
    const last = measured.at(-1);
    if (first === undefined || last === undefined) throw new Error('nothing was measured');
    const noise = distance(first, last);
    const telling = measured.slice(1, -1).find((some) => {
      const apart = distance(first, some);
      return (
        apart.median > MEDIAN_MS + 2 * noise.median || apart.ninetieth > NINETIETH_MS + 2 * noise.ninetieth
      );
    });
    const times = measured.map(describe).join(', ');
    if (telling === undefined) return { times, shortest, difference: null };
    if (tried === TRIES) {
      const difference = `${describe(first)} is not ${describe(telling)}`;
      return { times, shortest, difference };
    }
  }
}

function quantilesOf(times: readonly number[]): Quantiles {
  const share = (part: number): number => times[Math.floor(times.length * part)] ?? 0;
  return { median: share(0.5), ninetieth: share(0.9) };
}

function distance(some: Quantiles, others: Quantiles): Quantiles {
  return {
    median: Math.abs(some.median - others.median),
    ninetieth: Math.abs(some.ninetieth - others.ninetieth),
  };
}

const describe = ({ median, ninetieth }: Quantiles): string =>
  `median ${median.toFixed(1)} p90 ${ninetieth.toFixed(1)} ms`;
