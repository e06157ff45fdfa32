/**
 * Embedded engines in a process of their own, which can be killed in the middle of everything, and
 * started again at the same ports.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startEngines, type EnginesOptions, type HeldByEngines } from '../../../embedded/engines.js';

export type EngineParts = Pick<EnginesOptions, 'drachtio' | 'freeswitch'>;

interface Ports {
  control: number;
  sip: number;
}

/** One engine: either of the two. */
export class EngineProcess {
  #ports: Ports | null = null;
  #child: ChildProcess | null = null;

  constructor(private readonly parts: EngineParts) {}

  get ports(): Ports {
    if (this.#ports === null) throw new Error('it has never been started');
    return this.#ports;
  }

  /** Starts it, at the ports that it had before. */
  async start(): Promise<void> {
    const child = fork(fileURLToPath(import.meta.url), ['engine'], { execArgv: ['--expose-gc'] });
    this.#child = child;
    child.send(atPorts(this.parts, this.#ports));
    this.#ports = (await answerOf(child)) as Ports;
  }

  /** Ends it without a word. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** It stands still, with all its connections open, until it goes on. */
  hang(): void {
    this.#child?.kill('SIGSTOP');
  }

  goOn(): void {
    this.#child?.kill('SIGCONT');
  }

  async held(): Promise<HeldByEngines> {
    if (this.#child === null) throw new Error('it does not run');
    this.#child.send('held');
    return (await answerOf(this.#child)) as HeldByEngines;
  }
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const over = new AbortController();
  const { signal } = over;
  const ended = once(child, 'exit', { signal }).then(() => {
    throw new Error('the engine has ended');
  });
  ended.catch(() => undefined); // it is raced
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended])) as unknown[];
    return message;
  } finally {
    over.abort();
  }
}

function atPorts({ drachtio, freeswitch }: EngineParts, ports: Ports | null): EngineParts {
  if (ports === null) return { ...(drachtio && { drachtio }), ...(freeswitch && { freeswitch }) };
  return {
    ...(drachtio && { drachtio: { ...drachtio, sipPort: ports.sip, adminPort: ports.control } }),
    ...(freeswitch && { freeswitch: { ...freeswitch, sipPort: ports.sip, eslPort: ports.control } }),
  };
}

/** In the process of the engine. */
async function run(): Promise<void> {
  const [parts] = (await once(process, 'message')) as [EngineParts];
  const engines = await startEngines({
    ...parts,
    logLevel: 'error',
    onLog: (level, text, fields) => process.stderr.write(`${level} ${text} ${JSON.stringify(fields)}\n`),
    onLost: () => process.exit(1),
  });
  const { drachtio, freeswitch } = engines;
  const running = drachtio ?? freeswitch;
  process.on('message', () => void engines.held().then((held) => process.send?.(held)));
  process.on('disconnect', () => process.exit(0));
  process.send?.({ control: running?.port, sip: running?.sipPort });
}

if (process.argv[2] === 'engine') await run();
