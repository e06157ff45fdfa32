import { MAX_HEAD_BYTES, MAX_MESSAGE_BYTES } from './parse.js';

export type StreamPiece =
  /** One whole message, from start-line to the end of its body. */
  | { readonly kind: 'message'; readonly bytes: Buffer }
  /** A double CRLF: the keep-alive of RFC 5626 4.4.1, to be answered by a single CRLF. */
  | { readonly kind: 'ping' }
  /** A single CRLF between messages: the answer to such a keep-alive. */
  | { readonly kind: 'pong' }
  /**
   * The stream cannot be followed any further: refuse the message with that status, where its head
   * tells how, and close the connection.
   */
  | { readonly kind: 'broken'; readonly reason: string; readonly status: 400 | 513; readonly head: Buffer };

export type BrokenStream = Extract<StreamPiece, { kind: 'broken' }>;

const LF = 0x0a;
const CR = 0x0d;
const CONTENT_LENGTH = /\n(?:content-length|l)[ \t]*:[ \t]*(?:\r?\n[ \t]+)?([^\r\n]*)/i;

/**
 * Cuts a TCP stream into SIP messages by Content-Length (RFC 3261 18.3). Holds no more than one
 * message's limit.
 */
export class StreamFramer {
  /**
   * What has come and is not yet a whole message: `#store` from 0 to `#used`. Grows by doubling, so
   * that dripping bytes stay cheap.
   */
  #store = Buffer.alloc(0);
  #used = 0;
  /** Bytes already searched for the end of the head. */
  #searched = 0;
  /** Total length of the message being read, once its head is complete. */
  #expected: number | undefined;
  #afterLoneLineBreak = false;
  #isBroken = false;

  /** Whether a message has begun and is not complete. */
  get isAmidMessage(): boolean {
    return this.#used > 0 && !this.#isBroken;
  }

  /** Takes what was read and returns what is complete. After `broken` nothing more is returned. */
  push(chunk: Buffer): StreamPiece[] {
    if (this.#isBroken) return [];
    this.#append(chunk);
    const pieces: StreamPiece[] = [];
    for (let piece = this.#next(); piece !== undefined; piece = this.#next()) {
      pieces.push(piece);
      if (piece.kind === 'broken') {
        this.#isBroken = true;
        this.#store = Buffer.alloc(0);
        return pieces;
      }
    }
    return pieces;
  }

  #next(): StreamPiece | undefined {
    const first = this.#store[0];
    if (this.#used === 0) return undefined;
    if (first === CR || first === LF) return this.#lineBreak();
    this.#afterLoneLineBreak = false;
    this.#expected ??= this.#findLength();
    if (this.#expected === undefined) {
      return this.#used > MAX_HEAD_BYTES ? this.#broken('head too large', 513) : undefined;
    }
    if (Number.isNaN(this.#expected)) return this.#broken('bad Content-Length', 400);
    if (this.#expected > MAX_MESSAGE_BYTES) return this.#broken('message too large', 513);
    return this.#used < this.#expected ? undefined : { kind: 'message', bytes: this.#take(this.#expected) };
  }

  #broken(reason: string, status: 400 | 513): StreamPiece {
    return { kind: 'broken', reason, status, head: Buffer.from(this.#store.subarray(0, this.#used)) };
  }

  /**
   * Line breaks between messages are keep-alives. Two in a row are a ping, even when they come in
   * two reads.
   */
  #lineBreak(): StreamPiece | undefined {
    const length = this.#store[0] === LF ? 1 : 2;
    if (this.#used < length) return undefined;
    if (this.#store[length - 1] !== LF) return this.#broken('a CR without LF between messages', 400);
    this.#take(length);
    const isSecond = this.#afterLoneLineBreak;
    this.#afterLoneLineBreak = !isSecond;
    if (isSecond) return { kind: 'ping' };
    const next = this.#store[0];
    return this.#used > 0 && (next === CR || next === LF) ? this.#lineBreak() : { kind: 'pong' };
  }

  /**
   * Length of head and body together; NaN when Content-Length is no number; undefined while the
   * head is incomplete.
   */
  #findLength(): number | undefined {
    const held = this.#store.subarray(0, this.#used);
    const from = Math.max(0, this.#searched - 3);
    this.#searched = this.#used;
    const regular = held.indexOf('\n\r\n', from, 'latin1');
    const bare = (regular < 0 ? held : held.subarray(0, regular + 1)).indexOf('\n\n', from, 'latin1');
    if (regular < 0 && bare < 0) return undefined;
    const bodyStart = bare >= 0 ? bare + 2 : regular + 3;
    const value = CONTENT_LENGTH.exec(held.toString('latin1', 0, bodyStart))?.[1]?.trim();
    // RFC 3261 20.14 demands the header on streams; who leaves it out has no body.
    if (value === undefined) return bodyStart;
    return /^\d{1,9}$/.test(value) ? bodyStart + Number(value) : Number.NaN;
  }

  #append(chunk: Buffer): void {
    const needed = this.#used + chunk.length;
    if (needed > this.#store.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.#store.length, 2048));
      this.#store.copy(grown, 0, 0, this.#used);
      this.#store = grown;
    }
    chunk.copy(this.#store, this.#used);
    this.#used = needed;
  }

  #take(length: number): Buffer {
    const taken = Buffer.from(this.#store.subarray(0, length));
    this.#store.copy(this.#store, 0, length, this.#used);
    this.#used -= length;
    this.#searched = 0;
    this.#expected = undefined;
    if (this.#used === 0 && this.#store.length > 16_384) this.#store = Buffer.alloc(0);
    return taken;
  }
}
