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

/**
 * Of the places in all, and of those of a source, so many (a tenth) are never kept: a newcomer
 * always finds one that can be made free.
 */
const KEPT_SHARE = 0.9;
/**
 * Connections of one source that are kept for nothing but a call that goes over them, as a share of
 * its places; and in all, of all places.
 */
const CALLS_PER_SOURCE_SHARE = 0.1;
const CALLS_SHARE = 0.5;
/**
 * A phone registers again before its registration ends, but its REGISTER may be late. Milliseconds.
 */
const GRACE_MS = 10_000;

interface Accepted {
  readonly key: string;
  readonly source: string;
  readonly socket: Socket;
  readonly firstMessageTimer: NodeJS.Timeout;
  hasSpoken: boolean;
  /** Set while a phone is registered over it. */
  registration: { readonly timer: NodeJS.Timeout; readonly until: number } | undefined;
  calls: number;
  /** Where it is counted while it is kept. */
  keptIn: Counts | undefined;
}

/**
 * Connections that peers have opened. There are so many places in all and for each source, and a
 * newcomer is let in rather than turned away: it may be a call for help. A connection is kept over
 * which a phone has registered, or has a call; all others make room: of the source that has most of
 * them one that has never brought a message, else the one that has been silent for longest. So
 * connections that are opened only to take up room take it from each other.
 */
export class AcceptedSockets {
  readonly #limits: AcceptLimits;
  readonly #all = new Map<string, Accepted>();
  /** Those that make room, by their source, in the order in which they were last heard. */
  readonly #loose = new Map<string, Map<string, Accepted>>();
  /** By source, with the sum of all under ''. */
  readonly #open = new Counts();
  readonly #kept = new Counts();
  readonly #keptForCalls = new Counts();

  constructor(limits: AcceptLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#all.size;
  }

  /** Lets a connection in, or closes it. */
  admit(socket: Socket): void {
    const { remoteAddress, remotePort } = socket;
    if (remoteAddress === undefined || remotePort === undefined) return void socket.destroy();
    const address = plainAddress(remoteAddress);
    const source = sourceKey(address);
    if (!this.#makeRoom(source)) return void socket.destroy();
    const key = `${address}/${remotePort}`;
    this.#remove(this.#all.get(key));
    const firstMessageTimer = setTimeout(() => {
      if (!accepted.hasSpoken) socket.destroy();
    }, this.#limits.firstMessageMs).unref();
    const accepted: Accepted = {
      key,
      source,
      socket,
      firstMessageTimer,
      hasSpoken: false,
      registration: undefined,
      calls: 0,
      keptIn: undefined,
    };
    this.#all.set(key, accepted);
    this.#open.add(source, 1);
    this.#loosen(accepted);
    socket.once('close', () => this.#remove(accepted));
  }

  /** A message, or a keep-alive, has come whole over the connection of this peer. */
  heard(address: string, port: number, isMessage: boolean): void {
    const accepted = this.#all.get(`${address}/${port}`);
    if (accepted === undefined || (!accepted.hasSpoken && !isMessage)) return;
    accepted.hasSpoken = true;
    clearTimeout(accepted.firstMessageTimer);
    if (accepted.keptIn === undefined) this.#loosen(accepted);
  }

  /** A phone has registered over the connection of this peer, for so long. */
  register(address: string, port: number, seconds: number): void {
    const accepted = this.#all.get(`${address}/${port}`);
    const until = performance.now() + seconds * 1000 + GRACE_MS;
    // Behind a proxy other phones may be registered over it for longer.
    if (accepted === undefined || seconds <= 0 || until <= (accepted.registration?.until ?? 0)) return;
    clearTimeout(accepted.registration?.timer);
    const timer = setTimeout(
      () => {
        accepted.registration = undefined;
        this.#review(accepted);
      },
      Math.min(until - performance.now(), 2 ** 31 - 1),
    ).unref();
    accepted.registration = { timer, until };
    this.#review(accepted);
  }

  /** A call goes over the connection of this peer, until the returned function is called. */
  holdForCall(address: string, port: number): () => void {
    const accepted = this.#all.get(`${address}/${port}`);
    if (accepted === undefined) return () => undefined;
    let isHeld = true;
    accepted.calls += 1;
    this.#review(accepted);
    return () => {
      if (!isHeld) return;
      isHeld = false;
      accepted.calls -= 1;
      this.#review(accepted);
    };
  }

  close(): void {
    for (const { socket } of this.#all.values()) socket.destroy();
  }

  /** Keeps it or lets it go, as it now is. */
  #review(accepted: Accepted): void {
    if (this.#all.get(accepted.key) !== accepted) return;
    this.#release(accepted);
    if (accepted.registration !== undefined) this.#keep(accepted, this.#kept, KEPT_SHARE, KEPT_SHARE);
    else if (accepted.calls > 0)
      this.#keep(accepted, this.#keptForCalls, CALLS_PER_SOURCE_SHARE, CALLS_SHARE);
    if (accepted.keptIn === undefined) this.#loosen(accepted);
  }

  #keep(accepted: Accepted, counts: Counts, shareOfSource: number, shareOfAll: number): void {
    const { maxConnections, maxPerSource } = this.#limits;
    const { source, key } = accepted;
    const isKeepable = (places: number, share: number, of: string): boolean =>
      counts.of(of) + 1 <= Math.max(1, Math.floor(places * share)) &&
      this.#kept.of(of) + this.#keptForCalls.of(of) + 1 <= Math.max(1, Math.floor(places * KEPT_SHARE));
    if (!isKeepable(maxPerSource, shareOfSource, source) || !isKeepable(maxConnections, shareOfAll, ''))
      return;
    accepted.keptIn = counts;
    counts.add(source, 1);
    const loose = this.#loose.get(source);
    loose?.delete(key);
    if (loose?.size === 0) this.#loose.delete(source);
  }

  #release(accepted: Accepted): void {
    accepted.keptIn?.add(accepted.source, -1);
    accepted.keptIn = undefined;
  }

  /** Puts it last among those of its source that make room. */
  #loosen(accepted: Accepted): void {
    const loose = this.#loose.get(accepted.source) ?? new Map<string, Accepted>();
    this.#loose.set(accepted.source, loose);
    loose.delete(accepted.key);
    loose.set(accepted.key, accepted);
  }

  #makeRoom(source: string): boolean {
    const { maxConnections, maxPerSource } = this.#limits;
    if (this.#open.of(source) >= maxPerSource && !this.#dropOne(this.#loose.get(source))) return false;
    return this.size < maxConnections || this.#dropOne(this.#largest());
  }

  #largest(): Map<string, Accepted> | undefined {
    let largest: Map<string, Accepted> | undefined;
    for (const loose of this.#loose.values()) if (loose.size > (largest?.size ?? 0)) largest = loose;
    return largest;
  }

  #dropOne(loose: Map<string, Accepted> | undefined): boolean {
    let found: Accepted | undefined;
    for (const accepted of loose?.values() ?? []) {
      found ??= accepted;
      if (accepted.hasSpoken) continue;
      found = accepted;
      break;
    }
    if (found === undefined) return false;
    found.socket.destroy();
    this.#remove(found);
    return true;
  }

  #remove(accepted: Accepted | undefined): void {
    if (accepted === undefined || this.#all.get(accepted.key) !== accepted) return;
    const { key, source, registration, firstMessageTimer } = accepted;
    clearTimeout(firstMessageTimer);
    clearTimeout(registration?.timer);
    this.#release(accepted);
    this.#all.delete(key);
    this.#open.add(source, -1);
    const loose = this.#loose.get(source);
    loose?.delete(key);
    if (loose?.size === 0) this.#loose.delete(source);
  }
}

/** Numbers by source, and their sum under ''. */
class Counts {
  readonly #counts = new Map<string, number>();

  of(source: string): number {
    return this.#counts.get(source) ?? 0;
  }

  add(source: string, amount: number): void {
    for (const key of [source, '']) {
      const count = this.of(key) + amount;
      if (count > 0) this.#counts.set(key, count);
      else this.#counts.delete(key);
    }
  }
}
