import { isIPv6 } from 'node:net';

import type { AgentContext } from './agent-context.js';
import type { Credentials } from './digest.js';
import type { Destination } from './flow.js';
import { SipHeaders, type HeadersInit } from './headers.js';
import { newCallId, newTag } from './identifiers.js';
import { createRequest, type SipRequest } from './message.js';
import { literalTarget, nextHop, resolveTargets } from './resolve.js';
import type { SipTransport } from './transport.js';

/** A request outside of any dialog. */
export interface OutgoingRequest {
  readonly method: string;
  readonly uri: string;
  /** URI or name-addr, without tag. */
  readonly from: string;
  /** Default: `uri`. */
  readonly to?: string;
  /** Default: resolved from the Route or the URI. */
  readonly destination?: Destination;
  /** Answers a 401 or 407 (again if it says stale). */
  readonly credentials?: Credentials;
  readonly headers?: HeadersInit;
  readonly body?: Buffer | string;
  /**
   * For requests that continue a series (REGISTER refreshes): Call-ID, From tag and the first CSeq
   * to use.
   */
  readonly callId?: string;
  readonly fromTag?: string;
  readonly sequence?: number;
  /** A Contact value, or false for none. Default: ours, as seen from the destination. */
  readonly contact?: string | false;
}

/**
 * A function that makes the request, each time with the next CSeq. undefined as destination leaves
 * the default Contact out.
 */
export function requestBuilder(
  init: OutgoingRequest,
  context: AgentContext,
): (destination: Destination | undefined) => SipRequest {
  const callId = init.callId ?? newCallId();
  const fromTag = init.fromTag ?? newTag();
  let sequence = init.sequence ?? 1;
  return (destination) => {
    const ownContact = destination === undefined ? undefined : context.contactFor(destination);
    const headers = new SipHeaders({
      'Max-Forwards': '70',
      From: `${bracketed(init.from)};tag=${fromTag}`,
      To: bracketed(init.to ?? init.uri),
      'Call-ID': callId,
      CSeq: `${sequence} ${init.method}`,
      Contact: init.contact === false ? undefined : (init.contact ?? ownContact),
    });
    sequence += 1;
    const extra = new SipHeaders(init.headers);
    for (const name of new Set([...extra].map(([each]) => each))) headers.set(name, extra.all(name));
    if (init.body !== undefined && init.method === 'INVITE' && !headers.has('Content-Type')) {
      headers.set('Content-Type', 'application/sdp');
    }
    const { method, uri } = init;
    return createRequest({ method, uri, headers, ...(init.body === undefined ? {} : { body: init.body }) });
  };
}

/** undefined when the name is unknown or the URI is none we can follow. Never rejects. */
export async function destinationOf(
  init: OutgoingRequest,
  transport: SipTransport,
): Promise<Destination | undefined> {
  if (init.destination !== undefined) return init.destination;
  const hop = nextHop(
    createRequest({ method: init.method, uri: init.uri, headers: new SipHeaders(init.headers) }),
  );
  const targets = [literalTarget(hop)].filter((each) => each !== undefined);
  const found = targets.length > 0 ? targets : await resolveTargets(hop);
  // From an IPv4 address no IPv6 one can be reached.
  return found.find(({ address }) => isIPv6(transport.host) || !isIPv6(address)) ?? found[0];
}

function bracketed(address: string): string {
  return address.includes('<') ? address : `<${address}>`;
}
