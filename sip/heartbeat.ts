import type { Logger } from 'pino';
import type { Heartbeat } from '../src/internal/contract.js';
import type { InternalClient } from './internal-client.js';
import { errorText } from './sip-messages.js';

const INTERVAL_MS = 3000;

/** Tells the internal app, every few seconds and whenever something changes, whether phones can register and be heard. */
export class HeartbeatSender {
  #timer: NodeJS.Timeout | undefined;
  #silent = false;

  constructor(
    private readonly internal: InternalClient,
    private readonly read: () => Heartbeat,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.#timer = setInterval(() => this.beat(), INTERVAL_MS);
    this.beat();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  beat(): void {
    if (this.#timer !== undefined) void this.#send();
  }

  async #send(): Promise<void> {
    try {
      await this.internal.heartbeat(this.read());
      this.#silent = false;
    } catch (error) {
      if (!this.#silent) this.log.warn({ reason: errorText(error) }, 'the internal app does not hear us');
      this.#silent = true;
    }
  }
}
