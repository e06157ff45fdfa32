import { z } from 'zod';
import { COUNT, DURATION_SECONDS, PAP_DIGITS, SECOND_FACTORS } from '../domain/policy.js';
import { nullish } from './fields.js';

/** A duration as it is set. */
export const seconds = z.number().int().min(DURATION_SECONDS.min).max(DURATION_SECONDS.max);
const count = z.number().int().min(COUNT.min).max(COUNT.max);

const POLICY = {
  secondFactor: z.enum(SECOND_FACTORS),
  strict: z.boolean(),
  enforce: z.boolean(),
  maxAttempts: count,
  lockoutSeconds: seconds,
  maxLockouts: count,
  suspensionSeconds: seconds,
  temporaryNetworkSeconds: seconds,
  temporaryNetworkMaxSeconds: seconds,
  temporaryNetworkMaxDevices: count,
  firstSyncSeconds: seconds,
  inactiveSeconds: seconds,
  papDigits: z.number().int().min(PAP_DIGITS.min).max(PAP_DIGITS.max),
  papLifetimeSeconds: seconds,
  onLostConfiguration: z.enum(['manual', 'rearm']),
  lockoutScope: z.enum(['device', 'device-and-source']),
  guessesPerHour: count,
};

/** A policy as it is set: any part of it, and null for what is to be the default again. */
export const policyPatch = z.strictObject(nullish(POLICY)).meta({ id: 'PolicyPatch' });

/** A policy as it is answered: whole, defaults included. */
export const wholePolicy = z
  .strictObject({ ...POLICY, papLifetimeSeconds: seconds.nullable() })
  .meta({ id: 'Policy' });
