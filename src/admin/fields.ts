import { z } from 'zod';
import { isCallerNumber, isEmergencyRoute, isPossibleEmergencyNumber } from '../domain/emergency.js';
import { isLanguageTag } from '../domain/language.js';
import { type Mac, parseMac } from '../domain/mac.js';

/**
 * Text that people read: something in it, no control characters, since some of it ends up in a
 * phone's configuration.
 */
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
  .refine(isLanguageTag, 'must be a language tag such as de or en-GB')
  .meta({
    description:
      'What phones display and callers hear: the device’s, else its site’s, its tenant’s, the installation’s.',
    examples: ['de', 'fr-CA'],
  });

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

export const emergencyCallerNumber = z
  .string()
  .max(255)
  .refine(isCallerNumber, 'must be a telephone number such as +4989123456, or a SIP URI with a user');

export const resyncRoute = sipUri;

/** A time as it is answered. */
export const time = z.date();

/** A time as it is asked for. */
export const moment = z.iso.datetime({ offset: true, error: 'must be an ISO 8601 time with its zone' });

/**
 * Nothing was recorded before 1970, nor will be after 9999: times beyond are those, for the
 * databases differ in what they take.
 */
export function storableTime(iso: string): Date {
  return new Date(Math.min(Math.max(Date.parse(iso), 0), Date.UTC(9999, 11, 31)));
}

/** The id of something of ours as it is answered. */
export const ownId = z.guid();

/** A MAC address as it is answered. */
export const ownMac = z.string().regex(/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/);

type Nullish<S extends Record<string, z.ZodType>> = {
  [Name in keyof S]: z.ZodOptional<z.ZodNullable<S[Name]>>;
};

/** Fields as they are changed: any of them, and null takes one away (RFC 7396). */
export function nullish<S extends Record<string, z.ZodType>>(shape: S): Nullish<S> {
  const fields = Object.entries(shape).map(([name, schema]) => [name, schema.nullish()]);
  return Object.fromEntries(fields) as Nullish<S>;
}
