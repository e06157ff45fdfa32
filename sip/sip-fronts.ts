import { canonicalAddress } from '../src/domain/address.js';
import { isWithin, type Prefix } from '../src/domain/prefix.js';
import type { Source } from '../src/contract/messages.js';
import type { SipRequest } from './sip-messages.js';
import { flowUri } from './sip-uri.js';

/**
 * What a front writes into each request, and gets back in each NOTIFY: the flow of the phone,
 * `<sip:192.0.2.7:5062;transport=tcp>`.
 */
const SOURCE_HEADER = 'X-Dialgate-Source';

const FLOW = /^\s*<sip:(?:\[([\da-f:.]+)\]|([\d.]+)):(\d{1,5});transport=(udp|tcp|tls)>\s*$/i;
const FIRST_URI = /^[^<,]*<\s*(sip:(?:[^@<>\s]*@)?(\[[\da-f:.]+\]|[\d.]+)(?::\d+)?)[;>]/i;

/**
 * Our own SIP proxies between phones and a drachtio-server (`deploy/kamailio`): only they are
 * believed when they say where a request came from.
 */
export class SipFronts {
  /** @param trusted their addresses on the side of the drachtio-server (`SIP_TRUSTED_PROXIES`) */
  constructor(private readonly trusted: readonly Prefix[]) {}

  /**
   * Makes the source of a request that a front passed on the phone's. Everything here goes by that;
   * without the header it stays the front's.
   */
  unveil(request: SipRequest): void {
    if (!this.#isFront(request.source_address)) return;
    const [, v6, v4, port, protocol] = FLOW.exec(request.get(SOURCE_HEADER) ?? '') ?? [];
    const address = canonicalAddress(v6 ?? v4 ?? '');
    if (address === null || protocol === undefined) return;
    Object.assign(request, { source_address: address, source_port: Number(port), protocol });
  }

  /**
   * How a phone is reached that registered by way of a front, which is the last to have put itself
   * into the Path: through the front, which is told over which flow. null for any other.
   */
  wayTo(source: Source, path: string | null): { proxy: string; headers: Record<string, string> } | null {
    const [, uri, host] = FIRST_URI.exec(path ?? '') ?? [];
    if (uri === undefined || !this.#isFront(host?.replace(/^\[|\]$/g, '') ?? '')) return null;
    return { proxy: uri, headers: { [SOURCE_HEADER]: `<${flowUri(source)}>` } };
  }

  #isFront(text: string): boolean {
    const address = canonicalAddress(text);
    return address !== null && this.trusted.some((prefix) => isWithin(address, prefix));
  }
}
