/**
 * The six tokens that say where a SIP message came from or went to:
 * `source|bytes|protocol|address|port|time`.
 */
import type { SipProtocol } from '../../telephony/sip/flow.js';

export interface MessageMeta {
  /** Who made the message: the other side, or the application behind this server. */
  readonly source: 'network' | 'application';
  readonly bytes: number;
  readonly protocol: SipProtocol;
  /**
   * Of a received message its sender; of a sent request this server; of a sent response its
   * receiver.
   */
  readonly address: string;
  readonly port: number;
  readonly at: Date;
}

export function formatMeta(meta: MessageMeta): string {
  return [meta.source, meta.bytes, meta.protocol, meta.address, meta.port, formatTime(meta.at)].join('|');
}

/**
 * `hh:mm:ss.uuuuuu` in UTC. The clock gives milliseconds; the protocol has room for microseconds.
 */
export function formatTime(at: Date): string {
  return `${at.toISOString().slice(11, 23)}000`;
}
