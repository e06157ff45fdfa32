import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** How often names are resolved again at the most, however many connections come. */
const LOOK_UP_EVERY_MS = 5000;

/**
 * The hosts that may connect to our event socket: those of the configured FreeSWITCHes, by all
 * addresses that their names have.
 */
export class EventSocketHosts {
  #addresses: ReadonlySet<string> = new Set();
  #lookedUpAt = -Infinity;
  #looking: Promise<void> | null = null;

  /** @param now a clock that only goes forward, in milliseconds. */
  constructor(
    private readonly hosts: readonly string[],
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Whether this address is one of theirs. A name may have moved: it is asked for again before
   * anybody is refused.
   */
  async include(address: string): Promise<boolean> {
    const plain = plainAddress(address);
    if (this.#includes(plain)) return true;
    if (this.now() - this.#lookedUpAt >= LOOK_UP_EVERY_MS) {
      this.#looking ??= this.#lookUp().finally(() => (this.#looking = null));
    }
    await this.#looking;
    return this.#includes(plain);
  }

  /** A FreeSWITCH on this machine comes from whichever address of the machine it calls. */
  #includes(address: string): boolean {
    if (this.#addresses.has(address)) return true;
    const ours = ownAddresses();
    return ours.has(address) && [...this.#addresses].some((one) => ours.has(one));
  }

  async #lookUp(): Promise<void> {
    const found = await Promise.all(this.hosts.map(addressesOf));
    this.#addresses = new Set(found.flat());
    this.#lookedUpAt = this.now();
  }
}

async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [plainAddress(host)];
  try {
    return (await lookup(host, { all: true })).map(({ address }) => plainAddress(address));
  } catch {
    return []; // no host has this name at the moment, so no connection can come from it
  }
}

function ownAddresses(): Set<string> {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return new Set(all.map(({ address }) => address));
}

/** `::ffff:a.b.c.d`, as a socket for both versions of IP calls it, is a.b.c.d. */
function plainAddress(address: string): string {
  return address
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .replace(/%.*$/, '')
    .toLowerCase();
}
