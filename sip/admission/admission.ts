import type { Logger } from 'pino';
import { isAccountName } from '../../src/domain/account-name.js';
import { emergencyNumber } from '../../src/domain/emergency.js';
import type { Admission } from '../../src/internal/contract.js';
import type { InternalClient } from '../internal-client.js';
import { errorText } from '../sip-messages.js';
import { pause } from '../time-limit.js';

const RETRY_MS = 1000;
/** What the internal app has said holds so long without being confirmed: it answers every 25 s at the latest. */
const TRUST_MS = 45_000;

/**
 * Tells calls that may be for help, and users that may be ours, from the flood around them, without asking anybody. It holds what the internal app
 * says of the whole installation, and hears of changes as they are made. Whenever it is not certain, everything may be a call for help.
 */
export class AdmissionWatch {
  readonly #stopped = new AbortController();
  #running: Promise<void> | null = null;
  #numbers: readonly string[] = [];
  #nameKey: Buffer | null = null;
  #trustedUntil = 0;

  /** @param onNumbers is told all emergency numbers whenever they change; undefined when they are not certain any more. */
  constructor(
    private readonly internal: Pick<InternalClient, 'admission'>,
    private readonly onNumbers: (numbers: readonly string[] | undefined) => void,
    private readonly log: Logger,
  ) {}

  start(): void {
    this.#running ??= this.#run(this.#stopped.signal);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  /** Whether somebody, somewhere, gets help under what was dialled. */
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

  async #run(signal: AbortSignal): Promise<void> {
    let known: string | null = null;
    while (!signal.aborted) {
      let heard: Admission;
      try {
        heard = await this.internal.admission(known, signal);
      } catch (error) {
        if (signal.aborted) return;
        this.log.debug({ reason: errorText(error) }, 'which numbers are for emergencies cannot be asked');
        if (known !== null && !this.isCertain) this.onNumbers(undefined);
        if (!this.isCertain) known = null;
        await pause(RETRY_MS, signal);
        continue;
      }
      this.#trustedUntil = performance.now() + TRUST_MS;
      if (heard.version === known) continue;
      known = heard.version;
      this.#numbers = heard.emergencyNumbers;
      this.#nameKey = Buffer.from(heard.accountNameKey, 'base64');
      this.onNumbers(this.#numbers);
    }
  }
}
