/**
 * What FreeSWITCH says on its event socket: header lines, an empty line, and as many bytes of body
 * as `Content-Length` says. Bounded, and each byte is looked at once: a head that never ends costs
 * its sender more than us.
 */

/**
 * The reply to `connect` holds all variables of a channel, among them three SDPs of up to 12 kB,
 * URL-encoded.
 */
const MAX_HEAD_BYTES = 256 * 1024;
/** An event as JSON holds the same. */
const MAX_BODY_BYTES = 1024 * 1024;
const FIRST_BUFFER_BYTES = 4096;
const LINE_FEED = 0x0a;

export interface Frame {
  /** Values are decoded (`%20`). Of two headers of one name the last counts. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** The whole as it came. */
  readonly bytes: Buffer;
}

/** The stream is not in this format, or beyond its bounds: nothing that follows can be trusted. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}

/** Cuts a byte stream into frames. */
export class FrameReader {
  #buffer = Buffer.alloc(FIRST_BUFFER_BYTES);
  #length = 0;
  /** Up to here no end of the head was found. */
  #searched = 0;
  #head: { headers: Map<string, string>; end: number; bodyBytes: number } | null = null;

  /**
   * Takes the next bytes and answers the frames that they complete.
   * @throws FrameError; the reader must not be used afterwards
   */
  push(chunk: Buffer): Frame[] {
    this.#append(chunk);
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== null; frame = this.#next()) frames.push(frame);
    if (this.#head === null && this.#length > MAX_HEAD_BYTES) throw new FrameError('a head without an end');
    return frames;
  }

  #next(): Frame | null {
    this.#head ??= this.#readHead();
    if (this.#head === null) return null;
    const { headers, end, bodyBytes } = this.#head;
    if (this.#length < end + bodyBytes) return null;
    const bytes = Buffer.from(this.#buffer.subarray(0, end + bodyBytes));
    this.#buffer.copyWithin(0, end + bodyBytes, this.#length);
    this.#length -= end + bodyBytes;
    this.#searched = 0;
    this.#head = null;
    return { headers, body: bytes.toString('utf8', end), bytes };
  }

  #readHead(): { headers: Map<string, string>; end: number; bodyBytes: number } | null {
    for (let at = this.#searched; at + 1 < this.#length; at++) {
      if (this.#buffer[at] !== LINE_FEED || this.#buffer[at + 1] !== LINE_FEED) continue;
      if (at > MAX_HEAD_BYTES) throw new FrameError('a head that is too long');
      const headers = readHeaders(this.#buffer.toString('utf8', 0, at));
      return { headers, end: at + 2, bodyBytes: bodyLength(headers) };
    }
    this.#searched = Math.max(0, this.#length - 1);
    return null;
  }

  #append(chunk: Buffer): void {
    const needed = this.#length + chunk.length;
    if (needed > this.#buffer.length) {
      const larger = Buffer.alloc(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    chunk.copy(this.#buffer, this.#length);
    this.#length = needed;
  }
}

function readHeaders(text: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [name = '', ...value] = line.split(': ');
    try {
      headers.set(name, decodeURIComponent(value.join(': ')));
    } catch {
      throw new FrameError('a header whose value is not URL-encoded');
    }
  }
  return headers;
}

function bodyLength(headers: ReadonlyMap<string, string>): number {
  const text = headers.get('Content-Length');
  if (text === undefined) return 0;
  if (!/^\d{1,7}$/.test(text) || Number(text) > MAX_BODY_BYTES)
    throw new FrameError('a body of no length that can be taken');
  return Number(text);
}
