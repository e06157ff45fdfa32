import type { TransportAddress } from './format.js';
import { sequenceDistance } from './rtp.js';
import type { RtpPacket } from './rtp.js';

/**
 * An unannounced source is believed after so many packets in sequence (MIN_SEQUENTIAL of RFC 3550
 * section A.1).
 */
const PROBATION_PACKETS = 2;
/**
 * A host that was not signalled gets packets for so long after one of its own. Source addresses can
 * be forged: the attacker has to go on forging, and cannot have a victim's line filled with a whole
 * call for two packets.
 */
const UNNAMED_HOST_MS = 1000;

/**
 * Sources on probation at once. With one place, a sender between the packets of another would keep
 * that one from ever being proved.
 */
const MAX_CANDIDATES = 8;

interface Candidate {
  readonly source: TransportAddress;
  readonly ssrc: number;
  readonly sequence: number;
  readonly packets: number;
}

/**
 * A stream that goes on from another port has lost no more packets than that meanwhile (MAX_DROPOUT
 * of RFC 3550 A.1).
 */
const MAX_DROPOUT = 3000;

/** Where the other side wants its RTP, and which hosts it may come from. */
export interface SignalledPeer {
  readonly peer: TransportAddress | undefined;
  /** Its own host is always one of them. undefined: any, until the peer's is heard. */
  readonly hosts?: readonly string[] | undefined;
}

/**
 * Decides whose RTP counts and where ours goes ("symmetric RTP", RFC 4961).
 *
 * The peer that the SDP named is believed at once and for good. Behind a NAT it speaks from another
 * port, or through a gateway from another host: then the first source that sends a plausible stream
 * is taken and kept, and everybody else is a stranger. Of the others only the named peer may take
 * its place, and the named host that of another host, for a stranger may have been faster.
 *
 * A NAT may give a phone another port in the middle of a call. Then its stream goes on from there,
 * with its SSRC and the next numbers: who has them has overheard the call or is the phone. So a
 * source of the same host that goes on with the stream takes its place after two packets; a stream
 * of its own, or another host, never does.
 */
export class RtpLatch {
  #signalled: TransportAddress | undefined;
  #hosts: readonly string[] | undefined;
  #latched: TransportAddress | undefined;
  /** The stream of the latched source, as far as it has been heard. */
  #stream: { ssrc: number; sequence: number } | undefined;
  #heardAt = 0;
  /** The one heard last is at the end. */
  #candidates: Candidate[] = [];

  constructor(signalled: TransportAddress | undefined, hosts?: readonly string[]) {
    this.#signalled = signalled;
    this.#hosts = hosts;
  }

  /**
   * Where to send at `nowMs`, of the clock that `accept` is given; undefined when no peer was
   * signalled or heard.
   */
  target(nowMs: number): TransportAddress | undefined {
    if (this.#latched === undefined) return this.#signalled;
    const named = this.#signalled === undefined || isSameHost(this.#latched, this.#signalled);
    return named || nowMs - this.#heardAt < UNNAMED_HOST_MS ? this.#latched : undefined;
  }

  /** A new offer or answer named this peer: what was latched before is forgotten. */
  signal({ peer, hosts }: SignalledPeer): void {
    this.#hosts = hosts;
    if (peer !== undefined && isSame(peer, this.#signalled)) return;
    this.#signalled = peer;
    this.#latched = undefined;
    this.#stream = undefined;
    this.#candidates = [];
  }

  /**
   * Whether nothing that this source sends can belong to the call: its packets need not be read.
   */
  shutsOut(source: TransportAddress): boolean {
    const isKnown = isSame(source, this.#latched) || isSame(source, this.#signalled);
    return !isKnown && !this.#isOpenTo(source) && !this.#mayBeMoved(source);
  }

  /** Whether a packet from this source belongs to the call; `nowMs` is any steady clock. */
  accept(source: TransportAddress, packet: RtpPacket, nowMs: number): boolean {
    if (isSame(source, this.#signalled)) this.#latched = this.#signalled;
    else if (
      !isSame(source, this.#latched) &&
      !(this.#mayTakeOver(source, packet) && this.#isProven(source, packet))
    )
      return false;
    const { ssrc, sequence } = packet;
    const isLater = this.#stream?.ssrc !== ssrc || sequenceDistance(this.#stream.sequence, sequence) > 0;
    if (isLater) this.#stream = { ssrc, sequence };
    this.#heardAt = nowMs;
    return true;
  }

  #mayTakeOver(source: TransportAddress, { ssrc, sequence }: RtpPacket): boolean {
    if (this.#isOpenTo(source)) return true;
    if (!this.#mayBeMoved(source) || this.#stream?.ssrc !== ssrc) return false;
    const distance = sequenceDistance(this.#stream.sequence, sequence);
    return distance > 0 && distance <= MAX_DROPOUT;
  }

  /** Whether this source could become the peer. */
  #isOpenTo(source: TransportAddress): boolean {
    const isNamed = isSameHost(source, this.#signalled);
    if (this.#latched === undefined)
      return isNamed || this.#hosts === undefined || this.#hosts.includes(source.address);
    return isNamed && !isSameHost(this.#latched, this.#signalled);
  }

  /** Whether this could be the latched source under another port. */
  #mayBeMoved(source: TransportAddress): boolean {
    return isSameHost(source, this.#latched);
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
