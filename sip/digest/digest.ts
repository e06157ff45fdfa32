import { createHash } from 'node:crypto';
import type { Ha1 } from '../../src/contract/messages.js';

/** The algorithms of RFC 7616 and RFC 8760 that are spoken here, the preferred one first. */
export const DIGEST_ALGORITHMS = ['SHA-512-256', 'SHA-256', 'MD5'] as const;
export type DigestAlgorithm = (typeof DIGEST_ALGORITHMS)[number];

/**
 * The algorithm that a header names; MD5 when it names none (RFC 2069 and RFC 2617 phones); null
 * for one that is not spoken here.
 */
export function digestAlgorithm(name: string | undefined): DigestAlgorithm | null {
  if (name === undefined) return 'MD5';
  return DIGEST_ALGORITHMS.find((algorithm) => algorithm === name.toUpperCase()) ?? null;
}

/** Node's name of the hash, and where its HA1 is. */
const HASHES: Record<DigestAlgorithm, { name: string; ha1: keyof Ha1 }> = {
  MD5: { name: 'md5', ha1: 'md5' },
  'SHA-256': { name: 'sha256', ha1: 'sha256' },
  'SHA-512-256': { name: 'sha512-256', ha1: 'sha512256' },
};

export interface DigestInput {
  algorithm: DigestAlgorithm;
  ha1: Ha1;
  method: string;
  uri: string;
  nonce: string;
  /** null: the response of RFC 2069, without qop. */
  quality: { count: string; clientNonce: string } | null;
}

/** The `response` of RFC 7616 3.4.1, in lower-case hexadecimal. */
export function digestResponse({ algorithm, ha1, method, uri, nonce, quality }: DigestInput): string {
  const { name, ha1: secret } = HASHES[algorithm];
  const hash = (text: string): string => createHash(name).update(text).digest('hex');
  const middle = quality === null ? nonce : `${nonce}:${quality.count}:${quality.clientNonce}:auth`;
  return hash(`${ha1[secret]}:${middle}:${hash(`${method}:${uri}`)}`);
}
