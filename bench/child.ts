/**
 * The server of a comparison, in a process of its own, on the first core where there is taskset; the load comes from this process, on the second.
 * Both sides of a ratio so suffer alike from whatever else the machine does.
 */
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** Pins a process, and what it starts from now on, to a core; without taskset the system places it. */
export function pin(pid: number | undefined, core: number): void {
  spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)], {
    stdio: 'ignore',
  });
}

/** How long a server may take to be ready, and to end, in milliseconds. */
const READY_WITHIN_MS = 60_000;
const END_WITHIN_MS = 15_000;

export class Child<Ready> {
  private constructor(
    private readonly process: ChildProcess,
    readonly ready: Ready,
  ) {}

  /** Starts a module that answers its order with what the load has to know (see `serveOrder`). */
  static async start<Order extends object, Ready>(
    module: URL,
    order: Order,
    core = 0,
  ): Promise<Child<Ready>> {
    const child = fork(module, { serialization: 'advanced' });
    pin(child.pid, core);
    child.send(order);
    const limit = { signal: AbortSignal.timeout(READY_WITHIN_MS) };
    const [ready] = (await Promise.race([
      once(child, 'message', limit),
      once(child, 'exit', limit).then(() => Promise.reject(new Error('the server has ended'))),
    ])) as [Ready];
    return new Child(child, ready);
  }

  /** Milliseconds of processor time that it has used so far. */
  async cpu(): Promise<number> {
    this.process.send('cpu');
    const [milliseconds] = (await once(this.process, 'message')) as [number];
    return milliseconds;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const kill = setTimeout(() => this.process.kill('SIGKILL'), END_WITHIN_MS);
    const ended = once(this.process, 'exit');
    this.process.send('stop');
    await ended;
    clearTimeout(kill);
  }
}

/** The other side of it: serves the order that comes, tells the load what it has to know, and ends when it is told to. */
export function serveOrder<Order, Ready extends object>(
  serve: (order: Order) => Promise<{ ready: Ready; stop: () => Promise<void> }>,
): void {
  const begin = async (order: Order): Promise<void> => {
    const { ready, stop } = await serve(order);
    process.on('message', (message) => {
      const { user, system } = process.cpuUsage();
      if (message === 'cpu') process.send?.((user + system) / 1000);
      if (message === 'stop') void stop().finally(() => process.exit());
    });
    process.send?.(ready);
  };
  process.once('message', (order: Order) => void begin(order));
  // The load has gone, with or without a word.
  process.once('disconnect', () => process.exit());
}
