/**
 * The connection to baresip's ctrl_tcp module: JSON in netstrings, commands out, answers and events
 * in.
 */
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { until } from './wait-for.js';

const COMMAND_LIMIT_MS = 60_000;

interface Message {
  event?: boolean;
  type?: string;
  param?: string;
  response?: boolean;
  ok?: boolean;
  data?: string;
  token?: string;
}

/** What happened at a phone, such as CALL_ESTABLISHED, and with what. */
export interface BaresipEvent {
  type: string;
  param: string;
}

export class BaresipControl {
  /** All events since the beginning of the connection. */
  readonly events: BaresipEvent[] = [];
  readonly #answers = new Map<string, Message>();
  #tokens = 0;

  private constructor(private readonly socket: Socket) {
    let bytes: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      bytes = this.#take(Buffer.concat([bytes, chunk]));
    });
    // The phone is killed while we are connected; a wait for an answer ends by its limit.
    socket.on('error', () => undefined);
  }

  /** undefined when nothing listens there. */
  static async connect(host: string, port: number): Promise<BaresipControl | undefined> {
    const socket = connect(port, host);
    try {
      await once(socket, 'connect');
      return new BaresipControl(socket);
    } catch {
      return undefined; // Which is the answer.
    }
  }

  /** Resolves when the command has been carried out. */
  async command(command: string, params?: string): Promise<void> {
    this.#tokens += 1;
    const token = String(this.#tokens);
    const message = JSON.stringify({ command, token, ...(params !== undefined && { params }) });
    this.socket.write(`${Buffer.byteLength(message)}:${message},`);
    const what = `baresip to answer ${command}`;
    const answer = await until(() => this.#answers.get(token), { within: COMMAND_LIMIT_MS, what });
    if (answer.ok !== true) throw new Error(`baresip refuses ${command}: ${answer.data}`);
  }

  close(): void {
    this.socket.destroy();
  }

  /** Takes the netstrings (`length:text,`) that are complete, and answers the rest. */
  #take(bytes: Buffer): Buffer {
    for (let rest = bytes; ;) {
      const colon = rest.indexOf(':');
      const end = colon + 1 + Number(rest.toString('latin1', 0, colon));
      if (colon < 0 || rest.length <= end) return rest;
      const message = JSON.parse(rest.toString('utf8', colon + 1, end)) as Message;
      if (message.event === true) this.events.push({ type: message.type ?? '', param: message.param ?? '' });
      else if (message.token !== undefined) this.#answers.set(message.token, message);
      rest = rest.subarray(end + 1);
    }
  }
}
