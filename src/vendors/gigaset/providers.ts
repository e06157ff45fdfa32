import type { LineView } from '../vendor.js';

/** The servers of lines, and which line has which. */
export interface Allocation {
  providers: readonly LineView[];
  /** `place` is its handset's, from 0 on. */
  lines: readonly { line: LineView; place: number; provider: number }[];
}

/**
 * Lines share a provider where they have the same server, proxy and transport. A line for whose
 * server there is no place any more is left out, and its handset has none.
 */
export function allocateProviders(lines: readonly LineView[], places: number): Allocation {
  const numbers = new Map<string, number>();
  const providers: LineView[] = [];
  const placed: { line: LineView; place: number; provider: number }[] = [];
  for (const [place, line] of lines.entries()) {
    const { host, port, outboundProxy, transport } = line;
    const server = JSON.stringify([host, port, outboundProxy?.host, outboundProxy?.port, transport]);
    let provider = numbers.get(server);
    if (provider === undefined) {
      if (providers.length === places) continue;
      provider = providers.push(line) - 1;
      numbers.set(server, provider);
    }
    placed.push({ line, place, provider });
  }
  return { providers, lines: placed };
}
