import { z } from 'zod';
import { COUNT, DEFAULT_POLICY, DURATION_SECONDS, PAP_DIGITS, SECOND_FACTORS } from '../domain/policy.js';
import { nullish } from './fields.js';

/** A duration as it is set. */
export const seconds = z.number().int().min(DURATION_SECONDS.min).max(DURATION_SECONDS.max);
const count = z.number().int().min(COUNT.min).max(COUNT.max);

const POLICY = {
  secondFactor: z
    .enum(SECOND_FACTORS)
    .describe('What a phone needs: its PIN, an approval within a window, both, or neither.'),
  strict: z.boolean().describe('Only the token counts: a right PIN opens no temporary network.'),
  enforce: z
    .boolean()
    .describe('false observes: every phone is served in full, and the audit log says what it would get.'),
  maxAttempts: count.describe('Wrong PINs in a row before a lock.'),
  lockoutSeconds: seconds.describe('How long a lock lasts.'),
  maxLockouts: count.describe('The lock that would be this many-th blocks the device until it is reset.'),
  suspensionSeconds: seconds.describe('How long a suspension lasts that does not say so itself.'),
  temporaryNetworkSeconds: seconds.describe('How long a network is trusted after a right PIN.'),
  temporaryNetworkMaxSeconds: seconds.describe('The longest that it can be extended to, by its use.'),
  temporaryNetworkMaxDevices: count.describe('How many devices such a network lets in.'),
  firstSyncSeconds: seconds.describe('The window in which a new device may come without an approval.'),
  inactiveSeconds: seconds.describe('After so long without a fetch a device needs an approval again.'),
  papDigits: z
    .number()
    .int()
    .min(PAP_DIGITS.min)
    .max(PAP_DIGITS.max)
    .describe('How many digits the PINs have that are made from now on.'),
  papLifetimeSeconds: seconds.describe('How long a PIN can be used; null: until it has been used.'),
  onLostConfiguration: z
    .enum(['manual', 'rearm'])
    .describe(
      'What a phone needs that lost its configuration: a reset, or the new PIN that is made at once.',
    ),
  lockoutScope: z
    .enum(['device', 'device-and-source'])
    .describe('Whether wrong PINs lock the device, or the address that they came from out of it.'),
  guessesPerHour: count.describe('Wrong guesses an hour at all devices of the tenant.'),
};

/** A policy as it is set: any part of it, and null for what is to be the default again. */
export const policyPatch = z.strictObject(nullish(POLICY)).meta({ id: 'PolicyPatch' });

/** A policy as it is answered: whole, defaults included. */
export const wholePolicy = z
  .strictObject({ ...POLICY, papLifetimeSeconds: seconds.nullable() })
  .meta({ id: 'Policy', examples: [DEFAULT_POLICY] });
