import type { Refusal, RefusedLine } from '../../services/devices/import-lines.js';
import type { LineError } from '../problem.js';

/** Why a line was not imported, in words that follow on its column's name. */
export function lineError({ line, because }: RefusedLine): LineError {
  return { line, ...wordsFor(because) };
}

function wordsFor(because: Refusal): Omit<LineError, 'line'> {
  switch (because.kind) {
    case 'unreadable':
      return { column: because.column, message: because.message };
    case 'mac-repeated':
      return { column: 'mac', message: `is in line ${because.firstLine} already` };
    case 'mac-taken':
      return { column: 'mac', message: 'is that of a device that exists already' };
    case 'site-unknown':
      return { column: 'site', message: 'is not the name of a site of this tenant' };
    case 'tenant-unknown':
      return { column: 'tenantId', message: 'is not the id of a tenant' };
  }
}
