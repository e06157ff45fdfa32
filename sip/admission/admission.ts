import type { Logger } from 'pino';
import { isAccountName } from '../../src/domain/account-name.js';
import { emergencyNumber } from '../../src/domain/emergency.js';
import type { Admission } from '../../src/contract/messages.js';
import type { InternalClient } from '../internal-client.js';
import { LongPoll } from '../long-poll.js';
import { errorText } from '../sip-messages.js';

const RETRY_MS = 1000;
/**
 * What the internal app has said holds so long without being confirmed: it answers every 25 s at
 * the latest.
 */
const TRUST_MS = 45_000;

/**
 * Tells possible emergency calls and possible accounts of ours from a flood, without a query. It
 * holds what the internal app says of the whole installation, and hears of changes as they are
 * made. Whenever it is not certain, everything may be a call for help.
 */
export class AdmissionWatch {
  readonly #poll: LongPoll<Admission>;
  /** The version that was heard last; null when it is not relied on any more. */
  #known: string | null = null;
  #numbers: readonly string[] = [];
  #nameKey: Buffer | null = null;
  #trustedUntil = 0;

  /**
   * @param onNumbers is told all emergency numbers whenever they change; undefined when they are
   *   not certain any more.
   */
  constructor(
    internal: Pick<InternalClient, 'admission'>,
    private readonly onNumbers: (numbers: readonly string[] | undefined) => void,
    private readonly log: Logger,
  ) {
    this.#poll = new LongPoll({
      ask: (signal) => internal.admission(this.#known, signal),
      hear: (heard) => this.#hear(heard),
      onFailure: (error) => this.#doubt(error),
      retryMs: RETRY_MS,
    });
  }

  start(): void {
    this.#poll.start();
  }

  stop(): Promise<void> {
    return this.#poll.stop();
  }

  /** Whether what was dialled is an emergency number of any site, tenant or the installation. */
  mayBeEmergency(dialled: string): boolean {
    return performance.now() >= this.#trustedUntil || emergencyNumber(dialled, this.#numbers) !== null;
  }

  /** Whether it is certain which numbers are for emergencies. */
  get isCertain(): boolean {
    return performance.now() < this.#trustedUntil;
  }

  /** Whether there can be an account of this name. */
  mayBeAccount(user: string): boolean {
    return this.#nameKey === null || isAccountName(this.#nameKey, user);
  }

  #hear(heard: Admission): void {
    this.#trustedUntil = performance.now() + TRUST_MS;
    if (heard.version === this.#known) return;
    this.#known = heard.version;
    this.#numbers = heard.emergencyNumbers;
    this.#nameKey = Buffer.from(heard.accountNameKey, 'base64');
    this.onNumbers(this.#numbers);
  }

  #doubt(error: unknown): void {
    this.log.debug({ reason: errorText(error) }, 'which numbers are for emergencies cannot be asked');
    if (this.isCertain) return;
    if (this.#known !== null) this.onNumbers(undefined);
    this.#known = null;
  }
}
