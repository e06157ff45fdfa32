/**
 * SIPp (Debian package sip-tester) as an outside phone or gateway. A scenario may say where it is
 * (`<sendCmd>` with `Mark: name`) and wait to be told to go on (`<recvCmd/>`): SIPp's way of
 * keeping step with a partner, who is the test here.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { type AddressInfo, type Server, type Socket, createServer } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { freePort } from './free-port.js';
import { DIGIT_PCAPS } from './keyed-pcap.js';
import { type SippOptions, prepareSipp } from './sipp-command.js';
import { temporaryFolder } from './temporary-folder.js';
import { until } from './wait-for.js';

const HOST = '127.0.0.1';
/** Ends a message between SIPp and its partner. */
const END = '\x1b';
const CAP_NET_RAW = 13n;

/** Why SIPp cannot be used here; undefined when it can. */
export function sippUnavailable(): string | undefined {
  if (spawnSync('sipp', ['-v']).error !== undefined)
    return 'sipp is not installed (Debian package sip-tester)';
  if (!existsSync(join(DIGIT_PCAPS, 'dtmf_2833_1.pcap'))) return `no digits in ${DIGIT_PCAPS}`;
  const capabilities = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const isRawAllowed = ((BigInt(`0x${capabilities}`) >> CAP_NET_RAW) & 1n) === 1n;
  return isRawAllowed ? undefined : 'SIPp sends RTP through raw sockets, which needs root';
}

export class Sipp {
  readonly #marks: { name: string; callId: string }[] = [];
  readonly #output: string[] = [];
  #partner: Socket | undefined;

  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    readonly port: number,
  ) {
    for (const stream of [process.stdout, process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => this.#output.push(text));
    }
  }

  /**
   * Starts it; it is ended with the test. One that waits to be called can be called when this
   * resolves.
   */
  static async start(t: TestContext, options: SippOptions): Promise<Sipp> {
    const folder = temporaryFolder('sipp');
    const port = options.port ?? (await freePort());
    const partner = createServer();
    partner.listen(0, HOST);
    await once(partner, 'listening');
    const { port: partnerPort } = partner.address() as AddressInfo;
    const parameters = await prepareSipp(folder, options, port, partnerPort);
    const child = spawn('sipp', parameters, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    const sipp = new Sipp(child, folder, port);
    sipp.#keepStep(partner);
    t.after(async () => {
      child.kill('SIGKILL');
      partner.close();
      sipp.#partner?.destroy();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    });
    if (options.remote === undefined) await sipp.#untilItListens();
    return sipp;
  }

  /** Waits until a call has come to a mark of the scenario; answers its Call-ID. */
  async reached(mark: string, { call = 0, within = 60_000 } = {}): Promise<string> {
    const { callId } = await until(
      () => {
        const found = this.#marks.filter(({ name }) => name === mark)[call];
        if (found === undefined && this.process.exitCode !== null)
          throw this.#failure(`ended before ${mark}`);
        return found;
      },
      { within, what: `SIPp to reach ${mark}` },
    ).catch((error: unknown) => {
      throw this.#failure(String(error));
    });
    return callId;
  }

  /** Lets a call that has reached a mark go on. */
  goOn(callId: string): void {
    this.#partner?.write(`Call-ID: ${callId}\r\n\r\n${END}`);
  }

  /** Waits until a call reaches a mark, and lets it go on. */
  async pass(mark: string, options?: { call?: number; within?: number }): Promise<void> {
    this.goOn(await this.reached(mark, options));
  }

  /**
   * Waits for its end. Rejects unless everything went as its scenario says, with what crossed the
   * wire.
   */
  async succeeds(): Promise<void> {
    if (this.process.exitCode === null) await once(this.process, 'exit');
    if (this.process.exitCode !== 0) throw this.#failure(`ended with status ${this.process.exitCode}`);
  }

  /** All messages that it sent and received so far, as SIPp writes them down. */
  get messages(): string {
    return this.#read('messages.log');
  }

  /** The messages it received, in order. */
  get received(): string[] {
    return this.messages
      .split(/^-{40,}.*$/m)
      .map((entry) => /^\S+ message received [^\n]*\n\n(.*)$/s.exec(entry.trimStart())?.[1])
      .filter((message) => message !== undefined);
  }

  #keepStep(partner: Server): void {
    partner.on('connection', (socket) => {
      this.#partner = socket;
      let text = '';
      socket.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const messages = text.split(END);
        text = messages.pop() ?? '';
        for (const message of messages) {
          const [, callId = ''] = /^Call-ID:\s*(\S+)/m.exec(message) ?? [];
          const [, name = ''] = /^Mark:\s*(\S+)/m.exec(message) ?? [];
          this.#marks.push({ name, callId });
        }
      });
      // SIPp may be killed while we speak to it; its exit says the rest.
      socket.on('error', () => undefined);
    });
  }

  async #untilItListens(): Promise<void> {
    const inHex = this.port.toString(16).toUpperCase().padStart(4, '0');
    await until(() => readFileSync('/proc/net/udp', 'utf8').includes(`:${inHex} `), {
      what: 'SIPp to listen',
    });
  }

  #failure(why: string): Error {
    return new Error(`SIPp: ${why}\n${this.#read('errors.log')}\n${this.messages}\n${this.#output.join('')}`);
  }

  #read(name: string): string {
    const path = join(this.folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }
}
