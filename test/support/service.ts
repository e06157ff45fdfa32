/**
 * A whole Dialgate for an end-to-end test: the real command in a process of its own, on free ports,
 * with its own data folder.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { makeApiKey } from '../../src/domain/secrets.js';
import { AdminApi } from './admin-api.js';
import { CLI, NODE_FLAGS, ROOT } from './command.js';
import { ENGINES } from './engines.js';
import { preparedFolder } from './prepared-database.js';

const START_LIMIT_MS = 240_000;
const STOP_LIMIT_MS = 120_000;

export interface ServiceOptions {
  /** Variables beside those that the harness sets. */
  env?: Record<string, string>;
  /** The folder of an earlier run, to start on what it left. */
  dataDir?: string;
  /** Started by `npm start`, as the leader of a process group of its own. */
  byNpm?: boolean;
}

/** What the service says of itself when it is ready. */
interface ReadyLine {
  msg: string;
  adminUrl: string;
  provisioningUrl: string;
  sip: string;
}

export class Service {
  readonly api: AdminApi;

  private constructor(
    readonly process: ChildProcess,
    readonly dataDir: string,
    readonly facts: ReadyLine,
    readonly adminKey: string,
    private readonly output: string[],
    private readonly byNpm: boolean,
  ) {
    this.api = new AdminApi(facts.adminUrl, adminKey);
  }

  /**
   * Starts a service and resolves when it is ready. It is killed when the test ends, if it has not
   * been stopped before.
   */
  static async start(t: TestContext, options: ServiceOptions = {}): Promise<Service> {
    const service = await Service.launch(options);
    t.after(() => service.kill());
    return service;
  }

  /**
   * Starts a service whose end is the caller's affair: for a whole file, in `before` and `after`.
   */
  static async launch({
    env = {},
    dataDir = preparedFolder('service'),
    byNpm = false,
  }: ServiceOptions = {}): Promise<Service> {
    const adminKey = makeApiKey();
    const output: string[] = [];
    const [program, parameters] = byNpm
      ? ['npm', ['start']]
      : [process.execPath, [...NODE_FLAGS, CLI, 'serve']];
    const child = spawn(program, parameters, {
      env: { PATH: process.env['PATH'], ...SERVICE_ENV, DATA_DIR: dataDir, ADMIN_KEY: adminKey, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: ROOT,
      detached: byNpm,
    });
    try {
      return new Service(child, dataDir, await untilReady(child, output), adminKey, output, byNpm);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** Ends it without asking. */
  async kill(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const exited = once(this.process, 'exit');
    if (this.byNpm) this.signalGroup('SIGKILL');
    else this.process.kill('SIGKILL');
    await exited;
  }

  /** Signals npm and everything that it started, as a terminal and systemd do. */
  signalGroup(signal: NodeJS.Signals): void {
    assert.ok(this.byNpm && this.process.pid !== undefined, 'it leads a process group');
    process.kill(-this.process.pid, signal);
  }

  /** Everything it has written so far: standard output and error. */
  get log(): string {
    return this.output.join('');
  }

  /** Host and port of its SIP server. */
  get sip(): { host: string; port: number } {
    const [host = '', port = ''] = this.facts.sip.replace(/^sip:/, '').split(':');
    return { host, port: Number(port) };
  }

  /** Ends it as an operator would; answers the exit status. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.process.exitCode !== null) return this.process.exitCode;
    const exited = once(this.process, 'exit', { signal: AbortSignal.timeout(STOP_LIMIT_MS) });
    this.process.kill(signal);
    await exited;
    return this.process.exitCode;
  }
}

const SERVICE_ENV = {
  PROVISIONING_PORT: '0',
  ADMIN_PORT: '0',
  INTERNAL_PORT: '0',
  SIP_PORT: '0',
  LOG_LEVEL: 'debug',
  ...ENGINES,
};

/** Starts a service that is expected to give up; answers its exit status and what it said. */
export async function startInVain(
  env: Record<string, string>,
): Promise<{ status: number | null; output: string }> {
  const output: string[] = [];
  const child = spawn(process.execPath, [...NODE_FLAGS, CLI, 'serve'], {
    env: { PATH: process.env['PATH'], ...SERVICE_ENV, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  collect(child, output);
  const limit = setTimeout(() => child.kill('SIGKILL'), START_LIMIT_MS);
  await once(child, 'close');
  clearTimeout(limit);
  return { status: child.exitCode, output: output.join('') };
}

function collect(child: ChildProcess, output: string[]): void {
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => output.push(text));
  }
}

async function untilReady(child: ChildProcess, output: string[]): Promise<ReadyLine> {
  collect(child, output);
  return new Promise((resolve, reject) => {
    const giveUp = (why: string): void =>
      reject(new Error(`The service did not start: ${why}\n${output.join('')}`));
    const limit = setTimeout(() => giveUp('no ready line'), START_LIMIT_MS);
    child.once('exit', (status) => {
      clearTimeout(limit);
      giveUp(`it ended with status ${status}`);
    });
    child.stdout?.on('data', () => {
      const line = output
        .join('')
        .split('\n')
        .find((one) => one.includes('"msg":"ready"'));
      if (line === undefined) return;
      clearTimeout(limit);
      resolve(JSON.parse(line) as ReadyLine);
    });
  });
}
