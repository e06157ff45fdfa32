import { randomInt } from 'node:crypto';

/**
 * Our SDP in one call, whichever part wrote it: the origin stays the same, and its
 * version rises by one with every change.
 */
export class LocalDescription {
  readonly #session = randomInt(1, 2 ** 47);
  #version = 0;
  #told = '';

  /** An SDP with our origin (RFC 3264 8). */
  tell(sdp: string): string {
    const told = sdp.replace(/^o=\S+ \d+ \d+ /m, '');
    if (told !== this.#told) this.#version += 1;
    this.#told = told;
    return sdp.replace(/^o=\S+ \d+ \d+ /m, `o=dialgate ${this.#session} ${this.#version} `);
  }
}
