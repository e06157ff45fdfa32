import type { Logger } from 'pino';
import type { Source } from '../src/contract/messages.js';
import { SPACING_MS } from './frame-limit.js';
import { errorText, type Dialog, type OutgoingRequest, type ReceivedResponse } from './sip-messages.js';
import { flowUri } from './sip-uri.js';
import { pause } from './time-limit.js';

/** A caller who hears nothing for so long has hung up. */
const WORTHWHILE_MS = 60_000;
const MAX_CALLS = 1000;
/**
 * Higher than any that was used in a call: the numbers of a dialog only rise (RFC 3261 12.2.1.1).
 */
const SEQUENCE = 10_000;

interface Bye {
  uri: string;
  request: OutgoingRequest;
  until: number;
}

/**
 * The last word to callers whose SIP server was lost, and with it their dialogs: BYE as it would
 * have been sent in the dialog, as soon as there is a SIP server again. Without it they would
 * listen to silence until they hang up themselves.
 */
export class BelatedByes {
  #byes: Bye[] = [];
  /** Of the SIP server that was there last; aborted when it is not any more. */
  #lost = AbortSignal.abort();
  #sending = false;

  constructor(
    private readonly send: (uri: string, request: OutgoingRequest) => Promise<{ response: ReceivedResponse }>,
    private readonly log: Logger,
  ) {}

  /** Calls that still wait for it. */
  get size(): number {
    return this.#byes.length;
  }

  add(dialog: Dialog, source: Source): void {
    if (this.#byes.length >= MAX_CALLS) return;
    const { callId, localTag, remoteTag } = dialog.sip;
    const headers = {
      'Call-ID': callId,
      From: `<${dialog.local.uri}>;tag=${localTag}`,
      To: `<${dialog.remote.uri}>;tag=${remoteTag}`,
      CSeq: `${SEQUENCE} BYE`,
    };
    const request = { method: 'BYE', proxy: flowUri(source), headers };
    this.#byes.push({ uri: dialog.remote.uri, request, until: performance.now() + WORTHWHILE_MS });
    void this.#sendAll(); // it may be back before the end of the call is settled
  }

  /** There is a SIP server, until `lost`. */
  async sendAll(lost: AbortSignal): Promise<void> {
    this.#lost = lost;
    await this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    while (!this.#lost.aborted) {
      const bye = this.#byes.shift();
      if (bye === undefined) break;
      if (performance.now() > bye.until) continue;
      this.send(bye.uri, bye.request).catch((error: unknown) => {
        this.log.debug({ reason: errorText(error) }, 'a caller whose SIP server was lost cannot be told');
      });
      await pause(SPACING_MS, this.#lost);
    }
    this.#sending = false;
  }
}
