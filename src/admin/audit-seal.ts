import { z } from 'zod';
import { headText } from '../domain/audit.js';
import { describeFault, positionOfFault } from '../services/audit/audit-fault.js';
import type { AuditLog } from './context.js';
import { time } from './fields.js';
import { API, type Operation, operation } from './operation.js';

export const SEAL_ANSWER = z
  .strictObject({
    /** The end of the sealed log: to be kept where no administrator of the database can reach it. */
    head: z.string().nullable(),
    position: z.int(),
    unsealed: z.int(),
    /** The log is not as it was left: nothing is sealed any further. */
    isStopped: z.boolean(),
    /** How far the verification has come that is under way. */
    running: z.strictObject({ verifiedTo: z.int() }).nullable(),
    /** The last verification since this process began. */
    verified: z
      .strictObject({
        at: time,
        to: z.int(),
        /** The first thing that does not fit; null when everything does. */
        fault: z.strictObject({ position: z.int().nullable(), message: z.string() }).nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'AuditSeal' });

export const AUDIT_SEAL_OPERATIONS: readonly Operation[] = [
  operation({
    method: 'get',
    path: `${API}/audit/seal`,
    operationId: 'getAuditSeal',
    tag: 'Events',
    summary: 'Show how far the audit log is sealed and verified, and where it is broken',
    may: ['admin', 'auditor'],
    // It counts the events of all tenants.
    about: 'installation',
    answer: SEAL_ANSWER,
    handle: async ({ context: { auditLog } }) => sealOf(auditLog),
  }),
  operation({
    method: 'post',
    path: `${API}/audit/verify`,
    operationId: 'verifyAuditLog',
    tag: 'Events',
    summary: 'Begin to follow the seals of the audit log from its beginning',
    may: ['admin', 'auditor'],
    // It counts the events of all tenants.
    about: 'installation',
    status: 202,
    answer: SEAL_ANSWER,
    handle: async ({ context: { auditLog } }) => {
      auditLog.verifier.begin();
      return sealOf(auditLog);
    },
  }),
];

async function sealOf({ sealer, verifier }: AuditLog): Promise<z.infer<typeof SEAL_ANSWER>> {
  const { head, unsealed, running, last } = await verifier.state();
  const fault = last?.fault ?? null;
  return {
    head: head === null ? null : headText(head),
    position: head?.position ?? 0,
    unsealed,
    isStopped: sealer.isRefused,
    running,
    verified: last && {
      at: last.at,
      to: last.verifiedTo,
      fault: fault && { position: positionOfFault(fault), message: describeFault(fault) },
    },
  };
}
