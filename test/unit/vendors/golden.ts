import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A document as it has to be, byte by byte. */
export function golden(name: string): string {
  return readFileSync(join(process.cwd(), 'test/unit/vendors/golden', name), 'utf8');
}
