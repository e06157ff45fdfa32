/**
 * A command of an event socket client: its first line, and the header lines that followed, names in
 * lower case.
 */
export interface EslCommand {
  readonly line: string;
  readonly headers: ReadonlyMap<string, string>;
}

export type EslReading =
  | { readonly kind: 'commands'; readonly commands: readonly EslCommand[] }
  /** The client does not speak this protocol, or sends without end: it is to be disconnected. */
  | { readonly kind: 'overflow' };

/** The longest command: a line of `api` with all its arguments, headers included. */
const MAX_COMMAND_BYTES = 64 * 1024;
/** The empty line behind a command. */
const END = /\r?\n\r?\n/g;
/** The most header lines of one command. */
const MAX_HEADERS = 100;

/**
 * Cuts a byte stream into event socket commands: lines up to an empty one, line ends LF or CR LF. A
 * command with Content-Length has a body; no command that is served here needs one, so bodies are
 * skipped.
 */
export class EslReader {
  #pending = '';
  /**
   * Up to here no end of a command was found: a command that comes in small pieces is not searched
   * again with each.
   */
  #searched = 0;
  #bodyBytes = 0;

  /**
   * Takes the next piece of the stream. Latin-1 keeps bytes countable; arguments are decoded when
   * the command is whole.
   */
  push(chunk: Buffer): EslReading {
    this.#pending += chunk.toString('latin1');
    const commands: EslCommand[] = [];
    for (;;) {
      this.#skipBody();
      if (this.#bodyBytes > 0) break;
      // Empty lines between commands mean nothing.
      if (this.#searched === 0) this.#pending = this.#pending.replace(/^[\r\n]+/, '');
      END.lastIndex = this.#searched;
      const end = END.exec(this.#pending);
      if (end === null) {
        this.#searched = Math.max(0, this.#pending.length - 3);
        break;
      }
      const text = this.#pending.slice(0, end.index);
      this.#pending = this.#pending.slice(end.index + end[0].length);
      this.#searched = 0;
      const command = text.length > MAX_COMMAND_BYTES ? undefined : readCommand(text);
      if (command === undefined) return { kind: 'overflow' };
      commands.push(command);
      this.#bodyBytes = bodyLength(command);
    }
    if (this.#pending.length > MAX_COMMAND_BYTES || this.#bodyBytes > MAX_COMMAND_BYTES)
      return { kind: 'overflow' };
    return { kind: 'commands', commands };
  }

  #skipBody(): void {
    const skipped = Math.min(this.#bodyBytes, this.#pending.length);
    this.#pending = this.#pending.slice(skipped);
    this.#bodyBytes -= skipped;
  }
}

function readCommand(text: string): EslCommand | undefined {
  const [line = '', ...rest] = Buffer.from(text, 'latin1').toString('utf8').split(/\r?\n/);
  if (rest.length > MAX_HEADERS) return undefined;
  const headers = new Map<string, string>();
  for (const each of rest) {
    const colon = each.indexOf(':');
    if (colon > 0) headers.set(each.slice(0, colon).trim().toLowerCase(), each.slice(colon + 1).trim());
  }
  return { line: line.trim(), headers };
}

function bodyLength(command: EslCommand): number {
  const length = Number(command.headers.get('content-length') ?? 0);
  return Number.isSafeInteger(length) && length > 0 ? length : 0;
}

/** Values of plain events are URL-encoded; the client decodes them. */
function encodeLines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${encodeURIComponent(value)}\n`)
    .join('');
}

export const AUTH_REQUEST = 'Content-Type: auth/request\n\n';

export function commandReply(text: string, headers = ''): string {
  return `Content-Type: command/reply\nReply-Text: ${text}\n${headers}\n`;
}

export function apiResponse(body: string): string {
  return `Content-Type: api/response\nContent-Length: ${Buffer.byteLength(body)}\n\n${body}`;
}

/** The reply to `connect`: everything about the channel, as headers of a command/reply. */
export function channelDataReply(headers: Readonly<Record<string, string>>): string {
  return `${encodeLines({ ...headers, 'Content-Type': 'command/reply', 'Reply-Text': '+OK\n' })}\n`;
}

/** A plain event as text: what `uuid_dump` answers. */
export function plainEvent(headers: Readonly<Record<string, string>>): string {
  return `${encodeLines(headers)}\n`;
}

export function eventFrame(format: EventFormat, headers: Readonly<Record<string, string>>): string {
  const body = format === 'json' ? JSON.stringify(headers) : plainEvent(headers);
  return `Content-Length: ${Buffer.byteLength(body)}\nContent-Type: text/event-${format}\n\n${body}`;
}

export type EventFormat = 'json' | 'plain';

/** The farewell before the connection is closed. */
export function disconnectNotice(): string {
  const text = 'Disconnected, goodbye.\n';
  return `Content-Type: text/disconnect-notice\nContent-Length: ${Buffer.byteLength(text)}\n\n${text}`;
}
