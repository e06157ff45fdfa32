import type { CallerIdentity } from '../../src/domain/emergency.js';
import { quoted } from '../digest/digest-header.js';
import type { Invitation } from '../caller.js';
import type { CallerOffer } from './caller-media.js';
import { escapeUser, hostInUri } from '../sip-uri.js';

/**
 * What a phone may say about where it is, and how urgent it is (RFC 6442, RFC 3261, RFC 4412): for
 * the target to hear.
 */
const PASSED_ON = {
  Geolocation: 'geolocation',
  'Geolocation-Routing': 'geolocation-routing',
  Priority: 'priority',
  'Resource-Priority': 'resource-priority',
} as const;

/** RFC 3323 4.1.1.3: without a number to call back. */
const ANONYMOUS = '"Anonymous" <sip:anonymous@anonymous.invalid>';

/** How a caller is shown. */
export interface Shown {
  identity: CallerIdentity | null;
  /** It calls from where the phone of its name registered or fetched. */
  isKnown: boolean;
  /** The number of the installation, for callers that have none. */
  installationNumber: string | null;
  /** Ours, for user names that have none. */
  domain: string;
}

/**
 * The headers of the INVITE to a target. A caller that is known is who its site says it is, the
 * number first that can be called back; for the network behind the target asserted too (RFC 3325),
 * and what it says of its place goes on. All others are shown with the number of the installation
 * or none, and nothing that they say of themselves goes on: a stranger who knows an emergency
 * number could otherwise pose as any caller.
 */
export function emergencyHeaders(
  { request, caller }: Invitation,
  { target, offer }: { target: string; offer: CallerOffer },
  { identity, isKnown, installationNumber, domain }: Shown,
): Record<string, string> {
  const host = hostInUri(domain);
  const number = identity?.number ?? installationNumber ?? (isKnown ? caller.user : null);
  const name = identity?.name ? `${quoted(identity.name)} ` : '';
  const uri = (user: string): string => (/^sips?:/i.test(user) ? user : `sip:${escapeUser(user)}@${host}`);
  const from = number === null ? ANONYMOUS : `${name}<${uri(number)}>`;
  return {
    From: from,
    To: `<${target}>`,
    ...(isKnown && identity !== null && { 'P-Asserted-Identity': from }),
    'Max-Forwards': String(Number(request.get('max-forwards') ?? 70) - 1),
    ...(isKnown && passedOn(request)),
    // A PRACK for an offer would have to answer it, and drachtio-srf's is empty; so a target that
    // makes the offer sends nothing reliably.
    ...(offer.body !== '' && { Supported: '100rel' }),
    ...(offer.body !== '' && offer.type !== undefined && { 'Content-Type': offer.type }),
  };
}

function passedOn(request: Invitation['request']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(PASSED_ON).flatMap(([header, key]) => {
      const value = request.get(key);
      return value === undefined ? [] : [[header, value]];
    }),
  );
}
