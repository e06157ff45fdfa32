import { targetOf, type Destination } from './flow.js';
import { type SipRequest, serializeMessage } from './message.js';

/**
 * A request of more bytes wants congestion control where the path MTU is unknown (RFC
 * 3261 18.1.1).
 */
export const MAX_DATAGRAM_BYTES = 1300;

/** About what our Via will add. */
const VIA_BYTES = 100;
/** Somebody waits for the call: who does not answer by TCP so soon is called by UDP. */
const CONNECT_TIMEOUT_MS = 1000;

/**
 * The places to try for a request outside of any connection, when it may be too large for a
 * datagram: each UDP one by TCP first, and by UDP after all when no connection is accepted there
 * (RFC 3261 18.1.1). A flow is what it is: behind a NAT there is no other way to that peer.
 */
export function placesFor(request: SipRequest, places: readonly Destination[]): readonly Destination[] {
  const mayNeedTcp = places.some((place) => !isFlow(place) && place.protocol === 'udp');
  if (!mayNeedTcp || serializeMessage(request).length + VIA_BYTES <= MAX_DATAGRAM_BYTES) return places;
  return places.flatMap((place) =>
    isFlow(place) || place.protocol !== 'udp'
      ? [place]
      : [{ ...targetOf(place), protocol: 'tcp' as const, connectTimeoutMs: CONNECT_TIMEOUT_MS }, place],
  );
}

function isFlow(place: Destination): boolean {
  return 'remoteAddress' in place;
}
