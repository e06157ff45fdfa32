import { createHmac } from 'node:crypto';
import { canonicalJson } from './canonical-json.js';
import type { NewEvent } from './events.js';
import { type MasterKey, sameText } from './secrets.js';

/** An event as the database has it. Ids grow with time. */
export interface WrittenEvent extends NewEvent {
  id: string;
}

/** An event at its place in the sealed log. */
export interface SealedEvent extends WrittenEvent {
  /** From 1, without a gap. */
  position: number;
  seal: string;
}

/** The end of the sealed log: how many events it has, and the seal over all of them. */
export interface AuditHead {
  /** When the log was begun: what is older stood in the database before. */
  begunAt: Date;
  position: number;
  /** 64 hexadecimal digits. */
  seal: string;
}

/** The head of a log without events. */
export function beginLog(key: MasterKey, begunAt: Date): AuditHead {
  return { begunAt, position: 0, seal: hmac(key, `begun\n${begunAt.getTime()}`) };
}

/**
 * Puts an event at the end of the log; answers the head after it. The seal is HMAC-SHA256, under a
 * key that is not in the database, of the seal before and the event with its position as canonical
 * JSON, times in milliseconds: so none can be changed, put in, taken out or moved without all seals
 * from there on being wrong.
 */
export function sealEvent(key: MasterKey, { begunAt, ...before }: AuditHead, event: WrittenEvent): AuditHead {
  const position = before.position + 1;
  const { id, type, tenantId, mac, actor, address, data } = event;
  const text = canonicalJson({
    position,
    id,
    at: event.at.getTime(),
    type,
    tenantId,
    mac,
    actor,
    address,
    data,
  });
  return { begunAt, position, seal: hmac(key, `event\n${before.seal}\n${text}`) };
}

/** Whether an event stands rightly after those that lead to a head. */
export type Fit = { kind: 'fits'; head: AuditHead } | { kind: 'gap' } | { kind: 'altered' };

export function fitEvent(key: MasterKey, head: AuditHead, event: SealedEvent): Fit {
  if (event.position !== head.position + 1) return { kind: 'gap' };
  const after = sealEvent(key, head, event);
  return after.seal === event.seal ? { kind: 'fits', head: after } : { kind: 'altered' };
}

/**
 * The head as it is stored. It is sealed itself, so that an earlier event cannot be passed off as
 * the last one.
 */
export function writeHead(key: MasterKey, head: AuditHead): string {
  const text = `${head.begunAt.getTime()}:${headText(head)}`;
  return `${text}:${hmac(key, `head\n${text}`)}`;
}

/** Reads what `writeHead` wrote; null when it was not written with this key. */
export function readHead(key: MasterKey, stored: string): AuditHead | null {
  const [, begunAt, position, seal] =
    /^(\d{1,15}):(\d{1,15}):([0-9a-f]{64}):[0-9a-f]{64}$/.exec(stored) ?? [];
  if (begunAt === undefined || position === undefined || seal === undefined) return null;
  const head = { begunAt: new Date(Number(begunAt)), position: Number(position), seal };
  return sameText(writeHead(key, head), stored) ? head : null;
}

/** A head as people note it: `1204:9f86…`. */
export function headText({ position, seal }: Pick<AuditHead, 'position' | 'seal'>): string {
  return `${position}:${seal}`;
}

/** Reads a head as `headText` writes it; null for anything else. */
export function parseHeadText(text: string): Pick<AuditHead, 'position' | 'seal'> | null {
  const [, position, seal] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  return position === undefined || seal === undefined ? null : { position: Number(position), seal };
}

function hmac(key: MasterKey, text: string): string {
  return createHmac('sha256', key.audit).update(text).digest('hex');
}
