/**
 * Starts the embedded engines in a thread of their own. What they stand in for runs elsewhere as a
 * server; so do they: applications connect to them by host and port, with the same clients, and
 * cannot tell which they have.
 */
import { Worker } from 'node:worker_threads';

import type { TlsIdentity } from '../telephony/sip/stream-kind.js';
import type {
  HeldByEngines,
  MediaEngineOptions,
  ParentMessage,
  SipEngineOptions,
  StartedPorts,
  ThreadMessage,
  ThreadOptions,
} from './engine-messages.js';
import { ListenError } from './listen-error.js';
import type { EngineLog, LogLevel } from './log.js';

export type { HeldByEngines, MediaEngineOptions, SipEngineOptions } from './engine-messages.js';
export { ListenError, type ListenFailure, type PortPurpose } from './listen-error.js';
export type { EngineLog, LogFields, LogLevel } from './log.js';

export interface EnginesOptions {
  /** The SIP server; left out, none is started. */
  readonly drachtio?: SipEngineOptions;
  /** The media server; left out, none is started. */
  readonly freeswitch?: MediaEngineOptions;
  readonly logLevel: LogLevel;
  readonly onLog: EngineLog;
  /**
   * The thread has ended without `stop` having been called: every call is lost. Called once at the
   * most.
   */
  readonly onLost: (reason: string) => void;
}

/** Where a client connects to. */
export interface ControlAddress {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

export interface RunningEngines {
  /** For `srf.connect`, with the port phones use. */
  readonly drachtio:
    | (ControlAddress & {
        readonly sipHost: string;
        readonly sipPort: number;
        readonly tlsPort: number | undefined;
      })
    | undefined;
  /** For `mrf.connect`, with the port calls are sent to and those the audio uses. */
  readonly freeswitch:
    | (ControlAddress & { readonly sipPort: number; readonly rtpPorts: MediaEngineOptions['rtpPorts'] })
    | undefined;
  /**
   * Phones that connect by TLS from now on see this certificate. One that cannot be used is logged,
   * and the old one stays.
   */
  renewTls(identity: TlsIdentity): void;
  /**
   * Numbers that no flood affects; undefined when they are not known: then no call is limited that
   * could be to one.
   */
  protect(numbers: readonly string[] | undefined): void;
  /** What they hold at the moment. Rejects when the thread does not answer. */
  held(): Promise<HeldByEngines>;
  /**
   * Ends the thread; after three seconds without waiting for it any longer. Never rejects; a second
   * call waits for the first.
   */
  stop(): Promise<void>;
}

/**
 * How long the thread has to close its ports, and to answer, in milliseconds. It may take what it
 * needs to start: should it fail, it ends and says so.
 */
const STOP_TIMEOUT = 3_000;
const ANSWER_TIMEOUT = 10_000;

/**
 * Starts what is asked for and resolves when all ports are open.
 * @throws ListenError when a port is taken: it says which, and what it was for
 */
export async function startEngines(options: EnginesOptions): Promise<RunningEngines> {
  const { drachtio, freeswitch, logLevel } = options;
  const threadOptions: ThreadOptions = { drachtio, freeswitch, logLevel };
  const worker = new Worker(new URL('./worker.js', import.meta.url), {
    workerData: threadOptions,
    name: 'engines',
  });
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
  });
  let ports: StartedPorts;
  try {
    ports = await started(worker, options.onLog);
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  let stopping: Promise<void> | undefined;
  watch(worker, () => stopping === undefined, options.onLost);
  return {
    drachtio: drachtio && ports.drachtio && sipAddress(drachtio, ports.drachtio),
    freeswitch: freeswitch && ports.freeswitch && mediaAddress(freeswitch, ports.freeswitch),
    renewTls: (identity) => tell(worker, { kind: 'renew-tls', identity }),
    protect: (numbers) => tell(worker, { kind: 'protect', numbers }),
    held: () => askHeld(worker),
    stop: () => (stopping ??= stop(worker, exited)),
  };
}

function started(worker: Worker, onLog: EngineLog): Promise<StartedPorts> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: ThreadMessage) => {
      switch (message.kind) {
        case 'log':
          return onLog(message.level, message.text, message.fields);
        case 'started':
          return resolve(message.ports);
        case 'port-taken':
          return reject(new ListenError(message.failure));
        case 'held':
          return; // read by the request that asked for it
        case 'failed':
          return reject(new Error(`the engines did not start: ${message.reason}`));
      }
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the engines ended while starting')));
  });
}

function askHeld(worker: Worker): Promise<HeldByEngines> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      worker.off('message', onMessage);
      reject(new Error('the engines do not answer'));
    }, ANSWER_TIMEOUT);
    const onMessage = (message: ThreadMessage): void => {
      if (message.kind !== 'held') return;
      clearTimeout(timer);
      worker.off('message', onMessage);
      resolve(message.held);
    };
    worker.on('message', onMessage);
    tell(worker, { kind: 'tell-held' });
  });
}

function watch(worker: Worker, unexpected: () => boolean, onLost: (reason: string) => void): void {
  let lost = false;
  const report = (reason: string): void => {
    if (lost || !unexpected()) return;
    lost = true;
    onLost(reason);
  };
  worker.on('error', (error) => report(error instanceof Error ? error.message : String(error)));
  worker.on('exit', (code) => report(`the engines' thread ended with code ${code}`));
}

async function stop(worker: Worker, exited: Promise<void>): Promise<void> {
  tell(worker, { kind: 'stop' });
  const timer = setTimeout(() => void worker.terminate(), STOP_TIMEOUT);
  await exited;
  clearTimeout(timer);
}

function tell(worker: Worker, message: ParentMessage): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window, it has no origin
  worker.postMessage(message);
}

function sipAddress(
  { sipHost, secret }: SipEngineOptions,
  { adminHost: host, adminPort: port, sipPort, tlsPort }: NonNullable<StartedPorts['drachtio']>,
): RunningEngines['drachtio'] {
  return { host, port, secret, sipHost, sipPort, tlsPort };
}

function mediaAddress(
  { host, secret, rtpPorts }: MediaEngineOptions,
  { eslPort: port, sipPort }: NonNullable<StartedPorts['freeswitch']>,
): RunningEngines['freeswitch'] {
  return { host, port, secret, sipPort, rtpPorts };
}
