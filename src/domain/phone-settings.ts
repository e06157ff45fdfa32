import type { VendorId } from './vendor-id.js';

/**
 * What an operator may wish for a phone beyond its lines; of a device, a site or a tenant. What is
 * absent is the next one's to say, part by part.
 */
export interface PhoneSettings {
  /** A language tag. Sites and tenants have it as a field of their own. */
  language?: string;
  /** Host name or address. */
  ntpServer?: string;
  /** Keys beside the lines' own. */
  keys?: readonly KeySetting[];
  phoneBook?: { name?: string; url?: string };
  /** What the phone dials for messages. */
  voicemailNumber?: string;
  /**
   * A file below `DATA_DIR/files/<vendor>/`; for several vendors or models by `yealink` or
   * `yealink/T46U`.
   */
  firmware?: string | Readonly<Record<string, string>>;
  languageFile?: string | Readonly<Record<string, string>>;
  codecs?: readonly CodecName[];
  srtp?: 'off' | 'optional' | 'required';
  /** ISO 3166-1 alpha-2. */
  toneCountry?: string;
  webInterface?: boolean;
  /** Whether only servers are accepted whose certificate can be verified. */
  serverTrust?: { verify?: boolean; caUrl?: string };
  /** Parameters in the vendor's own names. */
  raw?: Readonly<Partial<Record<VendorId, Readonly<Record<string, string>>>>>;
}

export const CODEC_NAMES = ['g722', 'pcma', 'pcmu', 'g729', 'opus'] as const;
export type CodecName = (typeof CODEC_NAMES)[number];

/** A key that watches and calls a number, or just calls it. */
export interface KeySetting {
  kind: 'blf' | 'speed-dial';
  label: string;
  value: string;
  /** The line it belongs to, from 1. */
  line?: number;
}

/**
 * The settings in force, the first of the given (device, site, tenant) coming first. Objects are
 * put together member by member, at any depth; everything else, a list of keys too, is taken whole.
 */
export function effectiveSettings(...layers: readonly PhoneSettings[]): PhoneSettings {
  return layers.reduceRight<Members>((merged, layer) => over(merged, { ...layer }), {});
}

type Members = Record<string, unknown>;

function over(under: Members, upper: Members): Members {
  const members = Object.entries(upper).map(([name, value]): [string, unknown] => {
    const below = Object.hasOwn(under, name) ? under[name] : undefined;
    return [name, isMembers(value) && isMembers(below) ? over(below, value) : value];
  });
  return Object.fromEntries([...Object.entries(under), ...members]);
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The file that a phone is told of: one for all, or the one of its model, else of its vendor. */
export function fileFor(
  files: PhoneSettings['firmware'],
  vendor: VendorId,
  model: string | null,
): string | null {
  if (files === undefined) return null;
  if (typeof files === 'string') return files;
  const wanted = model === null ? null : `${vendor}/${model}`.toLowerCase();
  const ofModel = Object.entries(files).find(([name]) => name.toLowerCase() === wanted)?.[1];
  return ofModel ?? (Object.hasOwn(files, vendor) ? (files[vendor] ?? null) : null);
}
