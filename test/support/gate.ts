/**
 * A TCP connection to somewhere else that can be cut, or made to hang, as networks and servers do.
 */
import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';

export class Gate {
  #state: 'open' | 'hangs' | 'cut' = 'open';
  readonly #pairs = new Set<[Socket, Socket]>();

  private constructor(private readonly server: Server) {}

  static async to(host: string, port: number): Promise<Gate> {
    const server = createServer({ pauseOnConnect: true });
    const gate = new Gate(server);
    server.on('connection', (near) => gate.#join(near, connect(port, host)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return gate;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Connections stay and carry nothing; new ones are taken, and carry nothing either. */
  hang(): void {
    this.#state = 'hangs';
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
  }

  /** All connections break, and new ones do at once. */
  cut(): void {
    this.#state = 'cut';
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  mend(): void {
    this.#state = 'open';
    for (const pair of this.#pairs) for (const socket of pair) socket.resume();
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  #join(near: Socket, far: Socket): void {
    const pair: [Socket, Socket] = [near, far];
    this.#pairs.add(pair);
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => undefined); // 'close' follows
      from.on('close', () => {
        this.#pairs.delete(pair);
        to.destroy();
      });
    }
    if (this.#state === 'cut') near.destroy();
    if (this.#state === 'open') near.resume();
  }
}
