import { getEventListeners, setMaxListeners } from 'node:events';
import { Socket } from 'node:net';
import type { Logger } from 'pino';
import Srf from 'drachtio-srf';
import { isAnswerable } from './answerable.js';
import { guardControlInput } from './control-input.js';
import { ControlWatch } from './control-watch.js';
import { sizeOf } from './frame-limit.js';
import { progressOf, type Leg, type LegProgress, type LegWithoutOffer, type OfferedLeg } from './leg.js';
import type { EngineAddress } from './media/media-server.js';
import { BelatedByes } from './belated-byes.js';
import { SipFronts } from './sip-fronts.js';
import type { Signalling } from './signalling.js';
import { errorText, type Dialog, type SipRequest, type SipResponse } from './sip-messages.js';
import type { OutgoingRequest, ReceivedResponse, SentRequest } from './sip-messages.js';
import { unlessAborted, within } from './time-limit.js';

export type Handler = (request: SipRequest, response: SipResponse) => void | Promise<void>;

/** What is held for a SIP server at a moment; everything is 0 when nothing goes on. */
export interface HeldAtServer {
  /** Of both legs of all calls. */
  dialogs: number;
  /** Requests and responses that drachtio-srf waits for news of. */
  pending: number;
  /** Calls that want to know when the server is lost. */
  listeners: number;
}

/**
 * drachtio-srf multiplies the pause between two connections by 1.7 without end, unless told. A
 * server that was ended and started again is to be used at once: phones are without service as long
 * as that takes.
 */
const MAX_RECONNECT_MS = 500;
const CLOSE_LIMIT_MS = 1000;

/**
 * One drachtio-server: the connection to it, and SIP through it. It connects again by itself
 * whenever the server goes away.
 */
export class SipServer {
  readonly #srf = new Srf() as unknown as Signalling;
  #connection: AbortController | null = null;
  #stopped = false;
  #socket: Socket | null = null;
  #watch: ControlWatch | null = null;
  /** For callers whose dialogs were lost with a connection. */
  readonly belatedByes: BelatedByes;

  constructor(
    private readonly address: EngineAddress,
    private readonly onChange: () => void,
    private readonly log: Logger,
    fronts = new SipFronts([]),
  ) {
    // Before drachtio-srf's own, so for the requests within dialogs too.
    this.#srf.app.stack.unshift({
      method: '*',
      handle: (request, _response, next) => {
        fronts.unveil(request);
        next();
      },
    });
    this.belatedByes = new BelatedByes((uri, bye) => this.request(uri, bye), log);
    this.#srf.on('connect', (error, _at, version) => {
      if (this.#stopped) return void this.disconnect();
      if (error) return this.log.error({ reason: error.message, ...this.#where }, 'SIP server refuses us');
      this.log.info(this.#where, 'SIP server connected');
      this.#begin();
      this.#ask(version ?? '');
    });
    this.#srf.on('error', (error) => {
      this.log.debug({ reason: errorText(error), ...this.#where }, 'SIP server not reachable');
    });
    this.#srf.on('close', () => {
      // the server has forgotten them with the connection, drachtio-srf would never
      this.#dialogs.clear();
      if (this.#connection !== null && !this.#stopped)
        this.log.warn(this.#where, 'connection to the SIP server lost');
      this.#end();
    });
  }

  get #dialogs(): Map<string, unknown> {
    // oxlint-disable-next-line no-underscore-dangle -- drachtio-srf's own
    return this.#srf._dialogs;
  }

  held(): HeldAtServer {
    const tables = [...this.#srf.app.client.mapServer.values()].flatMap((server) => Object.values(server));
    return {
      dialogs: this.#dialogs.size,
      pending: tables.reduce((sum, table) => sum + (table instanceof Map ? table.size : 0), 0),
      listeners: getEventListeners(this.lost, 'abort').length,
    };
  }

  get ready(): boolean {
    return this.#connection !== null;
  }

  /**
   * Aborted when the present connection is lost: its dialogs are lost with it. Already aborted when
   * there is none.
   */
  get lost(): AbortSignal {
    return this.#connection?.signal ?? AbortSignal.abort();
  }

  /**
   * Must be called before connect(). A handler that fails is logged, and its request answered 500
   * if it has no answer yet.
   */
  handle(method: string, handler: Handler): void {
    this.#srf.use(method.toLowerCase(), (request, response) => {
      const fault = (error: unknown): void => {
        this.log.error(
          { method, fault: error instanceof Error ? error.stack : String(error) },
          'SIP handler failed',
        );
        if (!response.finalResponseSent) response.send(500);
      };
      if (!isAnswerable(request)) {
        this.log.info({ method }, 'a request without an address to answer at');
        return this.#leaveUnanswered(request);
      }
      switch (sizeOf(request)) {
        case 'unanswerable':
          this.log.info({ method }, 'a request with headers too long to be answered');
          return this.#leaveUnanswered(request);
        case 'too-large':
          return response.send(513);
        case 'usual':
      }
      try {
        const handling = handler(request, response);
        if (handling !== undefined) handling.catch(fault);
      } catch (error) {
        fault(error);
      }
    });
  }

  /**
   * The SIP server forgets it after a while; drachtio-srf would keep an INVITE for ever, for the
   * CANCEL that may come.
   */
  #leaveUnanswered(request: SipRequest): void {
    for (const { pendingNetworkInvites } of this.#srf.app.client.mapServer.values()) {
      const callId = request.get('call-id') ?? '';
      if (pendingNetworkInvites.get(callId)?.req === request) pendingNetworkInvites.delete(callId);
    }
  }

  connect(): void {
    this.#srf.connect({ ...this.address, reconnect: { retryMaxDelay: MAX_RECONNECT_MS } });
    guardControlInput(this.#srf.app.client.wp, this.log);
    this.#srf.app.client.wp.on('connect', (socket) => {
      this.#socket = socket;
      this.#watch = new ControlWatch(socket, {
        onSilent: () => {
          this.log.warn(this.#where, 'SIP server hangs');
          this.#end();
        },
        onHeard: () => {
          if (this.#socket !== socket || this.#stopped) return;
          this.log.info(this.#where, 'SIP server goes on');
          this.#begin();
        },
      });
    });
  }

  #begin(): void {
    this.#connection = new AbortController();
    setMaxListeners(0, this.#connection.signal); // every call listens
    this.onChange();
    void this.belatedByes.sendAll(this.#connection.signal);
  }

  #end(): void {
    if (this.#connection === null) return;
    this.#connection.abort();
    this.#connection = null;
    this.onChange();
  }

  /** Older servers do not know pings. */
  #ask(version: string): void {
    const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
    const socket = this.#socket;
    const knowsPings = socket !== null && (Number(major) > 0 || Number(minor) >= 9);
    this.#watch?.authenticated(knowsPings ? () => this.#srf.app.client.wp.send(socket, 'ping') : null);
  }

  /** Ends the connection, and every attempt to have one. */
  async disconnect(): Promise<void> {
    this.#stopped = true;
    const connection = this.#connection;
    try {
      this.#srf.disconnect();
    } catch {
      // There is no connection to end, but drachtio-srf would go on trying for one: any socket
      // makes it understand.
      this.#srf.disconnect(new Socket());
    }
    if (connection === null) return void this.#socket?.destroy();
    const closed = new Promise<void>((resolve) =>
      connection.signal.addEventListener('abort', () => resolve()),
    );
    // it hangs; we go all the same
    await within(CLOSE_LIMIT_MS, 'end of the connection', closed).catch(() => connection.abort());
    this.#connection = null;
    this.#socket?.destroy();
  }

  /**
   * Answers an INVITE with 200. `prepare` hears of the dialog before anything that may have come
   * with the same packet (an early BYE, an INFO) is looked at. Rejects when the caller has gone, or
   * the connection; a dialog that comes into being all the same is ended.
   */
  answer(
    request: SipRequest,
    response: SipResponse,
    options: { localSdp: string; headers: Record<string, string> },
    prepare: (dialog: Dialog) => void,
  ): Promise<Dialog> {
    const answering = new Promise<Dialog>((resolve, reject) => {
      let failed = false;
      this.#srf.createUAS(request, response, options, (error, dialog) => {
        if (dialog === undefined) {
          failed = true;
          return reject(error instanceof Error ? error : new Error(errorText(error)));
        }
        if (failed) return endUnwanted(dialog);
        prepare(dialog);
        resolve(dialog);
      });
    });
    return this.#unlessLost(answering);
  }

  /**
   * Calls a URI with our offer. Rejects with the failure status (see failureStatus) when it is not
   * answered with 200.
   */
  async call(leg: Leg & { localSdp: string }, progress?: LegProgress): Promise<Dialog> {
    return (await this.#unlessLost(this.#srf.createUAC({ ...leg }, progressOf(progress)))) as Dialog;
  }

  /** Calls a URI without an offer: the other side makes one. */
  async callForOffer(leg: Leg, progress?: LegProgress): Promise<OfferedLeg | LegWithoutOffer> {
    const calling = this.#srf.createUAC({ ...leg, noAck: true }, progressOf(progress));
    const answered = (await this.#unlessLost(calling)) as Omit<OfferedLeg, 'kind'> | Dialog;
    return 'ack' in answered && 'sdp' in answered
      ? { kind: 'offer', ...answered }
      : { kind: 'no-offer', dialog: answered };
  }

  /** fsmrf's way to call its media server. */
  readonly createUAC = async (uri: string, options: object): Promise<Dialog> =>
    (await this.#srf.createUAC({ ...options, uri })) as Dialog;

  /**
   * Sends a request outside of any dialog and waits for its final response: 408 by the SIP server's
   * own timer at the latest.
   */
  request(
    uri: string,
    outgoing: OutgoingRequest,
  ): Promise<{ sent: SentRequest; response: ReceivedResponse }> {
    return new Promise((resolve, reject) => {
      this.#srf.request(uri, { ...outgoing }, (error, sent) => {
        if (sent === undefined) return reject(error instanceof Error ? error : new Error(errorText(error)));
        // here and not after an await: the response may have come in the same packet
        sent.on('response', (response) => {
          if (response.status >= 200) resolve({ sent, response });
        });
      });
    });
  }

  /** drachtio-srf never settles what it was at when the connection is lost. */
  async #unlessLost<T>(promise: Promise<T>): Promise<T> {
    const value = await unlessAborted(this.lost, promise);
    if (value === undefined) throw new Error('SIP server lost');
    return value;
  }

  get #where(): { host: string; port: number } {
    return { host: this.address.host, port: this.address.port };
  }
}

/** Its caller has cancelled, so the dialog is ended at once. */
function endUnwanted(dialog: Dialog): void {
  dialog.destroy().catch(() => undefined); // the other side may be gone already
}
