import type { Logger } from 'pino';
import type { Heartbeat } from '../src/contract/messages.js';
import type { InternalClient } from './internal-client.js';
import { errorText } from './sip-messages.js';

const INTERVAL_MS = 3000;

/**
 * Tells the internal app, every few seconds and whenever something changes, whether phones can
 * register and be heard.
 */
export class HeartbeatSender {
  #timer: NodeJS.Timeout | undefined;
  #silent = false;
  #isSending = false;
  /** Something has changed since the state was read that is being sent. */
  #isOld = false;
  #heard: Heartbeat | null = null;

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

  /** What the internal app has heard last; null: nothing yet. */
  get heard(): Heartbeat | null {
    return this.#heard;
  }

  beat(): void {
    if (this.#timer !== undefined) void this.#sendAll();
  }

  /**
   * One at a time: an older state that arrives after a newer one would stand until the next beat.
   */
  async #sendAll(): Promise<void> {
    this.#isOld = true;
    if (this.#isSending) return;
    this.#isSending = true;
    while (this.#isOld) {
      this.#isOld = false;
      await this.#send();
    }
    this.#isSending = false;
  }

  async #send(): Promise<void> {
    try {
      const state = this.read();
      await this.internal.heartbeat(state);
      this.#heard = state;
      this.#silent = false;
    } catch (error) {
      if (!this.#silent) this.log.warn({ reason: errorText(error) }, 'the internal app does not hear us');
      this.#silent = true;
    }
  }
}
