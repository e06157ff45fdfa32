import { type LookupAddress, lookup } from 'node:dns';
import { type LookupFunction, isIP } from 'node:net';
import { promisify } from 'node:util';
import { plainHost } from '../domain/host.js';
import { isPublicAddress } from '../domain/public-address.js';

/** All addresses that a name has. */
export type Resolve = (host: string) => Promise<LookupAddress[]>;

const systemResolve: Resolve = (host) => promisify(lookup)(host, { all: true });

/** Nothing may be sent there. */
export class TargetRefused extends Error {
  override readonly name = 'TargetRefused';
}

/**
 * Where webhooks may lead: to the public Internet alone, unless the operator has its receivers
 * inside. Otherwise a key would let its holder have us ask what only our own network may reach.
 *
 * A name is resolved once for an attempt, and what was looked at is what is connected to. A name
 * with any address inside is refused whole.
 */
export class WebhookTargets {
  constructor(
    private readonly privateAddresses: 'refuse' | 'allow',
    private readonly resolve: Resolve = systemResolve,
  ) {}

  /**
   * Why nothing may be sent to a URL as it is now; null where something may. A name that cannot be
   * resolved at the moment is judged when something is sent.
   */
  async refusalOf(url: URL): Promise<string | null> {
    if (this.privateAddresses === 'allow') return null;
    const literal = this.refusalOfLiteral(url);
    if (literal !== null || isIP(plainHost(url.hostname)) !== 0) return literal;
    const addresses = await this.resolve(url.hostname).catch(() => []);
    return refusalOfName(url.hostname, addresses);
  }

  /**
   * The same for a host that is an address. `URL` has put every spelling of one (decimal, octal, …)
   * into the usual one; Node connects to it without `lookup`.
   */
  refusalOfLiteral(url: URL): string | null {
    const host = plainHost(url.hostname);
    if (this.privateAddresses === 'allow' || isIP(host) === 0 || isPublicAddress(host)) return null;
    return `${host} is not a public address`;
  }

  /** For Node's HTTP client: answers the addresses of a name to connect to, or refuses them. */
  readonly lookup: LookupFunction = (host, options, answer) => {
    void this.#lookUp(host, options, answer);
  };

  async #lookUp(...[host, options, answer]: Parameters<LookupFunction>): Promise<void> {
    try {
      const addresses = await this.#addressesOf(host);
      const [first] = addresses;
      if (first === undefined) answer(notFound(host), '');
      else if (options.all === true) answer(null, addresses);
      else answer(null, first.address, first.family);
    } catch (error) {
      answer(error as NodeJS.ErrnoException, '');
    }
  }

  async #addressesOf(host: string): Promise<LookupAddress[]> {
    const addresses = await this.resolve(host);
    const refusal = this.privateAddresses === 'allow' ? null : refusalOfName(host, addresses);
    if (refusal !== null) throw new TargetRefused(refusal);
    return addresses;
  }
}

function refusalOfName(host: string, addresses: readonly LookupAddress[]): string | null {
  const inside = addresses.find(({ address }) => !isPublicAddress(address));
  return inside === undefined ? null : `${host} has the address ${inside.address}, which is not public`;
}

function notFound(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' });
}
