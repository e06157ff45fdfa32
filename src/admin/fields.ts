import { z } from 'zod';
import { isEmergencyRoute, isPossibleEmergencyNumber } from '../domain/emergency.js';
import { isLanguageTag } from '../domain/language.js';
import { type Mac, parseMac } from '../domain/mac.js';
import { COUNT, DURATION_SECONDS, PAP_DIGITS, SECOND_FACTORS } from '../domain/policy.js';

/** Text that people read: something in it, no control characters, since some of it ends up in a phone's configuration. */
export const text = (max: number) =>
  z
    .string()
    .regex(/\S/, 'must not be empty')
    .max(max, `must have ${max} characters at most`)
    .refine(
      (value) => !/[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u.test(value),
      'must not contain control characters or half characters',
    );

/** The id of something of ours. */
export const id = z.guid('must be an id').toLowerCase();

/** A MAC address in any usual spelling, read into ours. */
export const mac = z.string().transform((value, context): Mac => {
  const read = parseMac(value);
  if (read !== null) return read;
  context.addIssue('must be the MAC address of one device, such as 80:5e:c0:11:22:33');
  return z.NEVER;
});

/** A user, password or the like: no white space at its ends, no control characters. */
export const credential = (max: number) =>
  text(max).refine((value) => value.trim() === value, 'must not begin or end with white space');

const HOST = String.raw`(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])`;

export const host = z.string().regex(new RegExp(`^${HOST}$`), 'must be a host name or address');

/** `host` or `host:port`. */
export const hostAndPort = z
  .string()
  .regex(new RegExp(`^${HOST}(?::[0-9]{1,5})?$`), 'must be a host, or host:port')
  .refine((value) => Number(/:(\d{1,5})$/.exec(value)?.[1] ?? 1) <= 65_535, 'must have a port up to 65535');

export const language = z
  .string()
  .max(35)
  .refine(isLanguageTag, 'must be a language tag such as de or en-GB');

export const timezone = z.string().refine(isTimezone, 'must be a time zone such as Europe/Berlin');

function isTimezone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    // The constructor's RangeError is the only way that Intl has of saying no.
    return false;
  }
}

const sipUri = z.string().max(255).refine(isEmergencyRoute, 'must be a SIP URI such as sip:gateway.example');

export const emergencyRoute = z.union(
  [sipUri, z.array(sipUri).min(1).max(10)],
  'must be a SIP URI such as sip:gateway.example, or a list of 1 to 10',
);

export const emergencyNumbers = z
  .array(z.string().refine(isPossibleEmergencyNumber, 'must be a number of 2 to 15 digits'))
  .max(50);

const seconds = z.number().int().min(DURATION_SECONDS.min).max(DURATION_SECONDS.max);
const count = z.number().int().min(COUNT.min).max(COUNT.max);

/** A policy as it is set: any part of it, and null for what is to be the default again. */
export const policyPatch = z.strictObject({
  secondFactor: z.enum(SECOND_FACTORS).nullish(),
  strict: z.boolean().nullish(),
  enforce: z.boolean().nullish(),
  maxAttempts: count.nullish(),
  lockoutSeconds: seconds.nullish(),
  maxLockouts: count.nullish(),
  suspensionSeconds: seconds.nullish(),
  temporaryNetworkSeconds: seconds.nullish(),
  temporaryNetworkMaxSeconds: seconds.nullish(),
  temporaryNetworkMaxDevices: count.nullish(),
  firstSyncSeconds: seconds.nullish(),
  inactiveSeconds: seconds.nullish(),
  papDigits: z.number().int().min(PAP_DIGITS.min).max(PAP_DIGITS.max).nullish(),
  papLifetimeSeconds: seconds.nullish(),
  onLostConfiguration: z.enum(['manual', 'rearm']).nullish(),
  lockoutScope: z.enum(['device', 'device-and-source']).nullish(),
  guessesPerHour: count.nullish(),
});
