import type { Mac } from '../../domain/mac.js';
import type { VendorId } from '../../domain/vendor-id.js';

/** A line of a file that asks for a device. */
export interface DeviceLine {
  kind: 'device';
  line: number;
  mac: Mac;
  vendor: VendorId;
  model: string | null;
  label: string | null;
  tenantId: string;
  /** A site of that tenant. */
  siteName: string | null;
}

/** A line that cannot be read, and why; its MAC where that at least can be. */
export interface UnreadableLine {
  kind: 'unreadable';
  line: number;
  mac: Mac | null;
  column: string | null;
  message: string;
}

export type ImportLine = DeviceLine | UnreadableLine;

/** Why a line makes no device. */
export type Refusal =
  | { kind: 'unreadable'; column: string | null; message: string }
  | { kind: 'mac-repeated'; firstLine: number }
  | { kind: 'mac-taken' }
  | { kind: 'site-unknown' }
  | { kind: 'tenant-unknown' };

export interface RefusedLine {
  kind: 'refused';
  line: number;
  because: Refusal;
}

/** Refuses what cannot be read, and a MAC wherever it comes again, whatever came of the line that had it first. */
export function* checkLines(lines: Iterable<ImportLine>): Generator<DeviceLine | RefusedLine> {
  const firstLines = new Map<Mac, number>();
  for (const item of lines) {
    const { line, mac } = item;
    const firstLine = mac === null ? undefined : firstLines.get(mac);
    if (mac !== null && firstLine === undefined) firstLines.set(mac, line);
    if (item.kind === 'unreadable') yield { kind: 'refused', line, because: item };
    else if (firstLine === undefined) yield item;
    else yield { kind: 'refused', line, because: { kind: 'mac-repeated', firstLine } };
  }
}

/** Up to `size` items at a time. */
export function* batchesOf<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
