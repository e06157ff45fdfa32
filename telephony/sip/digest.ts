import { createHash } from 'node:crypto';

import type { AuthHeader } from './auth-header.js';

/** RFC 7616 3.2, RFC 8760; without the -sess forms, which no phone uses. */
export type DigestAlgorithm = 'MD5' | 'SHA-256' | 'SHA-512-256';

/** The strongest first. */
const ALGORITHMS: readonly DigestAlgorithm[] = ['SHA-512-256', 'SHA-256', 'MD5'];
/** Node's names of the hashes. */
const HASHES: Record<DigestAlgorithm, string> = {
  'SHA-512-256': 'sha512-256',
  'SHA-256': 'sha256',
  MD5: 'md5',
};

export interface DigestInput {
  readonly algorithm: DigestAlgorithm;
  /** Either the secret's hash H(user:realm:password) in hex, or what it is made from. */
  readonly secret:
    { readonly ha1: string } | { readonly user: string; readonly realm: string; readonly password: string };
  readonly method: string;
  /** The digest-uri parameter, as it was sent. */
  readonly uri: string;
  readonly nonce: string;
  /** Absent for the old form without qop (RFC 2069). `auth-int` hashes the body too. */
  readonly qop?: { readonly value: 'auth' | 'auth-int'; readonly nc: string; readonly cnonce: string };
  /** Needed for auth-int. */
  readonly body?: Buffer;
}

/** The `response` parameter in lower-case hex. Pure. */
export function digestResponse(input: DigestInput): string {
  const hash = (data: string | Buffer): string =>
    createHash(HASHES[input.algorithm]).update(data).digest('hex');
  const { secret, qop } = input;
  const ha1 = 'ha1' in secret ? secret.ha1 : hash(`${secret.user}:${secret.realm}:${secret.password}`);
  const a2 = `${input.method}:${input.uri}`;
  const ha2 = hash(qop?.value === 'auth-int' ? `${a2}:${hash(input.body ?? '')}` : a2);
  if (qop === undefined) return hash(`${ha1}:${input.nonce}:${ha2}`);
  return hash(`${ha1}:${input.nonce}:${qop.nc}:${qop.cnonce}:${qop.value}:${ha2}`);
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface AnswerInput {
  readonly credentials: Credentials;
  readonly method: string;
  readonly uri: string;
  /** Fresh random text; an argument so that this stays pure. */
  readonly cnonce: string;
  /** How often this nonce is used, from 1. */
  readonly nonceCount: number;
  readonly body?: Buffer;
}

/**
 * The Authorization for a Digest challenge; undefined when its algorithm or qop is none of ours.
 */
export function answerChallenge(challenge: AuthHeader, input: AnswerInput): AuthHeader | undefined {
  const algorithm = algorithmOf(challenge);
  const realm = challenge.params.get('realm');
  const nonce = challenge.params.get('nonce');
  const qopValue = qopOf(challenge);
  if (algorithm === undefined || realm === undefined || nonce === undefined || qopValue === 'unknown') {
    return undefined;
  }
  const { username, password } = input.credentials;
  const qop =
    qopValue === undefined
      ? undefined
      : { value: qopValue, nc: input.nonceCount.toString(16).padStart(8, '0'), cnonce: input.cnonce };
  const response = digestResponse({
    algorithm,
    secret: { user: username, realm, password },
    method: input.method,
    uri: input.uri,
    nonce,
    ...(qop === undefined ? {} : { qop }),
    ...(input.body === undefined ? {} : { body: input.body }),
  });
  const params = new Map([
    ['username', username],
    ['realm', realm],
    ['nonce', nonce],
    ['uri', input.uri],
    ['response', response],
    ['algorithm', algorithm],
  ]);
  if (qop !== undefined) params.set('qop', qop.value).set('nc', qop.nc).set('cnonce', qop.cnonce);
  const opaque = challenge.params.get('opaque');
  if (opaque !== undefined) params.set('opaque', opaque);
  return { scheme: 'Digest', params };
}

/** The challenge to answer out of several: the strongest (RFC 8760 2.4), unknown ones skipped. */
export function strongestChallenge(challenges: readonly AuthHeader[]): AuthHeader | undefined {
  const usable = challenges.filter((each) => qopOf(each) !== 'unknown');
  const best = ALGORITHMS.find((algorithm) => usable.some((each) => algorithmOf(each) === algorithm));
  return best === undefined ? undefined : usable.find((each) => algorithmOf(each) === best);
}

function algorithmOf(challenge: AuthHeader): DigestAlgorithm | undefined {
  if (challenge.scheme.toLowerCase() !== 'digest') return undefined;
  const name = (challenge.params.get('algorithm') ?? 'MD5').toUpperCase();
  return ALGORITHMS.find((algorithm) => algorithm === name);
}

/** undefined: a challenge of the old form, without qop. */
function qopOf(challenge: AuthHeader): 'auth' | 'auth-int' | 'unknown' | undefined {
  const offered = challenge.params.get('qop');
  if (offered === undefined) return undefined;
  const values = offered.split(',').map((value) => value.trim().toLowerCase());
  if (values.includes('auth')) return 'auth';
  return values.includes('auth-int') ? 'auth-int' : 'unknown';
}
