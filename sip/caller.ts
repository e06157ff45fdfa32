import { canonicalAddress } from '../src/domain/address.js';
import { codeInDialString } from '../src/domain/line-code.js';
import { SERVICE_NUMBER, papInDialString } from '../src/domain/pap.js';
import { isSipUser } from '../src/domain/sip-user.js';
import type { CallOpening, Source } from '../src/contract/messages.js';
import { parseDigestHeader } from './digest/digest-header.js';
import type { SipRequest, SipResponse } from './sip-messages.js';
import { dialledNumber, uriUser } from './sip-uri.js';
import type { MediaPool } from './media/media-pool.js';
import type { SipServer } from './sip-server.js';

/**
 * What an INVITE claims of its caller, where it came from, and what was dialled. `dialled` may hold
 * a PAP or a code: it is not for logs.
 */
export interface SipCaller {
  user: string | null;
  dialled: string;
  source: Source;
}

/**
 * What the source of a request is, for all of this application. The address is in its one spelling.
 */
export function signallingSource(request: SipRequest): Source {
  return {
    protocol: request.protocol.toLowerCase(),
    address: canonicalAddress(request.source_address) ?? request.source_address,
    port: request.source_port,
  };
}

/**
 * Whether a request comes from this host. A phone behind a NAT may send from another port of it,
 * and has one for each TCP connection.
 */
export function isFromHost(request: SipRequest, source: Source): boolean {
  return signallingSource(request).address === source.address;
}

/** The header that a phone answers a challenge with. Some answer a 401 in the proxy's header. */
export function authorizationOf(request: SipRequest): string | undefined {
  return request.get('authorization') ?? request.get('proxy-authorization');
}

/** The user that the credentials name, else the one of the From header, proved or not. */
export function readCaller(request: SipRequest): SipCaller {
  const named = parseDigestHeader(authorizationOf(request) ?? '')?.[0]?.get('username');
  const user = named !== undefined && named !== '' ? named : fromUser(request);
  return {
    user: user !== null && isSipUser(user) ? user : null,
    dialled: dialledNumber(request.uri),
    source: signallingSource(request),
  };
}

/**
 * What was dialled, by form alone, for whether it is a code depends on the caller; never the
 * digits.
 */
export function dialledKind(dialled: string): CallOpening['dialled'] {
  if (papInDialString(dialled) !== null) return 'pap';
  if (dialled.replace(/#$/, '') === SERVICE_NUMBER) return 'service';
  return codeInDialString(dialled) === null ? 'other' : 'code';
}

function fromUser(request: SipRequest): string | null {
  try {
    return uriUser(request.getParsedHeader('from').uri);
  } catch {
    // drachtio-srf throws on a From header that it cannot read; the caller then has no account
    return null;
  }
}

/** An INVITE that is being answered, and whether its caller is still there. */
export interface Invitation {
  request: SipRequest;
  response: SipResponse;
  caller: SipCaller;
  /** Aborted by the caller's CANCEL. */
  cancelled: AbortSignal;
  server: SipServer;
  media: MediaPool;
}
