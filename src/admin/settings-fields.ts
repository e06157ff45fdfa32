import { z } from 'zod';
import { CODEC_NAMES, type PhoneSettings } from '../domain/phone-settings.js';
import { VENDOR_IDS } from '../domain/vendor-id.js';
import { type Problem, invalid } from '../http/problem.js';
import type { SettingsRefused } from '../services/devices/apply-settings.js';
import { host, language, text } from './fields.js';
import { asAnswered } from './json-schema.js';

/**
 * Settings as they are set: any part of them, and null for what is to be taken away (RFC 7396).
 * What may stand in a phone's configuration, and nothing that could lead it elsewhere: addresses
 * are web addresses, files are below their vendor's folder.
 */

/** Printable ASCII without what quotes or ends a URL somewhere. */
const WEB_ADDRESS = /^https?:\/\/[\w!#$%&()*+,./:;=?@[\]~-]+$/i;

const webAddress = z
  .string()
  .max(500, 'must have 500 characters at most')
  .refine(
    (value) => WEB_ADDRESS.test(value) && URL.canParse(value),
    'must be an address such as https://directory.example/book.xml',
  );

/** Segments that begin with neither a dot nor white space, so that none leads up or is hidden. */
const FILE = /^[\w(+-][\w.()+~-]*(?:\/[\w(+-][\w.()+~-]*){0,4}$/;
const file = z
  .string()
  .max(200, 'must have 200 characters at most')
  .regex(FILE, 'must be a file below files/<vendor>/, such as T46U-108.86.0.90.rom');

const FOR = new RegExp(`^(?:${VENDOR_IDS.join('|')})(?:/[\\w. ()+-]{1,40})?$`, 'i');
const files = z.union(
  [file, z.record(z.string().regex(FOR), file.nullable())],
  'must be a file below files/<vendor>/, such as T46U-108.86.0.90.rom, or an object of such files by yealink or yealink/T46U',
);

const dialable = z
  .string()
  .regex(
    /^[\w*#+.~!@:-]{1,80}$/,
    'must be 1 to 80 characters that can be dialled: digits, letters, * # + . ~ ! @ : - _',
  );

/** In a list, which is replaced as a whole: so nothing in it is null. */
const key = z.strictObject({
  kind: z.enum(['blf', 'speed-dial']),
  label: text(60),
  value: dialable,
  line: z.int().min(1).max(250).optional(),
});

const codecs = z
  .array(z.enum(CODEC_NAMES))
  .min(1)
  .max(CODEC_NAMES.length)
  .refine((names) => new Set(names).size === names.length, 'must name each codec once');

/** Each name is asked of its family as well (`rawFault`); a value may be empty. */
const rawValues = z.record(
  z.string().regex(/^[\u0020-\u007e]{1,200}$/, 'must be a parameter name of 1 to 200 characters'),
  z
    .string()
    .max(2000, 'must have 2000 characters at most')
    .regex(
      /^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]*$/u,
      'must not contain control characters or half characters',
    )
    .nullable(),
);
const raw = z.strictObject(
  Object.fromEntries(VENDOR_IDS.map((vendor) => [vendor, rawValues.nullish()])) as Record<
    (typeof VENDOR_IDS)[number],
    z.ZodOptional<z.ZodNullable<typeof rawValues>>
  >,
);

/** Of a tenant or a site; these have their language as a field of their own. */
export const sharedSettings = z.strictObject({
  ntpServer: host.nullish(),
  keys: z.array(key).max(200, 'must have 200 keys at most').nullish(),
  phoneBook: z.strictObject({ name: text(60).nullish(), url: webAddress.nullish() }).nullish(),
  voicemailNumber: dialable.nullish(),
  firmware: files.nullish(),
  languageFile: files.nullish(),
  codecs: codecs.nullish(),
  srtp: z.enum(['off', 'optional', 'required']).nullish(),
  toneCountry: z
    .string()
    .regex(/^[A-Za-z]{2}$/, 'must be the two letters of a country, such as DE')
    .toUpperCase()
    .nullish(),
  webInterface: z.boolean().nullish(),
  serverTrust: z.strictObject({ verify: z.boolean().nullish(), caUrl: webAddress.nullish() }).nullish(),
  raw: raw.nullish(),
});

export const deviceSettings = sharedSettings.extend({ language: language.nullish() });

/** Settings as they are answered. */
export const SHARED_SETTINGS_ANSWER = asAnswered<PhoneSettings>(sharedSettings).meta({
  id: 'SharedSettings',
});
export const DEVICE_SETTINGS_ANSWER = asAnswered<Record<string, unknown>>(deviceSettings).meta({
  id: 'DeviceSettings',
});

/** What a service found wrong with settings that have the right form. */
export function refusedSettings({ faults }: SettingsRefused): Problem {
  return invalid(faults.map(({ pointer, because }) => ({ pointer, detail: because })));
}
