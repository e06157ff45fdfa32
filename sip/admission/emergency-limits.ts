import { sourceText } from '../../src/domain/prefix.js';
import type { SipCaller } from '../caller.js';
import { PlaceCounts, type Leave } from './place-counts.js';

/**
 * Calls for help at a time under one name from where its phone is: more than a base has handsets.
 */
const PER_PHONE = 40;

/**
 * How many emergency calls of callers that are not known there are at a time, from one source
 * (IPv6: its /64) and in all: made-up calls would take the lines of callers who need help. Phones
 * that call from where they registered or fetched do not count.
 */
export class EmergencyLimits {
  readonly #places = new PlaceCounts();

  constructor(private readonly limits: { perSource: number; inAll: number }) {}

  /** Takes a place, and answers what gives it back; null when there is none. */
  enter({ source }: SipCaller): Leave | null {
    return this.#places.enter([
      { key: `source ${sourceText(source.address) ?? ''}`, most: this.limits.perSource },
      { key: 'all', most: this.limits.inAll },
    ]);
  }

  /**
   * The same for a caller who is known: null when so many calls have that name that a phone would
   * not make them.
   */
  enterKnown({ user }: SipCaller): Leave | null {
    return this.#places.enter([{ key: `phone ${user ?? ''}`, most: PER_PHONE }]);
  }

  /** What is counted at the moment. */
  get size(): number {
    return this.#places.size;
  }
}
