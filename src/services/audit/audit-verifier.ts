import type { AuditHead } from '../../domain/audit.js';
import { readHead } from '../../domain/audit.js';
import { countUnsealedEvents, findStoredHead } from '../../store/audit.js';
import type { ServiceContext } from '../context.js';
import { type AuditFault, verifyAuditLive } from './audit-verification.js';

/** A verification that has ended. */
interface Verification {
  at: Date;
  /** Up to where all seals were right. */
  verifiedTo: number;
  fault: AuditFault | null;
}

export interface SealState {
  /** null when there is none, or it cannot be read. */
  head: AuditHead | null;
  /** Events that wait to be sealed. */
  unsealed: number;
  /** How far the verification has come that is under way; null: none is. */
  running: { verifiedTo: number } | null;
  /** The last one of this process. */
  last: Verification | null;
}

/**
 * Verifies the audit log while Dialgate runs, for those who look at it. What it found stays in this
 * process: in the database it could be written by who forges the log.
 */
export class AuditVerifier {
  #last: Verification | null = null;
  #running: { verifiedTo: number; end: Promise<void> } | null = null;
  readonly #ending = new AbortController();

  constructor(private readonly context: Pick<ServiceContext, 'store' | 'clock' | 'masterKey' | 'log'>) {}

  async state(): Promise<SealState> {
    const { store, masterKey } = this.context;
    const stored = await findStoredHead(store.db);
    return {
      head: stored === null ? null : readHead(masterKey, stored),
      unsealed: await countUnsealedEvents(store.db),
      running: this.#running === null ? null : { verifiedTo: this.#running.verifiedTo },
      last: this.#last,
    };
  }

  /** Begins to follow the seals, unless it is at it. */
  begin(): void {
    if (this.#running !== null || this.#ending.signal.aborted) return;
    this.#running = { verifiedTo: 0, end: this.#verify() };
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#running?.end;
  }

  async #verify(): Promise<void> {
    const { store, masterKey, clock, log } = this.context;
    const note = (position: number): void => {
      if (this.#running !== null) this.#running.verifiedTo = position;
    };
    try {
      const { sealed, fault } = await verifyAuditLive(store, masterKey, note, this.#ending.signal);
      this.#last = { at: clock.now(), verifiedTo: sealed, fault };
      if (fault !== null) log.error({ fault: fault.kind }, 'the audit log is not what was sealed');
    } catch (error) {
      if (!this.#ending.signal.aborted) log.error({ err: error }, 'the audit log could not be verified');
    } finally {
      this.#running = null;
    }
  }
}
