import { z } from 'zod';
import { isPossibleCode } from '../../domain/line-code.js';
import { credential, hostAndPort, text } from '../fields.js';

export const REQUIRED = 'is required';

/**
 * A line in a file, as the API takes it. One that exists needs no password; that is found out when
 * it is looked for.
 */
export const ACCOUNT = z.object({
  sipUser: credential(100),
  authUser: credential(100).nullable(),
  password: credential(100).nullable(),
  registrar: hostAndPort,
  displayName: text(100).nullable(),
  transport: z.enum(['udp', 'tcp', 'tls'], 'must be udp, tcp or tls').nullable(),
  provisioningCode: z.string().refine(isPossibleCode, 'must have 4 to 12 digits').nullable(),
});
