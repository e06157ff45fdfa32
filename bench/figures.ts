/** Figures of a sample. */

export interface Figures {
  count: number;
  p50: number;
  p99: number;
  most: number;
}

export function figuresOf(sample: readonly number[]): Figures {
  const sorted = Float64Array.from(sample).sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), most: sorted.at(-1) ?? NaN };
}

/** In milliseconds, in columns. */
export function inMs({ p50, p99, most }: Figures): string {
  const [median, high, worst] = [p50, p99, most].map((value) => value.toFixed(1).padStart(7));
  return `p50 ${median} ms  p99 ${high} ms  most ${worst} ms`;
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
