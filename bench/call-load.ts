/**
 * Some of the callers of `calls.ts`, in a process of their own: they speak, listen and key PINs, on
 * calls or on bare streams.
 */
import type { Socket } from 'node:dgram';
import { setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { CallAudio } from '../softphone/call-audio.js';
import { Pacer } from '../telephony/media/pacer.js';
import { bindRtpSocket } from '../telephony/media/rtp-port-pool.js';
import { serveOrder } from './child.js';
import { Evenness, FORMAT, hearStream } from './heard-stream.js';
import { Caller, accountAt } from './sip-caller.js';

export interface LoadOrder {
  amount: number;
  /** The user of the first caller is `caller-<first>`. */
  first: number;
  /**
   * Whether they are measured: their process then runs before all others on its core, so that a
   * packet is seen when it comes.
   */
  areMeasured: boolean;
}

export interface LoadReady {
  /** Of sockets for bare streams, one for each. */
  ports: number[];
}

/**
 * `call`: all call, so many a second. `talk`: all talk to these ports. `listen`: what comes from
 * now on counts. `end`: it is over.
 */
export type LoadQuestion =
  | { kind: 'call'; sipPort: number; perSecond: number }
  | { kind: 'talk'; ports: number[] }
  | { kind: 'listen' }
  | { kind: 'end' };

export interface LoadAnswer {
  offBy: number[];
  packets: number;
  lost: number;
  keyed: string[];
  refused: number;
}

/** A caller keys a PIN so often: six digits and `#` take 1.5 s, and what is said of it 4 s. */
const ENTRY_EVERY_MS = 8000;
const KEYING_MS = 1500;
/** Clocks of the callers' audio: people do not speak in step. */
const CLOCKS = 20;
const PRECEDENCE = -15;

serveOrder<LoadOrder, LoadReady, LoadQuestion, LoadAnswer>(async (order) => {
  if (order.areMeasured) setPriority(PRECEDENCE);
  const load = new Load(order);
  return {
    ready: { ports: await load.bind() },
    stop: () => load.stop(),
    answer: (asked) => load.hear(asked),
  };
});

class Load {
  readonly #clocks = Array.from({ length: CLOCKS }, () => new Pacer());
  readonly #evenness = new Evenness();
  readonly #over = new AbortController();
  readonly #callers: Caller[] = [];
  readonly #audios: CallAudio[] = [];
  readonly #conversations: Promise<void>[] = [];
  readonly #keyed: string[] = [];
  #sockets: Socket[] = [];
  #refused = 0;

  constructor(private readonly order: LoadOrder) {}

  async bind(): Promise<number[]> {
    this.#sockets = await Promise.all(
      Array.from({ length: this.order.amount }, () => bindRtpSocket('127.0.0.1')),
    );
    return this.#sockets.map((socket) => socket.address().port);
  }

  async hear(asked: LoadQuestion): Promise<LoadAnswer> {
    if (asked.kind === 'call') await this.#call(asked.sipPort, asked.perSecond);
    if (asked.kind === 'talk') await this.#talk(asked.ports);
    if (asked.kind === 'end') await this.#end();
    this.#evenness.counts = asked.kind === 'listen';
    const { offBy, packets, lost } = this.#evenness;
    return { offBy, packets, lost, keyed: this.#keyed, refused: this.#refused };
  }

  async stop(): Promise<void> {
    for (const audio of this.#audios) audio.close();
    for (const caller of this.#callers) await caller.close();
  }

  async #call(sipPort: number, perSecond: number): Promise<void> {
    for (let index = 0; index < this.order.amount; index++) {
      this.#conversations.push(this.#converse(sipPort, index));
      await pause(1000 / perSecond);
    }
  }

  async #converse(sipPort: number, index: number): Promise<void> {
    const account = accountAt(sipPort, `caller-${this.order.first + index}`);
    const caller = await Caller.open(account, this.#clockOf(index));
    this.#callers.push(caller);
    const { call, socket } = await caller.call('*89');
    if (socket === null) {
      this.#refused += 1;
      return;
    }
    if (this.order.areMeasured) hearStream(socket, this.#evenness);
    while (!this.#over.signal.aborted) {
      const entry = String(100_000 + Math.floor(Math.random() * 900_000));
      this.#keyed.push(entry);
      await call.press(`${entry}#`);
      await pause(ENTRY_EVERY_MS - KEYING_MS);
    }
    await call.hangUp();
  }

  async #talk(ports: readonly number[]): Promise<void> {
    for (const [index, socket] of this.#sockets.entries()) {
      if (this.order.areMeasured) hearStream(socket, this.#evenness);
      const peer = { address: '127.0.0.1', port: ports[index] ?? 0 };
      this.#audios.push(new CallAudio(socket, FORMAT, peer, this.#clockOf(index), () => undefined));
      if (index < CLOCKS) await pause(3);
    }
  }

  async #end(): Promise<void> {
    this.#evenness.counts = false;
    this.#over.abort();
    await Promise.all(this.#conversations);
  }

  #clockOf(index: number): Pacer {
    return this.#clocks[index % CLOCKS] ?? new Pacer();
  }
}
