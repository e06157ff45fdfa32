import type { Socket } from 'node:net';

import { plainAddress } from './local-address.js';
import { sourceKey } from './source-key.js';

export interface AcceptLimits {
  /** Connections of peers that are open at once. */
  readonly maxConnections: number;
  /** Of these from one source. */
  readonly maxPerSource: number;
  /** Milliseconds until the first whole message must have come. */
  readonly firstMessageMs: number;
}

/** Who has been silent for so long makes room for a newcomer when all places are taken. Registered phones ping more often. */
const QUIET_MS = 120_000;

interface Accepted {
  readonly key: string;
  readonly source: string;
  readonly socket: Socket;
  readonly timer: NodeJS.Timeout;
  heardAt: number;
}

/**
 * Connections that peers have opened. There are so many places in all and for each source, and a newcomer is rather let in than turned away,
 * for he may be calling for help: first those make room that have never brought a message, the oldest of them first, then who has been silent for
 * long. So connections that are opened only to take up room take it from each other.
 */
export class AcceptedSockets {
  readonly #limits: AcceptLimits;
  /** Both in the order in which they were last heard; in `#strangers` that is when they came. */
  readonly #strangers = new Map<string, Accepted>();
  readonly #known = new Map<string, Accepted>();
  readonly #perSource = new Map<string, number>();

  constructor(limits: AcceptLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#strangers.size + this.#known.size;
  }

  /** Lets a connection in, or closes it. */
  admit(socket: Socket): void {
    const { remoteAddress, remotePort } = socket;
    if (remoteAddress === undefined || remotePort === undefined) return void socket.destroy();
    const address = plainAddress(remoteAddress);
    const source = sourceKey(address);
    if (!this.#makeRoom(source)) return void socket.destroy();
    const key = `${address}/${remotePort}`;
    this.#remove(this.#strangers.get(key) ?? this.#known.get(key));
    const timer = setTimeout(() => {
      if (this.#strangers.get(key) === accepted) socket.destroy();
    }, this.#limits.firstMessageMs).unref();
    const accepted: Accepted = { key, source, socket, timer, heardAt: performance.now() };
    this.#strangers.set(key, accepted);
    this.#perSource.set(source, (this.#perSource.get(source) ?? 0) + 1);
    socket.once('close', () => this.#remove(accepted));
  }

  /** A message, or a keep-alive, has come whole over the connection of this peer. */
  heard(address: string, port: number, isMessage: boolean): void {
    const key = `${address}/${port}`;
    const stranger = this.#strangers.get(key);
    const accepted = stranger ?? this.#known.get(key);
    if (accepted === undefined || (stranger !== undefined && !isMessage)) return;
    accepted.heardAt = performance.now();
    clearTimeout(accepted.timer);
    this.#strangers.delete(key);
    this.#known.delete(key);
    this.#known.set(key, accepted);
  }

  close(): void {
    for (const { socket } of [...this.#strangers.values(), ...this.#known.values()]) socket.destroy();
  }

  #makeRoom(source: string): boolean {
    const { maxConnections, maxPerSource } = this.#limits;
    if ((this.#perSource.get(source) ?? 0) >= maxPerSource) {
      if (!this.#dropOne((accepted) => accepted.source === source)) return false;
    }
    return this.size < maxConnections || this.#dropOne(() => true);
  }

  /** The first that may go; the quiet ones of those that are known. */
  #dropOne(mayGo: (accepted: Accepted) => boolean): boolean {
    const quietSince = performance.now() - QUIET_MS;
    const found =
      first(this.#strangers, mayGo) ??
      first(this.#known, (accepted) => accepted.heardAt < quietSince && mayGo(accepted));
    if (found === undefined) return false;
    found.socket.destroy();
    this.#remove(found);
    return true;
  }

  #remove(accepted: Accepted | undefined): void {
    if (accepted === undefined) return;
    const { key, source } = accepted;
    clearTimeout(accepted.timer);
    const held = [this.#strangers, this.#known].find((table) => table.get(key) === accepted);
    if (held === undefined) return;
    held.delete(key);
    const left = (this.#perSource.get(source) ?? 0) - 1;
    if (left > 0) this.#perSource.set(source, left);
    else this.#perSource.delete(source);
  }
}

function first(
  table: ReadonlyMap<string, Accepted>,
  mayGo: (accepted: Accepted) => boolean,
): Accepted | undefined {
  for (const accepted of table.values()) if (mayGo(accepted)) return accepted;
  return undefined;
}
