/**
 * What is dropped before it costs anything. Floods and scanners get no answer: it would tell a
 * scanner that a SIP server is here, and send packets to the address that the sender names. Calls
 * to emergency numbers pass everything here.
 */
import type { Flow } from '../../telephony/sip/flow.js';
import type { SipRequest, SipResponse } from '../../telephony/sip/message.js';
import { KnownPhones } from './known-phones.js';
import { SourcePenalties } from './source-penalties.js';

/**
 * Tools that look for SIP servers to abuse, by the default name in their User-Agent.
 */
const SCANNERS =
  /friendly-(?:scanner|request)|sipvicious|sundayddr|sipsak|sip-scan|sipcli|vaxsipuseragent|pplsip|gulp|iwar|csipsimple|smap|sivus/i;

/** Requests that begin something. Others belong to a dialog, or are refused at once. */
const BEGINS = /^(?:INVITE|REGISTER|OPTIONS|SUBSCRIBE|MESSAGE|PUBLISH|NOTIFY|REFER) /;
/** As much of a request as holds its method and the number it is to. */
const LOOKED_AT_BYTES = 96;
/** As much as holds a phone's name and credentials. */
const HEAD_BYTES = 4096;

/** So often is told that messages are dropped. Milliseconds. */
const TELL_EVERY_MS = 60_000;

export class FloodGuard {
  readonly #penalties: SourcePenalties;
  readonly #phones: KnownPhones;
  readonly #onDropped: (dropped: number) => void;
  #toldAt = -Infinity;
  #protected: ReadonlySet<string> | undefined;
  #dropped = 0;

  /** @param onDropped is told, now and then, how many messages have been dropped since the start */
  constructor(
    onDropped: (dropped: number) => void,
    penalties = new SourcePenalties(),
    phones = new KnownPhones(),
  ) {
    this.#onDropped = onDropped;
    this.#penalties = penalties;
    this.#phones = phones;
  }

  /** Messages dropped since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Numbers that are never limited; undefined when they are not known: then none is that could be
   * one.
   */
  protect(numbers: readonly string[] | undefined): void {
    this.#protected = numbers === undefined ? undefined : new Set(numbers);
  }

  /** Whether a message is to be read at all. */
  admits(bytes: Buffer, flow: Flow): boolean {
    if (!this.#penalties.isOver(flow)) return true;
    const start = bytes.toString('latin1', 0, LOOKED_AT_BYTES);
    if (!BEGINS.test(start) || this.#isForHelp(start)) return true;
    if (this.#phones.recognise(flow, bytes.toString('latin1', 0, HEAD_BYTES))) return true;
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

  /** The same of one that an application has answered. */
  noteResponse(flow: Flow, request: SipRequest, response: SipResponse): void {
    this.noteAnswer(flow, request.method, response.status);
    this.#phones.note(flow, request, response);
  }

  #drop(): void {
    this.#dropped++;
    const now = performance.now();
    if (now - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = now;
    this.#onDropped(this.#dropped);
  }

  /**
   * Whether a request line, or the beginning of one, is that of a call which may be to an emergency
   * number. In doubt it is.
   */
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
