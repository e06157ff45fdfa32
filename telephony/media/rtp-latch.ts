import type { TransportAddress } from './format.js';
import { sequenceDistance } from './rtp.js';
import type { RtpPacket } from './rtp.js';

/** An unannounced source is believed after so many packets in sequence (MIN_SEQUENTIAL of RFC 3550 section A.1). */
const PROBATION_PACKETS = 2;
/**
 * A host that nobody has named gets packets for so long after one of its own. Source addresses can be forged: who forges one has to go on
 * forging, and cannot have us fill somebody's line with a whole call for two packets.
 */
const UNNAMED_HOST_MS = 1000;

/** Sources on probation at once. With one place, who sends between the packets of another would keep him from ever being proved. */
const MAX_CANDIDATES = 8;

interface Candidate {
  readonly source: TransportAddress;
  readonly ssrc: number;
  readonly sequence: number;
  readonly packets: number;
}

/**
 * Decides whose RTP counts and where ours goes ("symmetric RTP", RFC 4961).
 *
 * The peer that the SDP named is believed at once and for good. Behind a NAT it speaks from another port, or through a gateway from another
 * host: then the first source that sends a plausible stream is taken and kept, and everybody else is a stranger. Of the others only
 * the named peer may take its place, and the named host that of another host, for a stranger may have been faster.
 */
export class RtpLatch {
  #signalled: TransportAddress | undefined;
  #latched: TransportAddress | undefined;
  #heardAt = 0;
  /** The one heard last is at the end. */
  #candidates: Candidate[] = [];

  constructor(signalled: TransportAddress | undefined) {
    this.#signalled = signalled;
  }

  /** Where to send at `nowMs`, of the clock that `accept` is given; undefined when nobody has been named or heard. */
  target(nowMs: number): TransportAddress | undefined {
    if (this.#latched === undefined) return this.#signalled;
    const named = this.#signalled === undefined || isSameHost(this.#latched, this.#signalled);
    return named || nowMs - this.#heardAt < UNNAMED_HOST_MS ? this.#latched : undefined;
  }

  /** A new offer or answer named this peer: what was latched before is forgotten. */
  signal(peer: TransportAddress | undefined): void {
    if (peer !== undefined && isSame(peer, this.#signalled)) return;
    this.#signalled = peer;
    this.#latched = undefined;
    this.#candidates = [];
  }

  /** Whether nothing that this source sends can belong to the call: its packets need not be read. */
  shutsOut(source: TransportAddress): boolean {
    if (this.#latched === undefined || isSame(source, this.#latched) || isSame(source, this.#signalled))
      return false;
    return !this.#isOpenTo(source);
  }

  /** Whether a packet from this source belongs to the call; `nowMs` is any steady clock. */
  accept(source: TransportAddress, packet: RtpPacket, nowMs: number): boolean {
    if (isSame(source, this.#signalled)) this.#latched = this.#signalled;
    else if (!isSame(source, this.#latched) && !(this.#isOpenTo(source) && this.#isProven(source, packet)))
      return false;
    this.#heardAt = nowMs;
    return true;
  }

  /** Whether this source could become the peer. */
  #isOpenTo(source: TransportAddress): boolean {
    if (this.#latched === undefined) return true;
    return !isSameHost(this.#latched, this.#signalled) && isSameHost(source, this.#signalled);
  }

  #isProven({ address, port }: TransportAddress, { ssrc, sequence }: RtpPacket): boolean {
    const source = { address, port };
    const before = this.#candidates.find((one) => isSame(one.source, source));
    const follows =
      before !== undefined && before.ssrc === ssrc && sequenceDistance(before.sequence, sequence) === 1;
    const packets = follows ? before.packets + 1 : 1;
    const others = this.#candidates.filter((one) => one !== before).slice(1 - MAX_CANDIDATES);
    this.#candidates = [...others, { source, ssrc, sequence, packets }];
    if (packets < PROBATION_PACKETS) return false;
    this.#latched = source;
    this.#candidates = [];
    return true;
  }
}

function isSame(a: TransportAddress, b: TransportAddress | undefined): boolean {
  return b !== undefined && a.port === b.port && a.address === b.address;
}

function isSameHost(a: TransportAddress, b: TransportAddress | undefined): boolean {
  return a.address === b?.address;
}
