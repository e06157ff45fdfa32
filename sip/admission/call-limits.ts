import { sourceText } from '../../src/domain/prefix.js';
import { PlaceCounts, type Leave } from './place-counts.js';

/** Shares of the media servers' places, and the most that is taken however many there are. */
const PER_ACCOUNT = { share: 0.08, least: 2, most: 40 };
/**
 * A company that brings up all its phones on one morning from behind one address (IPv6: one /64).
 */
const PER_SOURCE = { share: 0.8, least: 2, most: 400 };
/** Of all places: for accounts that have no call yet. */
const RESERVE = 0.1;

/**
 * How many calls to the authentication service one account, and one source, has at a time: a share
 * of the places that the media servers have, so that an attacker with some accounts cannot take up
 * all of them. A phone needs one or two, a base one for each handset in use.
 */
export class CallLimits {
  readonly #counts = new PlaceCounts();

  /** @param places of all media servers together; null while it is not known. */
  constructor(private readonly places: () => number | null = () => null) {}

  /** Takes one of the places, and answers what gives it back; null when there is none. */
  enter(user: string, address: string): Leave | null {
    const places = this.places();
    const account = `account ${user}`;
    const isFirst = this.#counts.taken(account) === 0;
    const inAll = places === null ? Infinity : places - (isFirst ? 0 : Math.ceil(places * RESERVE));
    return this.#counts.enter([
      { key: account, most: shareOf(places, PER_ACCOUNT) },
      { key: `source ${sourceText(address) ?? ''}`, most: shareOf(places, PER_SOURCE) },
      { key: 'all', most: inAll },
    ]);
  }

  /** What is counted at the moment. */
  get size(): number {
    return this.#counts.size;
  }
}

function shareOf(
  places: number | null,
  { share, least, most }: { share: number; least: number; most: number },
): number {
  return places === null ? most : Math.min(most, Math.max(least, Math.floor(places * share)));
}
