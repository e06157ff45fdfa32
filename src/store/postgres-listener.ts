import { Client, type ClientConfig, escapeIdentifier } from 'pg';
import type { Logger } from 'pino';
import { Listeners } from './listeners.js';
import type { Unlisten } from './store.js';

const ANSWER_MS = 10_000;
const BACKOFF_MS = { first: 200, most: 10_000 } as const;

/**
 * Hears NOTIFY over a connection of its own, which no query disturbs. A lost connection is made
 * again, with growing pauses; every listener is called once when it is lost and once when it is
 * there again, for something may have been missed.
 */
export class PostgresListener {
  readonly #listeners = new Listeners();
  #connected: Promise<Client> | null = null;
  #client: Client | null = null;
  #retry: NodeJS.Timeout | null = null;
  #pause: number = BACKOFF_MS.first;
  #closed = false;

  constructor(
    private readonly config: ClientConfig,
    private readonly log: Logger,
  ) {}

  /**
   * Answers when the database has been told, unless the connection is down at the time: then it is
   * told later.
   */
  async listen(channel: string, heard: (payload: string) => void): Promise<Unlisten> {
    const isNew = this.#listeners.add(channel, heard);
    if (this.#connected === null && this.#retry === null) this.#connected = this.#connect();
    try {
      const client = await this.#connected;
      // A connection that was made after `add` has been told already; LISTEN twice is LISTEN once.
      if (isNew && client !== null) await client.query(`listen ${escapeIdentifier(channel)}`);
    } catch (error) {
      this.#lost(error);
    }
    return async () => {
      this.#listeners.remove(channel, heard);
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    const client = this.#client;
    this.#client = null;
    // Saying goodbye on a connection that is gone fails; there is nothing left to do about it.
    await client?.end().catch(() => undefined);
  }

  async #connect(): Promise<Client> {
    const client = new Client({
      ...this.config,
      query_timeout: ANSWER_MS,
      // Nothing is ever said on it, so the system must find out when the other side is gone.
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    this.#client = client;
    client.on('notification', ({ channel, payload }) => {
      this.#listeners.tell(channel, payload ?? '');
    });
    client.on('error', (error) => {
      this.#lost(error, client);
    });
    client.on('end', () => {
      this.#lost(new Error('the connection ended'), client);
    });
    await client.connect();
    for (const channel of this.#listeners.channels) await client.query(`listen ${escapeIdentifier(channel)}`);
    this.#pause = BACKOFF_MS.first;
    return client;
  }

  async #resume(connected: Promise<Client>): Promise<void> {
    try {
      await connected;
      this.log.info('notifications are heard again');
      this.#listeners.tellAll();
    } catch (error) {
      this.#lost(error);
    }
  }

  #lost(reason: unknown, client: Client | null = this.#client): void {
    if (this.#closed || this.#retry !== null || client !== this.#client) return;
    this.#client = null;
    this.#connected = null;
    client?.end().catch(() => undefined);
    this.log.warn(
      { err: reason, again: this.#pause },
      'the connection that hears notifications was lost; it is made again',
    );
    this.#listeners.tellAll();
    this.#retry = setTimeout(() => {
      this.#retry = null;
      const connected = this.#connect();
      this.#connected = connected;
      void this.#resume(connected);
    }, this.#pause);
    this.#pause = Math.min(this.#pause * 2, BACKOFF_MS.most);
  }
}
