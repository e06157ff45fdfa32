import type { TransportAddress } from './format.js';
import { sequenceDistance } from './rtp.js';
import type { RtpPacket } from './rtp.js';

/** An unannounced source is believed after so many packets in sequence (MIN_SEQUENTIAL of RFC 3550 section A.1). */
const PROBATION_PACKETS = 2;

interface Candidate {
  readonly address: string;
  readonly port: number;
  readonly ssrc: number;
  sequence: number;
  packets: number;
}

/**
 * Decides whose RTP counts and where ours goes ("symmetric RTP", RFC 4961).
 *
 * The peer that the SDP named is believed at once and for good. Behind a NAT it speaks from another address: then the first source
 * that sends a plausible stream is taken and kept, and everybody else is a stranger. Only if the named peer itself is
 * heard after all does it take its place back.
 */
export class RtpLatch {
  #signalled: TransportAddress | undefined;
  #latched: TransportAddress | undefined;
  #candidate: Candidate | undefined;

  constructor(signalled: TransportAddress | undefined) {
    this.#signalled = signalled;
  }

  /** Where to send; undefined when nobody has been named or heard. */
  get target(): TransportAddress | undefined {
    return this.#latched ?? this.#signalled;
  }

  /** A new offer or answer named this peer: what was latched before is forgotten. */
  signal(peer: TransportAddress | undefined): void {
    if (peer !== undefined && sameAddress(peer, this.#signalled)) return;
    this.#signalled = peer;
    this.#latched = undefined;
    this.#candidate = undefined;
  }

  /** Whether a packet from this source belongs to the call. */
  accept(source: TransportAddress, packet: RtpPacket): boolean {
    if (sameAddress(source, this.#signalled)) {
      this.#latched = this.#signalled;
      return true;
    }
    if (this.#latched !== undefined) return sameAddress(source, this.#latched);
    return this.#isProven(source, packet);
  }

  #isProven({ address, port }: TransportAddress, { ssrc, sequence }: RtpPacket): boolean {
    const candidate = this.#candidate;
    const follows =
      candidate !== undefined &&
      sameAddress(candidate, { address, port }) &&
      candidate.ssrc === ssrc &&
      sequenceDistance(candidate.sequence, sequence) === 1;
    if (!follows) {
      this.#candidate = { address, port, ssrc, sequence, packets: 1 };
      return false;
    }
    candidate.sequence = sequence;
    if (++candidate.packets < PROBATION_PACKETS) return false;
    this.#latched = { address, port };
    this.#candidate = undefined;
    return true;
  }
}

function sameAddress(a: TransportAddress, b: TransportAddress | undefined): boolean {
  return b !== undefined && a.port === b.port && a.address === b.address;
}
