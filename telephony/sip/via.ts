import { formatParams, parseParams, type Params } from './params.js';
import { formatHostPort } from './uri.js';

/** One Via value (RFC 3261 20.42). */
export interface Via {
  /** `UDP`, `TCP`, …, upper case. */
  readonly transport: string;
  /** Sent-by host; IPv6 without brackets. */
  readonly host: string;
  readonly port?: number;
  /** branch, received, rport, maddr, ttl and others. */
  readonly params: Params;
}

const SENT_BY =
  /^SIP\s*\/\s*2\.0\s*\/\s*([\w\-.!%*+`'~]+)\s+(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+))\s*(?::\s*(\d{1,5}))?$/i;

/**
 * undefined when it is no Via of SIP/2.0. White space is allowed wherever the grammar allows it.
 */
export function parseVia(text: string): Via | undefined {
  const semicolon = text.indexOf(';');
  const match = SENT_BY.exec((semicolon < 0 ? text : text.slice(0, semicolon)).trim());
  const transport = match?.[1];
  const host = match?.[2] ?? match?.[3];
  if (transport === undefined || host === undefined) return undefined;
  const port = match?.[4] === undefined ? undefined : Number(match[4]);
  if (port !== undefined && (port === 0 || port > 65_535)) return undefined;
  return {
    transport: transport.toUpperCase(),
    host,
    ...(port === undefined ? {} : { port }),
    params: parseParams(semicolon < 0 ? '' : text.slice(semicolon)),
  };
}

export function formatVia(via: Via): string {
  return `SIP/2.0/${via.transport} ${formatHostPort(via.host, via.port)}${formatParams(via.params)}`;
}

/** The start of every branch made by an RFC 3261 element (8.1.1.7). */
export const BRANCH_MAGIC = 'z9hG4bK';
