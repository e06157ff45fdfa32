import { timingSafeEqual } from 'node:crypto';
import type { Ha1 } from '../../src/contract/messages.js';
import { digestAlgorithm, digestResponse, type DigestAlgorithm, type DigestInput } from './digest.js';
import { parseDigestHeader, quoted, type DigestParameters } from './digest-header.js';
import type { Nonces } from './nonces.js';

/**
 * Credentials that are well formed and answer one of our nonces. Whether they are right is not
 * known yet.
 */
export interface Credentials extends Omit<DigestInput, 'ha1' | 'method'> {
  user: string;
  response: string;
  /**
   * How often its phone has used the nonce, by its own count; without qop there is no count, and
   * each nonce is good once.
   */
  nonceCount: number;
}

export type CredentialsReading =
  | { kind: 'credentials'; credentials: Credentials }
  | { kind: 'none' }
  /**
   * Credentials for a nonce of ours that is not good any more, or not from there: the phone is to
   * try again with a new one, without asking its user.
   */
  | { kind: 'stale' }
  | { kind: 'malformed' };

/**
 * The order of our challenges is ours to choose (RFC 8760 2.3). MD5 comes first: phones
 * that know nothing else look at the first challenge alone, and the passwords of bootstrap accounts
 * are random, so that it gives nothing away.
 */
const OFFERED: readonly DigestAlgorithm[] = ['MD5', 'SHA-256', 'SHA-512-256'];

/**
 * Phones that take no more than one challenge: baresip, and others on libre, give up at the sight
 * of an algorithm they do not know, wherever it stands, and take a second challenge of the same
 * realm for a refusal.
 */
const TAKES_ONE_CHALLENGE = /^baresip v/;

/**
 * Challenges phones and reads their answers (RFC 3261 22, RFC 7616, RFC 8760). Says nothing
 * of whose password it is.
 */
export class DigestChallenge {
  constructor(
    private readonly realm: string,
    private readonly nonces: Nonces,
  ) {}

  /**
   * The headers of a 401 to this address, one challenge per algorithm. RFC 3261 20.44
   * wants each in a header of its own, but drachtio-srf knows one value per name: so the value
   * carries the line break.
   */
  headers(address: string, stale: boolean, userAgent: string): Record<string, string> {
    const nonce = this.nonces.issue(address);
    const algorithms: readonly DigestAlgorithm[] = TAKES_ONE_CHALLENGE.test(userAgent) ? ['MD5'] : OFFERED;
    const challenges = algorithms.map(
      (algorithm) =>
        `Digest realm=${quoted(this.realm)}, nonce="${nonce}", algorithm=${algorithm}, qop="auth"${stale ? ', stale=true' : ''}`,
    );
    return { 'WWW-Authenticate': challenges.join('\r\nWWW-Authenticate: ') };
  }

  /**
   * Reads the Authorization header of a request from this address. Credentials for other realms are
   * no credentials.
   */
  read(header: string | undefined, address: string): CredentialsReading {
    if (header === undefined) return { kind: 'none' };
    const all = parseDigestHeader(header);
    if (all === null) return { kind: 'malformed' };
    const ours = all.find((parameters) => parameters.get('realm') === this.realm);
    if (ours === undefined) return { kind: 'none' };
    const credentials = readCredentials(ours);
    if (credentials === null) return { kind: 'malformed' };
    switch (this.nonces.judge(credentials.nonce, address, credentials.nonceCount)) {
      case 'good':
        return { kind: 'credentials', credentials };
      case 'stale':
        return { kind: 'stale' };
      case 'foreign':
        return { kind: 'none' };
    }
  }

  /**
   * To be called once the credentials have proved an account: overheard, they are good for nothing
   * then. False when they have just been used.
   */
  spend({ nonce, nonceCount }: Credentials): boolean {
    return this.nonces.spend(nonce, nonceCount);
  }
}

/**
 * Stands in for the HA1 of an unknown user, so that the refusal takes as long as any other (timing
 * oracle).
 */
const NOBODY: Ha1 = { md5: '0'.repeat(32), sha256: '0'.repeat(64), sha512256: '0'.repeat(64) };

/**
 * Whether the credentials prove knowledge of the password. `ha1` is null for an unknown user:
 * always false.
 */
export function proves(credentials: Credentials, method: string, ha1: Ha1 | null): boolean {
  const expected = Buffer.from(digestResponse({ ...credentials, method, ha1: ha1 ?? NOBODY }));
  const given = Buffer.from(credentials.response.toLowerCase());
  return given.length === expected.length && timingSafeEqual(given, expected) && ha1 !== null;
}

function readCredentials(parameters: DigestParameters): Credentials | null {
  const [user, nonce, uri, response] = ['username', 'nonce', 'uri', 'response'].map((name) =>
    parameters.get(name),
  );
  const algorithm = digestAlgorithm(parameters.get('algorithm'));
  if (user === undefined || nonce === undefined || uri === undefined || response === undefined) return null;
  if (user === '' || algorithm === null) return null;
  const qop = parameters.get('qop');
  const count = parameters.get('nc');
  const clientNonce = parameters.get('cnonce');
  const plain = { user, nonce, uri, response, algorithm };
  if (qop === undefined) return { ...plain, nonceCount: 1, quality: null };
  if (qop !== 'auth' || count === undefined || clientNonce === undefined) return null;
  if (!/^[0-9a-f]{1,8}$/i.test(count)) return null;
  return { ...plain, nonceCount: Number.parseInt(count, 16), quality: { count, clientNonce } };
}
