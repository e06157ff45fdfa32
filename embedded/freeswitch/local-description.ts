import { randomInt } from 'node:crypto';

import type { AudioFormat, TransportAddress } from '../../telephony/media/format.js';
import type { RemoteAudio } from '../../telephony/media/sdp.js';
import { writeAnswer, writeOffer } from '../../telephony/media/sdp-writing.js';

/** Our SDP in one call: its identity stays, its version rises (RFC 3264 8). */
export class LocalDescription {
  readonly #rtp: TransportAddress;
  readonly #sessionId = randomInt(1, 2 ** 47);
  #version = 0;
  #text = '';

  constructor(rtp: TransportAddress) {
    this.#rtp = rtp;
  }

  /** What was said last. */
  get text(): string {
    return this.#text;
  }

  get rtp(): TransportAddress {
    return this.#rtp;
  }

  offer(): string {
    return (this.#text = writeOffer(this.#next(), ['PCMU', 'PCMA']));
  }

  answer(offer: RemoteAudio, format: AudioFormat): string {
    return (this.#text = writeAnswer(this.#next(), offer, format));
  }

  #next(): { rtp: TransportAddress; sessionId: number; sessionVersion: number } {
    return { rtp: this.#rtp, sessionId: this.#sessionId, sessionVersion: ++this.#version };
  }
}
