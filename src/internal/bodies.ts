import { z } from 'zod';
import { canonicalAddress } from '../domain/address.js';
import { MAX_CONTACTS } from '../domain/registration.js';
import { isSipUser } from '../domain/sip-user.js';
import type {
  Attempt,
  CallEnd,
  CallOpening,
  EmergencyEnd,
  EmergencyReport,
  Heartbeat,
  Registration,
  ResyncOutcome,
  RouteQuery,
  Source,
} from '../contract/messages.js';

/**
 * The bodies of contract.ts as schemas. What comes from a SIP message is bounded: a hostile phone
 * wrote it.
 */
const text = z.string().max(512);

/**
 * PostgreSQL's text has no NUL, and its jsonb no half characters either: what has them cannot be
 * kept, and no row has such a name.
 */
const STORABLE = /^[^\0\p{Cs}]*$/u;
const storable = z.string().regex(STORABLE, 'Invalid input: expected text without NUL or half characters');

const user = z.string().refine(isSipUser, 'Invalid input: expected the user name of a SIP account');
/** Whose call it claims to be. */
const claimedUser = z
  .string()
  .transform((name) => (isSipUser(name) ? name : null))
  .nullable();
const status = z.int().min(100).max(699);

const source: z.ZodType<Source> = z.object({
  protocol: z.string().min(1).max(8),
  address: z
    .string()
    .max(64)
    .transform((value, issues) => {
      const address = canonicalAddress(value);
      if (address !== null) return address;
      issues.addIssue('Invalid input: expected a network address');
      return z.NEVER;
    }),
  port: z.int().min(0).max(65_535),
});

export const routeQuery: z.ZodType<RouteQuery> = z.object({
  user: claimedUser,
  dialled: text,
  source,
});

export const ha1Query: z.ZodType<{ realm: string }> = z.object({ realm: text });

export const registration: z.ZodType<Registration> = z.object({
  contacts: z.union([
    z.literal('*'),
    z
      .array(
        z.object({
          // As long as an index has room for.
          uri: storable.min(1).max(512),
          expiresSeconds: z
            .int()
            .min(0)
            .max(2 ** 32 - 1),
        }),
      )
      .max(MAX_CONTACTS),
  ]),
  path: storable.max(2048).nullable(),
  source,
  callId: storable.max(512),
  // RFC 3261 8.1.1.5: below 2³¹.
  cseq: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  userAgent: storable.max(512).nullable(),
});

export const callOpening: z.ZodType<CallOpening> = z.object({
  callId: storable.min(1).max(512),
  user,
  dialled: z.enum(['service', 'pap', 'code', 'other']),
  source,
});

export const attempt: z.ZodType<Attempt> = z.object({
  user,
  digits: z.string().regex(/^\d{1,32}$/, 'Invalid input: expected digits'),
  source,
});

export const callEnd: z.ZodType<CallEnd> = z.object({
  user,
  outcome: z.enum(['accepted', 'refused', 'locked', 'abandoned', 'no-input', 'error']),
  seconds: z.number().min(0).max(86_400),
});

const target = storable.max(2048);
const seconds = z.number().min(0).max(86_400);
const emergencyCall = {
  id: z.uuid().optional(),
  user: claimedUser,
  dialled: text,
  source,
  at: z.iso.datetime().optional(),
};

export const emergencyReport: z.ZodType<EmergencyReport> = z.object({
  ...emergencyCall,
  target: target.nullable(),
  outcome: z.enum(['connected', 'failed']),
  status: status.nullable(),
  tried: z
    .array(z.object({ target, status: status.nullable(), reason: storable.max(512) }))
    .max(50)
    .optional(),
  seconds: seconds.optional(),
  count: z.int().min(1).max(1_000_000).optional(),
});

export const emergencyEnd: z.ZodType<EmergencyEnd> = z.object({
  ...emergencyCall,
  target,
  endedBy: z.enum(['caller', 'target']),
  seconds,
});

export const resyncOutcome: z.ZodType<ResyncOutcome> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answered'), status }),
  z.object({ kind: z.literal('failed'), status: status.nullable(), reason: storable.max(512) }),
]);

export const heartbeat: z.ZodType<Heartbeat> = z.object({
  id: storable.min(1).max(128),
  sipServer: z.boolean(),
  mediaServer: z.boolean(),
});

/** How long a long poll may last, in seconds. */
export const waitSeconds = z.coerce.number().min(0).max(60).default(25);
