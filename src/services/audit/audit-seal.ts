import { type AuditHead, beginLog, headText, readHead, sealEvent, writeHead } from '../../domain/audit.js';
import { addSeconds } from '../../domain/time.js';
import {
  findStoredHead,
  hasEvents,
  insertHead,
  listUnsealedEvents,
  takeHead,
  updateHead,
  writeSeals,
} from '../../store/audit.js';
import type { Queryable } from '../../store/store.js';
import type { ServiceContext } from '../context.js';

const BATCH = 1000;
/** Batches at the end of the process; what is left then, the next one seals. */
const LAST_BATCHES = 50;
/** Batches that a reader waits for; what is left then, the next reader sees. */
const CATCH_UP_BATCHES = 10;
const TOLD_AGAIN_SECONDS = 3600;

type Pass =
  /** `isMore`: there may be more to seal. */
  | { kind: 'sealed'; head: AuditHead; isMore: boolean }
  /** Another instance is at it. */
  | { kind: 'busy' }
  | { kind: 'refused'; because: Refusal };

type Refusal = 'the stored head is gone' | 'the stored head is not ours' | 'the stored head went back';

/**
 * Seals the audit log: gives each committed event its position and the seal over it and all before
 * it. Events are written without waiting for one another, in the transactions that did what they
 * tell of; their order is made here, by one instance at a time, a moment later.
 *
 * A log whose head is not the one that was left is not continued: that would seal a forged log.
 */
export class AuditSealer {
  /** The newest head that this process has seen. */
  #known: AuditHead | null = null;
  #told: { text: string; until: Date } | null = null;

  /** Whether the last pass was refused; an administrator must look at the log. */
  #isRefused = false;
  #present: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(private readonly context: Pick<ServiceContext, 'store' | 'clock' | 'masterKey' | 'log'>) {}

  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** Seals what there is, a thousand events at the most. Answers whether there may be more. */
  look(): Promise<boolean> {
    return this.#look(false);
  }

  /**
   * Seals everything that had been committed when this was called, so that a reader finds it at its
   * position; waits for another instance that is sealing. Callers that come while a pass is under
   * way share the next one, or hear at once that this one failed: without a database they would
   * wait for the same again.
   */
  catchUp(): Promise<void> {
    this.#next ??= this.#present.then(
      () => this.#beginCatchUp(),
      (error: unknown) => {
        this.#next = null;
        throw error;
      },
    );
    return this.#next;
  }

  #beginCatchUp(): Promise<void> {
    this.#next = null;
    const pass = this.#catchUp();
    this.#present = pass;
    const end = (): void => {
      if (this.#present === pass) this.#present = Promise.resolve();
    };
    pass.then(end, end);
    return pass;
  }

  async #catchUp(): Promise<void> {
    for (let batch = 0; batch < CATCH_UP_BATCHES; batch += 1) {
      if (!(await this.#look(true))) return;
    }
  }

  async #look(waits: boolean): Promise<boolean> {
    if (!(await hasEvents(this.context.store.db, 'unsealed'))) return false;
    const pass = await this.context.store.transaction((transaction) => this.#seal(transaction, waits));
    this.#isRefused = pass.kind === 'refused';
    switch (pass.kind) {
      case 'busy':
        return false;
      case 'refused':
        this.#tell(pass.because, () =>
          this.context.log.error(
            { because: pass.because },
            'the audit log is not sealed any further: run `dialgate audit verify`',
          ),
        );
        return false;
      case 'sealed':
        this.#known = pass.head;
        this.#tell('sealed', () => this.#tellHead());
        return pass.isMore;
    }
  }

  /** The last pass of the process. */
  async finish(): Promise<void> {
    for (let batch = 0; batch < LAST_BATCHES; batch += 1) {
      if (!(await this.look())) break;
    }
    if (this.#known !== null) this.#tellHead();
  }

  async #seal(transaction: Queryable, waits: boolean): Promise<Pass> {
    const { clock, masterKey } = this.context;
    const stored = await takeHead(transaction, waits);
    const begun = stored === null ? await this.#begin(transaction, clock.now()) : null;
    if (begun?.kind === 'busy' || begun?.kind === 'refused') return begun;
    const before = begun?.head ?? readHead(masterKey, stored ?? '');
    if (before === null) return { kind: 'refused', because: 'the stored head is not ours' };
    if (this.#isBehind(before)) return { kind: 'refused', because: 'the stored head went back' };

    const events = await listUnsealedEvents(transaction, BATCH);
    let head = before;
    const seals = events.map((event) => {
      head = sealEvent(masterKey, head, event);
      return { id: event.id, position: head.position, seal: head.seal };
    });
    if (events.length > 0) {
      const written = await writeSeals(transaction, seals);
      if (written !== events.length) throw new Error(`${written} of ${events.length} seals were written.`);
      await updateHead(transaction, writeHead(masterKey, head));
    }
    return { kind: 'sealed', head, isMore: events.length === BATCH };
  }

  /**
   * There is no head to be taken: another instance has it, or the log is new, or somebody has taken
   * it away.
   */
  async #begin(
    transaction: Queryable,
    now: Date,
  ): Promise<{ kind: 'begun'; head: AuditHead } | Extract<Pass, { kind: 'busy' | 'refused' }>> {
    if ((await findStoredHead(transaction)) !== null) return { kind: 'busy' };
    if (this.#known !== null || (await hasEvents(transaction, 'sealed')))
      return { kind: 'refused', because: 'the stored head is gone' };
    const head = beginLog(this.context.masterKey, now);
    if (!(await insertHead(transaction, writeHead(this.context.masterKey, head)))) return { kind: 'busy' };
    return { kind: 'begun', head };
  }

  /**
   * Whether the stored head is of an earlier state, or of another log, than this process has seen.
   */
  #isBehind(head: AuditHead): boolean {
    const known = this.#known;
    if (known === null || head.position > known.position) return false;
    return headText(head) !== headText(known);
  }

  #tellHead(): void {
    const { log } = this.context;
    // Kept outside the database, this is what an old copy of it is found out by.
    if (this.#known !== null) log.info({ head: headText(this.#known) }, 'the audit log is sealed up to here');
  }

  /** Says a thing at once when it is new, and again every hour. */
  #tell(text: string, say: () => void): void {
    const now = this.context.clock.now();
    if (this.#told !== null && this.#told.text === text && this.#told.until > now) return;
    this.#told = { text, until: addSeconds(now, TOLD_AGAIN_SECONDS) };
    say();
  }
}
