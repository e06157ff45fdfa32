import { LRUCache } from 'lru-cache';
import type { Mac } from '../domain/mac.js';
import { blockText, sourceText } from '../domain/prefix.js';
import { addSeconds, secondsUntil } from '../domain/time.js';

/**
 * Fetches without a token that one source may make in a minute: a site behind one address reboots,
 * and each phone asks for a file or two.
 */
export const TOKENLESS_PER_MINUTE = 600;

/**
 * Fetches with tokens that have proved nothing: a waiting phone asks once a minute, and once more
 * when it is told to, so that a site of a thousand phones behind one address passes; and so many of
 * one device from one source, where one phone is expected.
 */
export const UNPROVEN_PER_MINUTE = 3000;
export const UNPROVEN_PER_DEVICE_PER_MINUTE = 300;

/**
 * How much more than a /64 the wider blocks may ask for: a provider gives a subscriber a /56 or a
 * /48 (RFC 6177), and each has many /64.
 */
const WIDER_BLOCKS = [
  { length: 56, times: 4 },
  { length: 48, times: 10 },
] as const;

const MINUTE_SECONDS = 60;
/** Sources that are counted; beyond these the one whose minute began first is evicted. */
const MAX_SOURCES = 10_000;

interface Minute {
  endsAt: Date;
  fetches: number;
}

/**
 * Counts by key, each in minutes that begin with its first. In memory, for each instance by itself.
 */
class Minutes {
  /** Read by `peek`, so that the entry evicted is the one whose minute began first. */
  readonly #minutes = new LRUCache<string, Minute>({ max: MAX_SOURCES });

  /** The seconds until `key` may ask again; null where it may now. */
  wait(key: string, perMinute: number, now: Date): number | null {
    const minute = this.#running(key, now);
    if (minute === null || minute.fetches < perMinute) return null;
    return Math.max(1, secondsUntil(minute.endsAt, now));
  }

  count(key: string, now: Date): void {
    const minute = this.#running(key, now);
    if (minute !== null) minute.fetches += 1;
    else this.#begin(key, now);
  }

  get size(): number {
    return this.#minutes.size;
  }

  /** A minute that ends too late is of a clock that was set back. */
  #running(key: string, now: Date): Minute | null {
    const minute = this.#minutes.peek(key);
    if (minute === undefined || minute.endsAt <= now) return null;
    return minute.endsAt > addSeconds(now, MINUTE_SECONDS) ? null : minute;
  }

  #begin(key: string, now: Date): void {
    this.#minutes.set(key, { endsAt: addSeconds(now, MINUTE_SECONDS), fetches: 1 });
  }
}

/**
 * Counts the fetches of each source (an IPv4 address, an IPv6 /64, and the blocks around it),
 * whatever they ask for: what it refuses tells nothing about whether there is such a device. A
 * source's minute begins with its first fetch.
 */
export class Throttle {
  readonly #sources = new Minutes();
  /** By themselves, so that many /64 of one block do not make the block forgotten. */
  readonly #blocks = WIDER_BLOCKS.map((block) => ({ ...block, minutes: new Minutes() }));

  constructor(private readonly perMinute = TOKENLESS_PER_MINUTE) {}

  /**
   * Counts one more. Answers null, or, where it is one too many, the seconds until the source may
   * ask again.
   */
  take(address: string | null, now: Date): number | null {
    const source = sourceText(address) ?? '';
    const shares = [
      { minutes: this.#sources, key: source, perMinute: this.perMinute },
      ...this.#blocks.flatMap(({ minutes, length, times }) => {
        const key = blockText(address, length);
        return key === null || key === source ? [] : [{ minutes, key, perMinute: this.perMinute * times }];
      }),
    ];
    for (const { minutes, key, perMinute } of shares) {
      const wait = minutes.wait(key, perMinute, now);
      if (wait !== null) return wait;
    }
    for (const { minutes, key } of shares) minutes.count(key, now);
    return null;
  }

  /** Sources that are remembered. */
  get size(): number {
    return this.#sources.size;
  }
}

/**
 * Counts fetches with tokens that have proved nothing: anybody is issued such a token. By source,
 * and by device and source. Not by device alone: then a stranger could use up what the device's
 * phone needs.
 */
export class UnprovenThrottle {
  readonly #sources: Throttle;
  readonly #devices = new Minutes();

  constructor(
    perMinute = UNPROVEN_PER_MINUTE,
    private readonly perDevice = UNPROVEN_PER_DEVICE_PER_MINUTE,
  ) {
    this.#sources = new Throttle(perMinute);
  }

  /**
   * Counts one more. Answers null, or the seconds until the source may ask for this device again.
   */
  take(mac: Mac, address: string | null, now: Date): number | null {
    const key = `${mac} ${sourceText(address) ?? ''}`;
    const wait = this.#devices.wait(key, this.perDevice, now) ?? this.#sources.take(address, now);
    if (wait === null) this.#devices.count(key, now);
    return wait;
  }
}
