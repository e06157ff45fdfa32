/**
 * A whole Dialgate in this process, embedded engines and all, with a clock that runs and can be
 * turned: for stories that take thirty minutes or sixty days. Its ports and phones are real ones.
 */
import { pino } from 'pino';
import { readConfig } from '../../src/process/config.js';
import { makeApiKey } from '../../src/domain/secrets.js';
import type { Clock } from '../../src/domain/time.js';
import { type RunningDialgate, startDialgate } from '../../src/process/start.js';
import { AdminApi } from './admin-api.js';
import { ENGINES } from './engines.js';
import { preparedFolder } from './prepared-database.js';

/** Runs as any clock, but can be turned forward. */
export class TurnedClock implements Clock {
  #turnedMs = 0;

  now(): Date {
    return new Date(Date.now() + this.#turnedMs);
  }

  turn(seconds: number): void {
    this.#turnedMs += seconds * 1000;
  }
}

export interface TurnedServiceOptions {
  env?: Record<string, string>;
  /** Another instance on the same database has the same clock. */
  clock?: TurnedClock;
  dataDir?: string;
}

export class TurnedService {
  private constructor(
    private readonly running: RunningDialgate,
    readonly clock: TurnedClock,
    readonly api: AdminApi,
    readonly lines: string[],
    readonly dataDir: string,
  ) {}

  /** Starts one whose end is the caller's affair: for a whole file, in `before` and `after`. */
  static async launch(options: TurnedServiceOptions = {}): Promise<TurnedService> {
    const { env = {}, clock = new TurnedClock(), dataDir = preparedFolder('turned') } = options;
    const adminKey = makeApiKey();
    const read = readConfig({ ...FREE_PORTS, ...ENGINES, DATA_DIR: dataDir, ADMIN_KEY: adminKey, ...env });
    if (read.kind === 'invalid') throw new Error(read.problems.join('; '));
    const lines: string[] = [];
    const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(line) });
    const onFailure = (reason: string): void => void lines.push(reason);
    const running = await startDialgate(read.config, { clock, log, onFailure });
    const api = new AdminApi(running.facts.adminUrl ?? '', adminKey);
    return new TurnedService(running, clock, api, lines, dataDir);
  }

  /** What phones are told: the same as `Service.facts`. */
  get facts() {
    const { adminUrl, provisioningUrl, sip } = this.running.facts;
    return { msg: 'ready', adminUrl: adminUrl ?? '', provisioningUrl: provisioningUrl ?? '', sip };
  }

  get log(): string {
    return this.lines.join('');
  }

  async stop(): Promise<void> {
    await this.running.stop();
  }
}

const FREE_PORTS = {
  PROVISIONING_PORT: '0',
  ADMIN_PORT: '0',
  INTERNAL_PORT: '0',
  SIP_PORT: '0',
};
