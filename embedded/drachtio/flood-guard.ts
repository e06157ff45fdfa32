/**
 * What is dropped before it costs anything. Nobody is answered who floods or scans: an answer would tell a scanner that there is somebody, and
 * send packets to whoever he says he is. Calls to emergency numbers pass everything here.
 */
import type { Flow } from '../../telephony/sip/flow.js';
import type { SipRequest } from '../../telephony/sip/message.js';
import { SourcePenalties } from './source-penalties.js';

/** Tools that look for SIP servers to abuse, by the names that they have in their User-Agent as long as nobody changes them. */
const SCANNERS =
  /friendly-(?:scanner|request)|sipvicious|sundayddr|sipsak|sip-scan|sipcli|vaxsipuseragent|pplsip|gulp|iwar|csipsimple|smap|sivus/i;

/** Requests that begin something. Others belong to a dialog, or are refused at once. */
const BEGINS = /^(?:INVITE|REGISTER|OPTIONS|SUBSCRIBE|MESSAGE|PUBLISH|NOTIFY|REFER) /;
/** As much of a request as holds its method and the number it is to. */
const LOOKED_AT_BYTES = 96;

/** So often is told that messages are dropped. Milliseconds. */
const TELL_EVERY_MS = 60_000;

export class FloodGuard {
  readonly #penalties: SourcePenalties;
  readonly #onDropped: (dropped: number) => void;
  #toldAt = -Infinity;
  #protected: ReadonlySet<string> | undefined;
  #dropped = 0;

  /** @param onDropped is told, now and then, how many messages have been dropped since the start */
  constructor(onDropped: (dropped: number) => void, penalties = new SourcePenalties()) {
    this.#onDropped = onDropped;
    this.#penalties = penalties;
  }

  /** Messages dropped since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Numbers that are never limited; undefined when they are not known: then none is that could be one. */
  protect(numbers: readonly string[] | undefined): void {
    this.#protected = numbers === undefined ? undefined : new Set(numbers);
  }

  /** Whether a message is to be read at all. */
  admits(bytes: Buffer, flow: Flow): boolean {
    if (!this.#penalties.isOver(flow)) return true;
    const start = bytes.toString('latin1', 0, LOOKED_AT_BYTES);
    if (!BEGINS.test(start) || this.#isForHelp(start)) return true;
    this.#drop();
    return false;
  }

  /** Whether a request is to be forgotten without an answer. */
  ignores({ method, uri, headers }: SipRequest): boolean {
    if (!SCANNERS.test(headers.get('User-Agent') ?? '') || this.#isForHelp(`${method} ${uri} `)) return false;
    this.#drop();
    return true;
  }

  /** A request that came outside of dialogs has its final answer. */
  noteAnswer(flow: Flow, method: string, status: number): void {
    this.#penalties.note(flow, method, status);
  }

  #drop(): void {
    this.#dropped++;
    const now = performance.now();
    if (now - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = now;
    this.#onDropped(this.#dropped);
  }

  /** Whether a request line, or the beginning of one, is that of a call which may be to an emergency number. In doubt it is. */
  #isForHelp(requestLine: string): boolean {
    const uri = /^INVITE (\S+)/.exec(requestLine)?.[1];
    if (uri === undefined) return false;
    if (/^urn:/i.test(uri)) return true;
    const user = /^(?:sips?:|tel:)([^@;>]+)/i.exec(uri)?.[1] ?? '';
    const dialled = unescape(user).replace(/[().\-\s]/g, '');
    const candidates = [dialled, dialled.replace(/#$/, '')];
    if (this.#protected === undefined) return candidates.some((number) => /^[0-9*#+]{2,15}$/.test(number));
    return candidates.some((number) => this.#protected?.has(number));
  }
}

function unescape(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % is no escape
  }
}
