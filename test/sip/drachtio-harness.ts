/**
 * The SIP engine with a real `drachtio-srf` application. The phones on the other side are in
 * `drachtio-phone.ts`.
 */
import type { Socket } from 'node:net';

import Srf from 'drachtio-srf';

import type { Target } from '../../telephony/sip/flow.js';
import { startDrachtio, type DrachtioOptions, type RunningDrachtio } from '../../embedded/drachtio/server.js';

export const SECRET = 'a secret for tests';

/** RFC timers divided by 20, so that a time-out (64*T1) takes 1.6 s. */
export const SHORT_TIMERS = { t1: 25, t2: 200, t4: 250, timerD: 400, timerC: 3_000 };

/**
 * No test here takes that long; one that waits for something that never comes is named, instead of
 * holding up the others.
 */
export const LIMIT = { timeout: 120_000 };

export const OFFER = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 40000 RTP/AVP 0',
  'a=sendrecv',
  '',
].join('\r\n');

export const ANSWER = OFFER.replace('40000', '40002');

/** What tests use of `drachtio-srf`; its own declarations leave most of it out. */
export interface SipReq {
  readonly method: string;
  readonly uri: string;
  readonly body: string;
  readonly source_address: string;
  readonly source_port: number;
  readonly protocol: string;
  readonly receivedOn: string;
  get(name: string): string;
  has(name: string): boolean;
  on(event: string, handler: (...args: never[]) => void): void;
  cancel(callback?: (error: Error | null) => void): void;
}

export interface SipRes {
  readonly status: number;
  readonly body: string;
  readonly source_address: string;
  get(name: string): string;
  send(status: number, options?: object, callback?: (error: string | null, sent?: SipRes) => void): void;
}

export interface SrfDialog {
  readonly id: string;
  readonly sip: { readonly callId: string; readonly localTag: string; readonly remoteTag: string };
  readonly local: { readonly sdp: string };
  readonly remote: { readonly sdp: string; readonly uri: string };
  on(event: string, handler: (...args: never[]) => void): this;
  once(event: string, handler: (...args: never[]) => void): this;
  request(options: object): Promise<SipRes>;
  modify(sdp: string): Promise<string>;
  destroy(): Promise<SipReq>;
}

type Handler = (request: SipReq, response: SipRes) => void;

export interface App {
  invite(handler: Handler): void;
  register(handler: Handler): void;
  options(handler: Handler): void;
  info(handler: Handler): void;
  subscribe(handler: Handler): void;
  on(event: string, handler: (...args: never[]) => void): void;
  connect(options: object): void;
  disconnect(): void;
  request(uri: string, options: object, callback: (error: Error | null, sent: SipReq) => void): void;
  createUAS(request: SipReq, response: SipRes, options: object): Promise<SrfDialog>;
  createUAS(
    request: SipReq,
    response: SipRes,
    options: object,
    callback: (error: Error | null, dialog: SrfDialog) => void,
  ): void;
  createUAC(uri: string, options: object, progress?: object): Promise<SrfDialog>;
  createUAC(
    uri: string,
    options: object,
    progress: object,
    callback: (error: Error | null, dialog: SrfDialog) => void,
  ): void;
  createB2BUA(
    request: SipReq,
    response: SipRes,
    uri: string,
    options: object,
  ): Promise<{ uas: SrfDialog; uac: SrfDialog }>;
  readonly app: { readonly client: { readonly wp: { readonly socket?: Socket } } };
}

/** Whatever is opened in a test and closed after it, last opened first. */
export class Stack {
  readonly #closers: (() => Promise<void> | void)[] = [];

  push(close: () => Promise<void> | void): void {
    this.#closers.unshift(close);
  }

  async close(): Promise<void> {
    for (const close of this.#closers.splice(0)) await close();
  }
}

export interface Server extends RunningDrachtio {
  readonly target: Target;
  readonly lines: readonly string[];
}

export async function startServer(stack: Stack, options: Partial<DrachtioOptions> = {}): Promise<Server> {
  const lines: string[] = [];
  const server = await startDrachtio({
    sipHost: '127.0.0.1',
    sipPort: 0,
    secret: SECRET,
    clock: { now: () => new Date() },
    log: (level, text, fields) => lines.push(`${level} ${text} ${JSON.stringify(fields ?? {})}`),
    ...options,
  });
  stack.push(() => server.close());
  return { ...server, target: { protocol: 'udp', address: '127.0.0.1', port: server.sipPort }, lines };
}

/** An application, connected and with its routes known to the server. */
export async function connectApp(
  stack: Stack,
  server: Pick<RunningDrachtio, 'adminHost' | 'adminPort'>,
  prepare: (app: App) => void = () => undefined,
): Promise<App> {
  const app = new Srf() as unknown as App;
  const disconnect = app.disconnect.bind(app);
  let connected = true;
  // May be asked for twice, by a test and after it; drachtio-srf itself throws then.
  app.disconnect = () => {
    if (connected) disconnect();
    connected = false;
  };
  prepare(app);
  app.on('error', () => undefined);
  app.connect({ host: server.adminHost, port: server.adminPort, secret: SECRET });
  await new Promise<void>((resolve, reject) => {
    app.on('connect', (error: Error | null) => (error === null ? resolve() : reject(error)));
  });
  stack.push(() => app.disconnect());
  return app;
}

/**
 * Sends a request outside of dialogs. By callback, because of `srf.request` awaited a quick
 * response is lost: it can be read together with the confirmation, before the code behind the
 * `await` has run.
 */
export function askFor(
  app: App,
  uri: string,
  options: object,
): Promise<{ sent: SipReq; response: Promise<SipRes> }> {
  return new Promise((resolve, reject) => {
    app.request(uri, options, (error, sent) => {
      if (error !== null) return reject(error);
      const response = new Promise<SipRes>((answered) => sent.on('response', answered));
      return resolve({ sent, response });
    });
  });
}

/** The next event of a dialog. */
export function event<T = SipReq>(dialog: SrfDialog, name: string): Promise<T> {
  return new Promise((resolve) => dialog.once(name, (first: T) => resolve(first)));
}
