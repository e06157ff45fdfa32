import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

/** An event as its headers; the body, where there is one, is `_body`. */
export type EslEvent = Readonly<Record<string, string>>;

/** Someone who may want events. */
export interface EventListener {
  /** Asked first, so that an event without a listener is never built. */
  wants(name: string): boolean;
  deliver(event: EslEvent): void;
  /** What it listened to is no more. */
  end(): void;
}

export interface EventSourceOptions {
  /** The address that the media server tells of itself. */
  readonly address: string;
  readonly version: string;
  readonly now: () => Date;
}

/** Where events are made and handed out. */
export class EventSource {
  /** Identifies this run of the server. */
  readonly coreUuid = randomUUID();
  readonly #options: EventSourceOptions;
  readonly #listeners = new Set<EventListener>();
  #sequence = 0;

  constructor(options: EventSourceOptions) {
    this.#options = options;
  }

  /** Hands every event of the server to `listener` until the returned function is called. */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Fires an event at every subscriber that wants it, and at those of one channel. */
  fire(name: string, build: () => EslEvent, own: Iterable<EventListener> = []): void {
    let event: EslEvent | undefined;
    for (const listeners of [this.#listeners, own]) {
      for (const listener of listeners) {
        if (!listener.wants(name)) continue;
        event ??= this.stamp(name, build());
        listener.deliver(event);
      }
    }
  }

  /** Puts the headers that every event has in front of its own. */
  stamp(name: string, headers: EslEvent): EslEvent {
    const now = this.#options.now();
    return {
      'Event-Name': name,
      'Core-UUID': this.coreUuid,
      'FreeSWITCH-Hostname': hostname(),
      'FreeSWITCH-Switchname': hostname(),
      'FreeSWITCH-IPv4': this.#options.address,
      'FreeSWITCH-IPv6': '::1',
      'FreeSWITCH-Version': this.#options.version,
      'Event-Date-GMT': now.toUTCString(),
      'Event-Date-Timestamp': `${now.getTime() * 1000}`,
      'Event-Sequence': `${++this.#sequence}`,
      ...headers,
    };
  }
}
