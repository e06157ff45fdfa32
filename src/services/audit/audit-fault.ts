import type { SealedEvent } from '../../domain/audit.js';
import type { AuditFault } from './audit-verification.js';

/** Where the log does not fit; null where that is no single place. */
export function positionOfFault(fault: AuditFault): number | null {
  switch (fault.kind) {
    case 'no-head':
    case 'head-forged':
      return null;
    case 'altered':
    case 'gap':
    case 'surplus':
      return fault.event.position;
    case 'cut':
      return fault.after;
    case 'other-head':
    case 'shorter-than-noted':
      return fault.position;
  }
}

/** What does not fit, as a sentence. */
export function describeFault(fault: AuditFault): string {
  switch (fault.kind) {
    case 'no-head':
      return 'The head of the audit log is gone.';
    case 'head-forged':
      return 'The stored head of the audit log was not written with this master key, or belongs to another log.';
    case 'altered':
      return `${nameOf(fault.event)} is not what was sealed there.`;
    case 'gap':
      return `${nameOf(fault.event)} stands where position ${fault.expected} should.`;
    case 'cut':
      return `The log ends after position ${fault.after}; its head is at ${fault.head}.`;
    case 'surplus':
      return `${nameOf(fault.event)} stands behind the head of the log.`;
    case 'other-head':
      return `The seal at position ${fault.position} is not the one that was noted: this is another log, or one that was written anew.`;
    case 'shorter-than-noted':
      return `The log does not reach position ${fault.position}, which was noted: it is an earlier state.`;
  }
}

function nameOf({ position, id, type, at }: SealedEvent): string {
  return `Position ${position} (event ${id}, ${type}, ${at.toISOString()})`;
}
