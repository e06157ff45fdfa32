import { randomBytes } from 'node:crypto';
import type { Ha1 } from '../../src/contract/messages.js';
import { DIGEST_ALGORITHMS, digestAlgorithm, digestResponse, type DigestAlgorithm } from './digest.js';
import { parseDigestHeader, quoted, type DigestParameters } from './digest-header.js';

/** A challenge that can be answered. */
export interface Challenge {
  realm: string;
  nonce: string;
  algorithm: DigestAlgorithm;
  opaque: string | null;
  /** The answer before was right but for its nonce, which is too old: another is worth a try. */
  isStale: boolean;
  /** Whether `qop=auth` is offered; without any qop the answer is that of RFC 2069. */
  quality: boolean;
}

/**
 * The best challenge of a WWW-Authenticate or Proxy-Authenticate header; null when none can be
 * answered.
 */
export function chooseChallenge(header: string): Challenge | null {
  const challenges = (parseDigestHeader(header) ?? []).map(readChallenge);
  for (const algorithm of DIGEST_ALGORITHMS) {
    const found = challenges.find((challenge) => challenge?.algorithm === algorithm);
    if (found) return found;
  }
  return null;
}

/** The value of the Authorization or Proxy-Authorization header that answers the challenge. */
export function answerChallenge(
  challenge: Challenge,
  request: { user: string; method: string; uri: string; ha1: Ha1 },
): string {
  const { realm, nonce, algorithm, opaque } = challenge;
  const quality = challenge.quality
    ? { count: '00000001', clientNonce: randomBytes(8).toString('hex') }
    : null;
  const response = digestResponse({ ...request, algorithm, nonce, quality });
  return [
    `Digest username=${quoted(request.user)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(request.uri)}`,
    `response="${response}"`,
    `algorithm=${algorithm}`,
    ...(quality === null ? [] : ['qop=auth', `nc=${quality.count}`, `cnonce="${quality.clientNonce}"`]),
    ...(opaque === null ? [] : [`opaque=${quoted(opaque)}`]),
  ].join(', ');
}

function readChallenge(parameters: DigestParameters): Challenge | null {
  const realm = parameters.get('realm');
  const nonce = parameters.get('nonce');
  const algorithm = digestAlgorithm(parameters.get('algorithm'));
  const offered = parameters
    .get('qop')
    ?.split(',')
    .map((one) => one.trim().toLowerCase());
  if (realm === undefined || nonce === undefined || algorithm === null) return null;
  if (offered !== undefined && !offered.includes('auth')) return null;
  return {
    realm,
    nonce,
    algorithm,
    opaque: parameters.get('opaque') ?? null,
    isStale: parameters.get('stale')?.toLowerCase() === 'true',
    quality: offered !== undefined,
  };
}
