import type { CallerIdentity } from '../../src/domain/emergency.js';
import { quoted } from '../digest/digest-header.js';
import type { Invitation } from '../invitation.js';
import { escapeUser } from '../sip-uri.js';

/** What a phone may say about where it is, and how urgent it is (RFC 6442, RFC 3261, RFC 4412): for the target to hear. */
const PASSED_ON = {
  Geolocation: 'geolocation',
  'Geolocation-Routing': 'geolocation-routing',
  Priority: 'priority',
  'Resource-Priority': 'resource-priority',
} as const;

/**
 * The headers of the INVITE to a target. The caller is who the site says he is, the number first that can be called back; for the network behind
 * the target asserted too (RFC 3325). Nobody's phone is who it says it is, and that nobody asserts.
 *
 * @param domain ours, for user names that have none.
 */
export function emergencyHeaders(
  { request, caller }: Invitation,
  { target, identity, domain }: { target: string; identity: CallerIdentity | null; domain: string },
): Record<string, string> {
  const host = domain.includes(':') ? `[${domain}]` : domain;
  const shown = identity?.number ?? caller.user ?? 'anonymous';
  const uri = /^sips?:/i.test(shown) ? shown : `sip:${escapeUser(shown)}@${host}`;
  const name = identity?.name ? `${quoted(identity.name)} ` : '';
  const type = request.get('content-type');
  return {
    From: `${name}<${uri}>`,
    To: `<${target}>`,
    ...(identity !== null && { 'P-Asserted-Identity': `${name}<${uri}>` }),
    'Max-Forwards': String(Number(request.get('max-forwards') ?? 70) - 1),
    ...Object.fromEntries(
      Object.entries(PASSED_ON).flatMap(([header, key]) => {
        const value = request.get(key);
        return value === undefined ? [] : [[header, value]];
      }),
    ),
    // A PRACK for an offer would have to answer it, and drachtio-srf's is empty; so a target that makes the offer sends nothing reliably.
    ...((request.body ?? '') !== '' && { Supported: '100rel' }),
    ...(type !== undefined && { 'Content-Type': type }),
  };
}
