/**
 * The server of a comparison, in a process of its own, on the first core where there is taskset;
 * the load comes from others, on the second. Both sides of a ratio so suffer alike from whatever
 * else the machine does.
 */
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/**
 * Pins a process, and what it starts from now on, to a core; without taskset the system places it.
 */
export function pin(pid: number | undefined, core: number): void {
  spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)], {
    stdio: 'ignore',
  });
}

/** How long a process may take to be ready, and to end, in milliseconds. */
const READY_WITHIN_MS = 60_000;
const END_WITHIN_MS = 15_000;

/** A process that was given an order, and may be asked things. */
export class Child<Ready, Question = never, Answer = never> {
  private constructor(
    private readonly process: ChildProcess,
    readonly ready: Ready,
  ) {}

  /**
   * Starts a module that answers its order with what the others have to know (see `serveOrder`).
   */
  static async start<Order extends object, Ready, Question = never, Answer = never>(
    module: URL,
    order: Order,
    core = 0,
  ): Promise<Child<Ready, Question, Answer>> {
    const child = fork(module, { serialization: 'advanced' });
    pin(child.pid, core);
    child.send(order);
    const limit = { signal: AbortSignal.timeout(READY_WITHIN_MS) };
    const [ready] = (await Promise.race([
      once(child, 'message', limit),
      once(child, 'exit', limit).then(() => Promise.reject(new Error('the server has ended'))),
    ])) as [Ready];
    return new Child<Ready, Question, Answer>(child, ready);
  }

  /** One question at a time. */
  async ask(question: Question): Promise<Answer> {
    this.process.send({ question });
    const [answer] = (await once(this.process, 'message')) as [Answer];
    return answer;
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

type Message<Question> = 'cpu' | 'stop' | { question: Question };

interface Served<Ready, Question, Answer> {
  ready: Ready;
  stop: () => Promise<void>;
  answer?: (question: Question) => Promise<Answer>;
}

/**
 * The other side of it: serves the order that comes, tells what the others have to know, and ends
 * when it is told to.
 */
export function serveOrder<Order, Ready extends object, Question = never, Answer extends object = object>(
  serve: (order: Order) => Promise<Served<Ready, Question, Answer>>,
): void {
  const begin = async (order: Order): Promise<void> => {
    const { ready, stop, answer } = await serve(order);
    const hear = async (message: Message<Question>): Promise<void> => {
      if (message === 'cpu') {
        const { user, system } = process.cpuUsage();
        process.send?.((user + system) / 1000);
      } else if (message === 'stop') {
        await stop();
        process.exit();
      } else {
        process.send?.((await answer?.(message.question)) ?? {});
      }
    };
    process.on('message', (message: Message<Question>) => void hear(message));
    process.send?.(ready);
  };
  process.once('message', (order: Order) => void begin(order));
  // Those who asked have gone, with or without a word.
  process.once('disconnect', () => process.exit());
}
