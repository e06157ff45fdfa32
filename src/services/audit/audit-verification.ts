import {
  type AuditHead,
  type SealedEvent,
  beginLog,
  fitEvent,
  headText,
  readHead,
} from '../../domain/audit.js';
import type { MasterKey } from '../../domain/secrets.js';
import {
  countUnsealedEvents,
  findStoredHead,
  hasEvents,
  listSealedEvents,
  onSnapshot,
} from '../../store/audit.js';
import { lastSealedPosition } from '../../store/event-counts.js';
import type { Queryable, Store } from '../../store/store.js';

/** Read at a time; more are never in memory. */
const BATCH = 1000;
/** Events are written within seconds of what they tell of. */
const LATE_MS = 3_600_000;

export type AuditFault =
  | { kind: 'no-head' }
  | { kind: 'head-forged' }
  /** The event's seal is not that of what it and those before it say. */
  | { kind: 'altered'; event: SealedEvent }
  /** It has not the position that comes next. */
  | { kind: 'gap'; event: SealedEvent; expected: number }
  /** The log ends before its head. */
  | { kind: 'cut'; after: number; head: number }
  /** It stands behind the last event that the head knows. */
  | { kind: 'surplus'; event: SealedEvent }
  /** The head that somebody noted is not of this log, or the log has become shorter since. */
  | { kind: 'other-head'; position: number }
  | { kind: 'shorter-than-noted'; position: number };

export interface AuditReport {
  /** Events whose seals were right. */
  sealed: number;
  first: Date | null;
  last: Date | null;
  /** null when the stored one cannot be read. */
  head: AuditHead | null;
  /** Events that wait to be sealed. */
  unsealed: number;
  /**
   * Events whose time is more than an hour before that of the log's beginning or of one sealed
   * earlier: they were written long after it.
   */
  late: { count: number; firstPosition: number } | null;
  /** The first thing that does not fit; null when everything does. */
  fault: AuditFault | null;
}

/**
 * Follows the seals of the audit log from its beginning to its head. `noted` is a head that was
 * kept outside the database: it must lie on the way. Reads a snapshot, so that events may be
 * written and sealed meanwhile.
 */
export async function verifyAudit(
  store: Store,
  key: MasterKey,
  noted: Pick<AuditHead, 'position' | 'seal'> | null = null,
): Promise<AuditReport> {
  return onSnapshot(store.db, async (db) => {
    const unsealed = await countUnsealedEvents(db);
    const stored = await findStoredHead(db);
    const head = stored === null ? null : readHead(key, stored);
    if (head !== null) return { ...(await followSeals(sealedEvents(db), key, head, noted)), unsealed };
    const isNew = stored === null && noted === null && !(await hasEvents(db, 'sealed'));
    const fault = stored === null ? ({ kind: 'no-head' } as const) : ({ kind: 'head-forged' } as const);
    return { ...NOTHING, unsealed, fault: isNew ? null : fault };
  });
}

/**
 * The same up to the head as it is now, without a snapshot: the embedded database has one
 * connection, which phones need meanwhile. Nothing changes there in order but by sealing.
 *
 * @param note told how far it has come
 */
export async function verifyAuditLive(
  { db }: Store,
  key: MasterKey,
  note: (position: number) => void,
  ending: AbortSignal,
): Promise<AuditReport> {
  // In this order: whatever is sealed between the two, the head has it.
  const last = await lastSealedPosition(db);
  const stored = await findStoredHead(db);
  const unsealed = await countUnsealedEvents(db);
  const head = stored === null ? null : readHead(key, stored);
  if (head === null) {
    const isNew = stored === null && last === 0;
    return {
      ...NOTHING,
      unsealed,
      fault: isNew ? null : { kind: stored === null ? 'no-head' : 'head-forged' },
    };
  }
  const events = sealedEvents(db, Math.max(last, head.position), (position) => {
    ending.throwIfAborted();
    note(position);
  });
  return { ...(await followSeals(events, key, head, null)), unsealed };
}

type Followed = Omit<AuditReport, 'unsealed'>;

const NOTHING: Followed = { sealed: 0, first: null, last: null, head: null, late: null, fault: null };

async function followSeals(
  events: AsyncIterable<SealedEvent>,
  key: MasterKey,
  head: AuditHead,
  noted: Pick<AuditHead, 'position' | 'seal'> | null,
): Promise<Followed> {
  const report: Followed = { ...NOTHING, head };
  let at = beginLog(key, head.begunAt);
  let latest = head.begunAt.getTime();
  const isOther = (): boolean => noted?.position === at.position && noted.seal !== at.seal;
  if (isOther()) return { ...report, fault: { kind: 'other-head', position: at.position } };

  for await (const event of events) {
    if (at.position === head.position) return { ...report, fault: { kind: 'surplus', event } };
    const fit = fitEvent(key, at, event);
    if (fit.kind === 'gap') return { ...report, fault: { kind: 'gap', event, expected: at.position + 1 } };
    if (fit.kind === 'altered') return { ...report, fault: { kind: 'altered', event } };
    at = fit.head;
    report.sealed = at.position;
    report.first ??= event.at;
    report.last = event.at;
    if (event.at.getTime() < latest - LATE_MS) {
      report.late = {
        count: (report.late?.count ?? 0) + 1,
        firstPosition: report.late?.firstPosition ?? at.position,
      };
    }
    latest = Math.max(latest, event.at.getTime());
    if (isOther()) return { ...report, fault: { kind: 'other-head', position: at.position } };
  }
  return { ...report, fault: endFault(at, head, noted) };
}

function endFault(
  end: AuditHead,
  head: AuditHead,
  noted: Pick<AuditHead, 'position'> | null,
): AuditFault | null {
  if (end.position < head.position) return { kind: 'cut', after: end.position, head: head.position };
  if (headText(end) !== headText(head)) return { kind: 'head-forged' };
  if (noted !== null && noted.position > end.position)
    return { kind: 'shorter-than-noted', position: noted.position };
  return null;
}

async function* sealedEvents(
  db: Queryable,
  upTo = Number.POSITIVE_INFINITY,
  note: (position: number) => void = () => undefined,
): AsyncGenerator<SealedEvent> {
  for (let after: SealedEvent | null = null; ;) {
    const events: SealedEvent[] = await listSealedEvents(db, after, BATCH);
    for (const event of events) {
      if (event.position > upTo) return;
      yield event;
    }
    after = events.at(-1) ?? null;
    if (after === null || events.length < BATCH) return;
    note(after.position);
  }
}
