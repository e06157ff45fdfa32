import Mrf from 'drachtio-fsmrf';
import type { Logger } from 'pino';
import { MediaEndpoint } from './media-endpoint.js';
import { probeEventSocket } from './media-probe.js';
import { errorText, failureStatus, type Dialog } from '../sip-messages.js';
import { firstOf, pause, unlessAborted, within } from '../time-limit.js';

export interface EngineAddress {
  host: string;
  port: number;
  secret: string;
}

/** `not-acceptable`: no codec, no audio in common. `unavailable`: this media server cannot now, another may. */
export type EndpointOutcome =
  | { kind: 'endpoint'; endpoint: MediaEndpoint }
  | { kind: 'not-acceptable' }
  | { kind: 'unavailable'; reason: string };

const CONNECT_LIMIT_MS = 3000;
const RETRY_MS = 1000;
const CHECK_MS = 5000;
const CHECK_LIMIT_MS = 3000;

/**
 * One FreeSWITCH, reached through one SIP server. Keeps a connection to its event socket as long as it is wanted: a connection that
 * breaks is thrown away at once and a new one made, because fsmrf's own reconnection mixes up answers.
 */
export class MediaServer {
  readonly #mrf: Mrf<Dialog>;
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  #connected: Mrf.MediaServer<Dialog> | null = null;
  readonly #endpoints = new Set<MediaEndpoint>();
  /** Wakes the check of a server that has failed to make an endpoint; null while it is not doubted. */
  #doubt: AbortController | null = null;

  constructor(
    createUAC: (uri: string, options: object) => Promise<Dialog>,
    private readonly address: EngineAddress,
    private readonly listenAddress: string,
    private readonly onChange: () => void,
    private readonly log: Logger,
  ) {
    this.#mrf = new Mrf({
      createUAC: async (uri, options) => safelyDestroyed(await createUAC(uri, options), log),
    });
    this.#running = this.#stayConnected();
  }

  get ready(): boolean {
    return this.#connected !== null;
  }

  /** How many callers it has from us. */
  get endpoints(): number {
    return this.#endpoints.size;
  }

  /** Whether it has failed, and has not shown since that it can. */
  get isDoubtful(): boolean {
    return this.#doubt?.signal.aborted === true;
  }

  async createEndpoint(offer: string, limitMs: number): Promise<EndpointOutcome> {
    const server = this.#connected;
    if (server === null) return { kind: 'unavailable', reason: 'not connected' };
    try {
      const made = server
        .createEndpoint({ remoteSdp: offer })
        .then((endpoint) => new MediaEndpoint(endpoint, this.log));
      const endpoint = await within(limitMs, 'an endpoint', made, (late) => void late.destroy());
      this.#endpoints.add(endpoint);
      this.#trust();
      endpoint.onGone(() => this.#endpoints.delete(endpoint));
      return { kind: 'endpoint', endpoint };
    } catch (error) {
      const status = failureStatus(error);
      if (status === 415 || status === 488 || status === 606) return { kind: 'not-acceptable' };
      this.#doubt?.abort();
      return { kind: 'unavailable', reason: errorText(error) };
    }
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#running;
  }

  async #stayConnected(): Promise<void> {
    const { signal } = this.#stopped;
    let complaint = '';
    while (!signal.aborted) {
      const reason = await this.#connectOnce(signal);
      if (reason !== null && reason !== complaint) {
        this.log.warn(
          { host: this.address.host, port: this.address.port, reason },
          'media server not available',
        );
      }
      complaint = reason ?? '';
      await pause(RETRY_MS, signal);
    }
  }

  /** Connects and stays until the connection is lost or no longer wanted; answers why there was none. */
  async #connectOnce(signal: AbortSignal): Promise<string | null> {
    const probe = await probeEventSocket(this.address, signal);
    if (probe.kind === 'not-ready') return signal.aborted ? null : probe.reason;
    const lost = new AbortController();
    try {
      this.#connected = await this.#connect(lost);
    } catch (error) {
      return errorText(error);
    }
    this.log.info({ host: this.address.host, port: this.address.port }, 'media server connected');
    this.onChange();
    const over = firstOf([signal, lost.signal]);
    await this.#watch(this.#connected, over.signal);
    over.release();
    this.#connected.disconnect();
    this.#connected = null;
    this.onChange();
    return signal.aborted ? null : 'connection lost';
  }

  #connect(lost: AbortController): Promise<Mrf.MediaServer<Dialog>> {
    const { host: address, port, secret } = this.address;
    const connecting = new Promise<Mrf.MediaServer<Dialog>>((resolve, reject) => {
      let settled = false;
      this.#mrf.connect({ address, port, secret, listenAddress: this.listenAddress }, (error, server) => {
        // Once more after a failure: that is fsmrf's reconnection, which nobody has asked for.
        if (settled) return server?.disconnect();
        settled = true;
        if (server === undefined) return reject(error instanceof Error ? error : new Error(errorText(error)));
        const onLost = (): void => {
          server.disconnect(); // within the event, before the connection sets its timer to reconnect
          lost.abort();
        };
        server.conn.prependListener('error', onLost).prependListener('esl::end', onLost);
        resolve(server);
      });
    });
    return within(CONNECT_LIMIT_MS, 'event socket', connecting, (late) => late.disconnect());
  }

  #trust(): void {
    if (this.#doubt === null || this.#doubt.signal.aborted) this.#doubt = new AbortController();
  }

  /** Resolves when the connection is over, or when FreeSWITCH no longer answers on it. One that is doubted is asked at once. */
  async #watch(server: Mrf.MediaServer<Dialog>, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      this.#trust();
      const until = firstOf([over, ...(this.#doubt === null ? [] : [this.#doubt.signal])]);
      await pause(CHECK_MS, until.signal);
      until.release();
      if (over.aborted) return;
      try {
        await within(CHECK_LIMIT_MS, 'answer to a check', unlessAborted(over, server.api('status')));
      } catch (error) {
        if (over.aborted) return;
        this.log.warn({ reason: errorText(error) }, 'media server hangs');
        for (const endpoint of this.#endpoints) endpoint.abandon(); // its callers would hear nothing for minutes
        return;
      }
    }
  }
}

/** fsmrf destroys the dialog of an endpoint that did not come up without looking at the outcome; a rejection would end the process. */
function safelyDestroyed(dialog: Dialog, log: Logger): Dialog {
  const destroy = dialog.destroy.bind(dialog);
  dialog.destroy = async () => {
    try {
      await destroy();
    } catch (error) {
      log.debug({ reason: errorText(error) }, 'BYE to the media server failed');
    }
  };
  return dialog;
}
