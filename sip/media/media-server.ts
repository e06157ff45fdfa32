import type Mrf from 'drachtio-fsmrf';
import FsmrfMediaServer from 'drachtio-fsmrf/lib/mediaserver.js';
import type { Logger } from 'pino';
import { type EngineAddress, EventSocketClient } from './event-socket-client.js';
import type { EventSocketListener } from './event-socket-listener.js';
import type { FrameSocket } from './frame-socket.js';
import { MediaEndpoint } from './media-endpoint.js';
import { answerWhole, readPlainAudio } from './plain-audio.js';
import { errorText, failureStatus, type Dialog } from '../sip-messages.js';
import { firstOf, pause, unlessAborted, within } from '../time-limit.js';

export type { EngineAddress } from './event-socket-client.js';

/**
 * `not-acceptable`: no codec, no audio in common. `unavailable`: this media server cannot now,
 * another may.
 */
export type EndpointOutcome =
  | { kind: 'endpoint'; endpoint: MediaEndpoint }
  | { kind: 'not-acceptable' }
  | { kind: 'unavailable'; reason: string };

const RETRY_MS = 1000;
const CHECK_MS = 3000;
/**
 * A server that says nothing for so long hangs; and one that takes so long for an endpoint is asked
 * whether it does.
 */
const CHECK_LIMIT_MS = 5000;
const DOUBT_MS = 2000;
/** From FreeSWITCH's answer to our INVITE to its connection, which the dialplan makes next. */
const SOCKET_LIMIT_MS = 10_000;
/**
 * What a media server answers to an offer that it does not want, or cannot read: the caller's
 * affair, not its own.
 */
const OFFER_REFUSED: ReadonlySet<number | null> = new Set([400, 413, 415, 420, 488, 493, 513, 606]);

/**
 * FreeSWITCH hangs up with "incompatible destination" (488) when it has no RTP port left, or
 * answers with port 0; G.711 in the form in which it gets it here is compatible.
 */
const NO_PORT: EndpointOutcome = { kind: 'unavailable', reason: 'the media server has no RTP port left' };

interface Connection {
  fsmrf: Mrf.MediaServer;
  client: EventSocketClient;
}

/**
 * One FreeSWITCH, reached through one SIP server. Keeps a connection to its event socket as long as
 * it is wanted.
 */
export class MediaServer {
  readonly #stopped = new AbortController();
  readonly #running: Promise<void>;
  #connection: Connection | null = null;
  #places: number | null = null;
  readonly #endpoints = new Set<MediaEndpoint>();
  /**
   * Wakes the check of a server that has failed to make an endpoint; null while it is not doubted.
   */
  #doubt: AbortController | null = null;

  constructor(
    private readonly createUAC: (uri: string, options: object) => Promise<Dialog>,
    private readonly address: EngineAddress,
    private readonly listener: EventSocketListener,
    private readonly onChange: () => void,
    private readonly log: Logger,
  ) {
    this.#running = this.#stayConnected();
  }

  get ready(): boolean {
    return this.#connection !== null;
  }

  /** How many callers it has from us. */
  get endpoints(): number {
    return this.#endpoints.size;
  }

  /** Calls that it takes at a time, as it says itself; null while it is not connected. */
  get places(): number | null {
    return this.#connection === null ? null : this.#places;
  }

  /** Whether it has failed, and has not shown since that it can. */
  get isDoubtful(): boolean {
    return this.#doubt?.signal.aborted === true;
  }

  /**
   * @param offer the caller's, of which the plain audio is used
   * @param limitMs awaited time (awaited-time.ts); a server that is found to hang, or is lost, is
   *   not waited for
   */
  async createEndpoint(offer: string, limitMs: number): Promise<EndpointOutcome> {
    const connection = this.#connection;
    if (connection === null) return { kind: 'unavailable', reason: 'not connected' };
    const audio = readPlainAudio(offer);
    if (audio === null) return { kind: 'not-acceptable' };
    const made = connection.fsmrf
      .createEndpoint({ remoteSdp: audio.sdp, family: connection.client.sipFamily })
      .then((endpoint) => {
        return new MediaEndpoint(endpoint, answerWhole(audio, endpoint.local.sdp) ?? '', this.log);
      });
    let isWanted = true;
    made.then(
      (endpoint) => (isWanted ? undefined : void endpoint.destroy()),
      () => undefined,
    );
    const slow = firstOf([], DOUBT_MS);
    slow.signal.addEventListener('abort', () => this.#doubt?.abort(), { once: true });
    try {
      const endpoint = await within(limitMs, 'an endpoint', unlessAborted(connection.client.over, made));
      if (endpoint === undefined) return { kind: 'unavailable', reason: 'connection lost' };
      if (endpoint.localSdp === '') {
        void endpoint.destroy();
        return NO_PORT;
      }
      this.#endpoints.add(endpoint);
      this.#trust();
      endpoint.onGone(() => this.#endpoints.delete(endpoint));
      return { kind: 'endpoint', endpoint };
    } catch (error) {
      const status = failureStatus(error);
      if (status === 488 && audio.hasG711) return NO_PORT;
      if (OFFER_REFUSED.has(status)) return { kind: 'not-acceptable' };
      if (status !== 503) this.#doubt?.abort(); // it has said that it is full
      return { kind: 'unavailable', reason: errorText(error) };
    } finally {
      isWanted = false;
      slow.release();
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

  /**
   * Connects and stays until the connection is lost or no longer wanted; answers why there was
   * none.
   */
  async #connectOnce(signal: AbortSignal): Promise<string | null> {
    const outcome = await EventSocketClient.connect(this.address, signal);
    if (outcome.kind === 'not-connected') return signal.aborted ? null : outcome.reason;
    const { client } = outcome;
    const fsmrf = await this.#begin(client);
    await this.#look(client, client.over).catch(() => undefined); // the next one finds out
    this.#connection = { fsmrf, client };
    this.log.info({ host: this.address.host, port: this.address.port }, 'media server connected');
    this.onChange();
    const over = firstOf([signal, client.over]);
    await this.#watch(client, over.signal);
    over.release();
    fsmrf.disconnect();
    this.#connection = null;
    this.onChange();
    return signal.aborted ? null : 'connection lost';
  }

  /**
   * fsmrf's side of it. The port that it opens is closed before anybody can have connected:
   * connections come through our own listener.
   */
  async #begin(client: EventSocketClient): Promise<Mrf.MediaServer> {
    const srf: Mrf.CallMaker = {
      // oxlint-disable-next-line no-underscore-dangle -- fsmrf's own
      createUAC: (uri, options) => this.#call(uri, options, (socket) => fsmrf._server._onConnection(socket)),
    };
    const { host, port } = this.listener.addressFor(client.localAddress);
    const mrf = { srf, customEvents: [] };
    const fsmrf = new FsmrfMediaServer(client.forFsmrf(), mrf, '127.0.0.1', 0, host, port, 'drachtio_mrf');
    await new Promise<void>((resolve) => {
      fsmrf.once('ready', () => {
        // oxlint-disable-next-line no-underscore-dangle -- fsmrf's own
        fsmrf._server.server.removeAllListeners('connection').close();
        resolve();
      });
    });
    return fsmrf;
  }

  /**
   * fsmrf's call to FreeSWITCH. It is answered when FreeSWITCH has made its connection for the
   * call, too: fsmrf itself waits four seconds of the clock for that, and then gives up calls whose
   * connection only waits to be read.
   */
  async #call(
    uri: string,
    options: Mrf.CallOptions,
    takeConnection: (socket: FrameSocket) => void,
  ): Promise<Dialog> {
    const number = options.headers['User-Agent']?.replace(/^drachtio-fsmrf:/, '') ?? '';
    const { socket, forget } = this.listener.expect(number);
    const ended = new AbortController();
    try {
      const dialog = safelyDestroyed(await this.createUAC(uri, options), this.log);
      dialog.on('destroy', () => ended.abort());
      try {
        const waiting = unlessAborted(ended.signal, socket);
        const connected = await within(SOCKET_LIMIT_MS, 'the connection of a call', waiting);
        if (connected === undefined) throw new Error('the media server has ended the call at once');
        takeConnection(connected);
        connected.resume();
      } catch (error) {
        void socket.then((late) => late.destroy());
        void dialog.destroy();
        throw error;
      }
      return dialog;
    } finally {
      forget();
    }
  }

  #trust(): void {
    if (this.#doubt === null || this.#doubt.signal.aborted) this.#doubt = new AbortController();
  }

  /** Rejects when it does not answer. */
  async #look(client: EventSocketClient, over: AbortSignal): Promise<void> {
    const asking = unlessAborted(over, client.api('status'));
    this.#places = placesIn((await within(CHECK_LIMIT_MS, 'answer to a check', asking)) ?? '');
  }

  /**
   * Resolves when the connection is over, or when FreeSWITCH no longer answers on it. One that is
   * doubted is asked at once.
   */
  async #watch(client: EventSocketClient, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      this.#trust();
      const until = firstOf([over, ...(this.#doubt === null ? [] : [this.#doubt.signal])]);
      await pause(CHECK_MS, until.signal);
      until.release();
      if (over.aborted) return;
      try {
        await this.#look(client, over);
      } catch (error) {
        if (over.aborted) return;
        this.log.warn({ reason: errorText(error) }, 'media server hangs');
        // its callers would hear nothing for minutes
        for (const endpoint of this.#endpoints) endpoint.abandon();
        return;
      }
    }
  }
}

/** What `status` says of `max-sessions`; null when it does not. */
function placesIn(status: string): number | null {
  const most = /^(\d+) session\(s\) max\b/m.exec(status)?.[1];
  return most === undefined ? null : Number(most);
}

/**
 * fsmrf destroys the dialog of an endpoint that did not come up without looking at the outcome; a
 * rejection would end the process.
 */
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
