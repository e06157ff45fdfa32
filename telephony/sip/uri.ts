import type { Params } from './params.js';

/** A SIP or SIPS URI (RFC 3261 19.1). */
export interface SipUri {
  readonly scheme: 'sip' | 'sips';
  /** Unescaped user part; undefined when there is no `@`. */
  readonly user?: string;
  readonly password?: string;
  /** Host name or address; IPv6 without brackets. */
  readonly host: string;
  readonly port?: number;
  /** Values as written, escapes included. */
  readonly params: Params;
  /** The part behind `?`, raw. */
  readonly headers?: string;
}

const HOST_PORT = /^(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/;

/** undefined when it is no SIP or SIPS URI (`tel:` included). */
export function parseUri(text: string): SipUri | undefined {
  const colon = text.indexOf(':');
  const scheme = text.slice(0, Math.max(colon, 0)).toLowerCase();
  if (scheme !== 'sip' && scheme !== 'sips') return undefined;
  const at = text.indexOf('@', colon);
  const rest = text.slice((at < 0 ? colon : at) + 1);
  // The user part may contain ; and ? (RFC 3261 25.1), so parameters are looked for behind the @
  // only.
  const question = rest.indexOf('?');
  const beforeHeaders = question < 0 ? rest : rest.slice(0, question);
  const semicolon = beforeHeaders.indexOf(';');
  const hostPort = HOST_PORT.exec(semicolon < 0 ? beforeHeaders : beforeHeaders.slice(0, semicolon));
  const host = hostPort?.[1] ?? hostPort?.[2];
  if (host === undefined) return undefined;
  const port = hostPort?.[3] === undefined ? undefined : Number(hostPort[3]);
  if (port !== undefined && (port === 0 || port > 65_535)) return undefined;
  return {
    scheme,
    ...(at < 0 ? {} : parseUserInfo(text.slice(colon + 1, at))),
    host,
    ...(port === undefined ? {} : { port }),
    params: parseUriParams(semicolon < 0 ? '' : beforeHeaders.slice(semicolon + 1)),
    ...(question < 0 ? {} : { headers: rest.slice(question + 1) }),
  };
}

export function formatUri(uri: SipUri): string {
  let text = `${uri.scheme}:`;
  if (uri.user !== undefined) {
    text += escape(uri.user, USER_SAFE);
    if (uri.password !== undefined) text += `:${escape(uri.password, PASSWORD_SAFE)}`;
    text += '@';
  }
  text += formatHostPort(uri.host, uri.port);
  for (const [name, value] of uri.params) text += value === true ? `;${name}` : `;${name}=${value}`;
  return uri.headers === undefined ? text : `${text}?${uri.headers}`;
}

/** `host`, `host:port`, with brackets around IPv6. */
export function formatHostPort(host: string, port?: number): string {
  const bracketed = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return port === undefined ? bracketed : `${bracketed}:${port}`;
}

function parseUserInfo(text: string): Pick<SipUri, 'user' | 'password'> {
  const colon = text.indexOf(':');
  if (colon < 0) return { user: unescape(text) };
  return { user: unescape(text.slice(0, colon)), password: unescape(text.slice(colon + 1)) };
}

function parseUriParams(text: string): Params {
  const params: Params = new Map();
  for (const piece of text.split(';')) {
    const equals = piece.indexOf('=');
    const name = (equals < 0 ? piece : piece.slice(0, equals)).trim().toLowerCase();
    if (name === '' || params.has(name)) continue;
    params.set(name, equals < 0 ? true : piece.slice(equals + 1).trim());
  }
  return params;
}

/**
 * What RFC 3261 25.1 lets stand unescaped. `#` is not among it: a dialled `*89*1#` travels as
 * `*89*1%23`.
 */
const USER_SAFE = /[^A-Za-z0-9\-_.!~*'()&=+$,;?/]/gu;
const PASSWORD_SAFE = /[^A-Za-z0-9\-_.!~*'()&=+$,]/gu;

function escape(text: string, unsafe: RegExp): string {
  return text.replace(unsafe, (character) =>
    [...Buffer.from(character, 'utf8')]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}

/** Text whose escapes are no UTF-8 stays as it is: it is compared, not shown. */
function unescape(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
