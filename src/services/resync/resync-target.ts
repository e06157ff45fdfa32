import { requestUriOf } from '../../domain/registration.js';
import type { DueResync } from '../../contract/messages.js';
import type { DistantLine } from '../../store/configured-phones.js';
import type { StoredRegistration } from '../../store/registrations.js';

/** Where a NOTIFY goes, in the words of the SIP application. */
export type ResyncTarget = Pick<DueResync, 'contact' | 'source' | 'nextHop' | 'path' | 'user'>;

/** To where the phone registered here, over the same flow. */
export function registeredTarget(registration: StoredRegistration): ResyncTarget {
  return {
    contact: requestUriOf(registration.contact),
    source: {
      protocol: registration.protocol,
      address: registration.sourceAddress,
      port: registration.sourcePort,
    },
    nextHop: null,
    path: registration.path,
    user: registration.tokenId,
  };
}

/**
 * To the address of a line at its registrar, which passes it on to the phone, if it does. By the
 * route that the tenant has for it, else through the line's outbound proxy as the phone's own
 * requests go (RFC 3261 8.1.2), else straight there.
 */
export function lineTarget(line: DistantLine): ResyncTarget {
  const { registrar, outboundProxy, transport, resyncRoute } = line;
  const hop = outboundProxy ?? (transport === 'udp' ? null : registrar);
  return {
    contact: lineAddress(line),
    source: null,
    nextHop: resyncRoute ?? (hop === null ? null : `sip:${hop};transport=${transport}`),
    path: null,
    user: line.authUser ?? line.sipUser,
  };
}

/**
 * The address-of-record of a line. What may not stand in a user part as it is, is escaped (RFC
 * 3261, section 25.1).
 */
export function lineAddress({ sipUser, registrar }: Pick<DistantLine, 'sipUser' | 'registrar'>): string {
  return `sip:${encodeURIComponent(sipUser).replaceAll('%2B', '+')}@${registrar}`;
}
