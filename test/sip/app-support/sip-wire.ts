/** SIP as text, for a test phone that shares no code with what it tests. */
import { createHash, randomUUID } from 'node:crypto';

export interface Message {
  /** The first line. */
  start: string;
  /** 0 for a request. */
  status: number;
  /** '' for a response. */
  method: string;
  headers: [name: string, value: string][];
  body: string;
}

export function parseMessage(text: string): Message {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [start = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  });
  const status = /^SIP\/2\.0 (\d+)/.exec(start)?.[1];
  return {
    start,
    status: Number(status ?? 0),
    method: status === undefined ? (start.split(' ')[0] ?? '') : '',
    headers,
    body: rest.join('\r\n\r\n'),
  };
}

export function all({ headers }: Message, name: string): string[] {
  return headers.filter(([one]) => one === name).map(([, value]) => value);
}

export function first(message: Message, name: string): string {
  return all(message, name)[0] ?? '';
}

export function formatMessage(start: string, headers: [string, string][], body = ''): string {
  const lines = [...headers, ['Content-Length', String(Buffer.byteLength(body))]].map(
    ([name, value]) => `${name}: ${value}`,
  );
  return [start, ...lines, '', body].join('\r\n');
}

/** Our response: Via, From, To, Call-ID and CSeq as they came. */
export function respond(request: Message, status: number, extra: [string, string][] = [], body = ''): string {
  const copied = request.headers
    .filter(([name]) => ['via', 'from', 'to', 'call-id', 'cseq', 'record-route'].includes(name))
    .map(([name, value]): [string, string] =>
      name === 'to' && !value.includes('tag=') && status > 100
        ? [name, `${value};tag=t${status}x`]
        : [name, value],
    );
  return formatMessage(`SIP/2.0 ${status} Whatever`, [...copied, ...extra], body);
}

export interface Login {
  user: string;
  password: string;
}

/** Answers the challenge with this algorithm; by default as phones of RFC 2617 do. */
export type Algorithm = 'MD5' | 'SHA-256' | 'SHA-512-256';

export function authorization(
  challenged: Message,
  login: Login,
  method: string,
  uri: string,
  options: { algorithm?: Algorithm; qop?: boolean } = {},
): string {
  const { algorithm = 'MD5', qop = true } = options;
  const header =
    all(challenged, 'www-authenticate').find((one) => one.includes(`algorithm=${algorithm},`)) ?? '';
  const [realm = '', nonce = ''] = ['realm', 'nonce'].map(
    (name) => new RegExp(`${name}="([^"]*)"`).exec(header)?.[1],
  );
  const hash = (text: string): string =>
    createHash({ MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' }[algorithm])
      .update(text)
      .digest('hex');
  const a1 = hash(`${login.user}:${realm}:${login.password}`);
  const a2 = hash(`${method}:${uri}`);
  const response = hash(qop ? `${a1}:${nonce}:00000001:abc:auth:${a2}` : `${a1}:${nonce}:${a2}`);
  const tail = qop ? ', qop=auth, nc=00000001, cnonce="abc"' : '';
  return `Digest username="${login.user}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=${algorithm}${tail}`;
}

export function branch(): string {
  return `z9hG4bK${randomUUID()}`;
}
