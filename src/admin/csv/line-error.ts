import type { Refusal, RefusedLine } from '../../services/devices/import-lines.js';
import type { LineError } from '../problem.js';
import { ACCOUNT_COLUMNS } from './heading.js';

/** Why a line was not imported, in words that follow on its column's name. */
export function lineError({ line, suffix = '', because }: RefusedLine): LineError {
  const { column, message } = wordsFor(because);
  const isOfLine = ACCOUNT_COLUMNS.some((known) => known === column);
  return { line, column: isOfLine ? `${column}${suffix}` : column, message };
}

function wordsFor(because: Refusal): Omit<LineError, 'line'> {
  switch (because.kind) {
    case 'unreadable':
      return { column: because.column, message: because.message };
    case 'mac-repeated':
      return { column: 'mac', message: `is in line ${because.firstLine} already` };
    case 'mac-taken':
      return { column: 'mac', message: 'is that of a device that exists already' };
    case 'mac-unavailable':
      return { column: 'mac', message: 'cannot be used: there may be a device that has it' };
    case 'device-refused':
      return { column: 'mac', message: `goes on with line ${because.deviceLine}, which is not imported` };
    case 'other-tenant':
      return { column: 'mac', message: 'is that of a device of another tenant' };
    case 'missing':
      return { column: because.column, message: 'is required, for there is no such device' };
    case 'password-missing':
      return { column: 'password', message: 'is required, for the tenant has no such line' };
    case 'code-taken':
      return { column: 'provisioningCode', message: 'is that of another line' };
    case 'account-repeated':
      return { column: 'sipUser', message: 'is a line that this device has already' };
    case 'account-differs':
      return {
        column: because.column,
        message: 'is not that of the line that the tenant has; update=true changes it',
      };
    case 'settings-refused': {
      const faults = because.faults.map(({ pointer, because: why }) => `${pointer} ${why}`);
      return { column: 'settings', message: faults.join('; ') };
    }
    case 'site-unknown':
      return { column: 'site', message: 'is not the name of a site of this tenant' };
    case 'tenant-unknown':
      return { column: 'tenantId', message: 'is not the id of a tenant' };
  }
}
