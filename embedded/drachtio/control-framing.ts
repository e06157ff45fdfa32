/**
 * Frames of the control protocol: `<bytes>#<payload>`, without a delimiter after them. Several may
 * come in one read, one in several.
 */

/**
 * Longest payload taken. The real server hangs the connection beyond 12,228 bytes; a frame here is
 * refused only when it can carry no SIP message.
 */
export const MAX_PAYLOAD_BYTES = 65_536;

/** A length has at most this many digits (the client's own limit is five). */
const MAX_LENGTH_DIGITS = 5;
const HASH = 0x23;

/** The stream is not in this format; nothing that follows can be trusted. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
}

/** Encodes one payload. The length counts bytes, not characters. */
export function encodeFrame(payload: string): string {
  return `${Buffer.byteLength(payload, 'utf8')}#${payload}`;
}

/**
 * Cuts a byte stream into payloads. Holds at most one incomplete frame, so its memory is bounded by
 * `MAX_PAYLOAD_BYTES`.
 */
export class FrameReader {
  #pending: Buffer = Buffer.alloc(0);

  /**
   * Takes the next bytes and yields every payload they complete.
   * @throws FramingError when the bytes are not frames; the reader must not be used afterwards.
   */
  *push(chunk: Buffer): Generator<string> {
    let rest = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    for (;;) {
      const frame = cut(rest);
      if (frame === undefined) break;
      rest = rest.subarray(frame.end);
      // Kept up to date before each yield: a consumer may stop in the middle.
      this.#pending = rest;
      yield frame.payload;
    }
    // A copy, because a subarray would keep the whole read buffer alive for a few left-over bytes.
    this.#pending = Buffer.from(rest);
  }
}

function cut(bytes: Buffer): { payload: string; end: number } | undefined {
  const hash = bytes.subarray(0, MAX_LENGTH_DIGITS + 1).indexOf(HASH);
  const digits = bytes.toString(
    'latin1',
    0,
    hash === -1 ? Math.min(bytes.length, MAX_LENGTH_DIGITS + 1) : hash,
  );
  if (!/^\d*$/.test(digits)) throw new FramingError('a frame does not begin with its length');
  if (hash === -1) {
    if (digits.length > MAX_LENGTH_DIGITS)
      throw new FramingError('the length of a frame has too many digits');
    return undefined;
  }
  const length = Number(digits);
  if (digits === '' || length === 0) throw new FramingError('a frame has no length');
  if (length > MAX_PAYLOAD_BYTES)
    throw new FramingError(`a frame of ${length} bytes is longer than ${MAX_PAYLOAD_BYTES}`);
  const end = hash + 1 + length;
  if (bytes.length < end) return undefined;
  return { payload: bytes.toString('utf8', hash + 1, end), end };
}
