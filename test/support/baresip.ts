/**
 * baresip (Debian package baresip) as an outside phone. It speaks a steady tone and writes down
 * what it hears.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { BaresipControl } from './baresip-control.js';
import { freePort } from './free-port.js';
import { temporaryFolder } from './temporary-folder.js';
import { until } from './wait-for.js';
import { readWav } from './wav.js';

const HOST = '127.0.0.1';
const START_LIMIT_MS = 60_000;
const START_ATTEMPTS = 3;
/** Louder than this (root mean square of 20 ms, of 1) is sound and no silence. */
const AUDIBLE = 0.01;
/** How far a call has got, ten times a second. */
const PROGRESS = /\[\d+:\d\d:\d\d\] audio=\S+ \(bit\/s\)\s*/g;
const FRAME_SECONDS = 0.02;

/** Why baresip cannot be used here; undefined when it can. */
export function baresipUnavailable(): string | undefined {
  const { error } = spawnSync('baresip', ['-h']);
  return error === undefined ? undefined : 'baresip is not installed (Debian package baresip)';
}

export interface BaresipAccount {
  user: string;
  password: string;
  host: string;
  port: number;
  transport?: 'udp' | 'tcp' | 'tls';
}

export class Baresip {
  private constructor(
    private readonly output: readonly string[],
    private readonly control: BaresipControl,
    private readonly folder: string,
    /** Of its SIP socket. */
    readonly port: number,
  ) {}

  /**
   * Starts one without an account, with its SIP socket at a port of choice or any free one; it is
   * ended with the test.
   */
  static async start(t: TestContext, port?: number): Promise<Baresip> {
    for (let attempt = 1; ; attempt += 1) {
      const started = await Baresip.#startAt(t, port ?? (await freePort()), await freePort());
      if (started instanceof Baresip) return started;
      // Another process may have taken one of the ports meanwhile.
      if (attempt === START_ATTEMPTS || !started.output.includes('Address already in use'))
        throw new Error(`baresip did not start:\n${started.output}`);
    }
  }

  static async #startAt(
    t: TestContext,
    sipPort: number,
    controlPort: number,
  ): Promise<Baresip | { output: string }> {
    const folder = temporaryFolder('baresip');
    writeFileSync(join(folder, 'config'), configuration(folder, sipPort, controlPort));
    writeFileSync(join(folder, 'accounts'), '');
    writeFileSync(join(folder, 'contacts'), '');
    const child = spawn('baresip', ['-4', '-f', folder], { stdio: ['ignore', 'pipe', 'pipe'] });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
    const exited = once(child, 'exit');
    t.after(async () => {
      child.kill('SIGKILL');
      await exited;
    });
    const control = await until(
      async () => (await BaresipControl.connect(HOST, controlPort)) ?? (hasFailed(child, output) && 'failed'),
      { within: START_LIMIT_MS, every: 100, what: 'baresip to listen' },
    );
    if (control === 'failed') return { output: output.join('') };
    t.after(() => control.close());
    return new Baresip(output, control, folder, sipPort);
  }

  /** Takes an account and registers with it. */
  async register({ user, password, host, port, transport = 'udp' }: BaresipAccount): Promise<void> {
    const uri = `sip:${user}@${host}:${port};transport=${transport}`;
    await this.control.command('uanew', `<${uri}>;auth_pass=${password};regint=300`);
    await this.saw('REGISTER_OK');
  }

  /**
   * Takes a name, without registering it anywhere; calls to it are answered at once when `answers`.
   */
  async takeName(user: string, { answers = false } = {}): Promise<void> {
    const mode = answers ? ';answermode=auto' : '';
    await this.control.command('uanew', `<sip:${user}@${HOST}:${this.port}>;regint=0${mode}`);
  }

  /** Dials; resolves when the call is answered. */
  async call(uri: string): Promise<void> {
    const before = this.#count('CALL_ESTABLISHED');
    await this.control.command('dial', uri);
    await this.saw('CALL_ESTABLISHED', { times: before + 1 });
  }

  /** Presses keys. They are on their way when this resolves, not all sent. */
  async key(digits: string): Promise<void> {
    await this.control.command('sndcode', digits);
  }

  async hangUp(): Promise<void> {
    await this.control.command('hangup');
  }

  /**
   * Waits until an event of this type has come so often since its start; answers what the last of
   * them said.
   */
  async saw(type: string, { times = 1, within = 60_000 } = {}): Promise<string> {
    const hasCome = (): boolean => {
      if (type === 'CALL_ESTABLISHED' && this.#count('CALL_CLOSED') >= times)
        throw new Error('The call is over.');
      return this.#count(type) >= times;
    };
    await until(hasCome, { within, what: `baresip to say ${type}` }).catch((error: unknown) => {
      throw new Error(
        `${String(error)}\n${JSON.stringify(this.control.events)}\n${this.output.join('').replaceAll(PROGRESS, '')}`,
      );
    });
    return this.control.events.findLast((event) => event.type === type)?.param ?? '';
  }

  /**
   * What it heard in its calls that are over: how long, and how much of it was sound, in seconds.
   */
  heard(): { seconds: number; sound: number } {
    const recordings = readdirSync(this.folder).filter((name) => name.endsWith('-dec.wav'));
    const measured = recordings.map((name) => measure(join(this.folder, name)));
    return {
      seconds: measured.reduce((sum, one) => sum + one.seconds, 0),
      sound: measured.reduce((sum, one) => sum + one.sound, 0),
    };
  }

  #count(type: string): number {
    return this.control.events.filter((event) => event.type === type).length;
  }
}

/** It ends when it cannot have its SIP port, and lives on without its control port. */
function hasFailed({ exitCode }: ChildProcess, output: readonly string[]): boolean {
  return exitCode !== null || output.join('').includes('ctrl_tcp: failed to listen');
}

function configuration(folder: string, port: number, controlPort: number): string {
  const settings = {
    poll_method: 'epoll',
    sip_listen: `${HOST}:${port}`,
    audio_source: 'ausine,440',
    // The tone is to be had like this only; what is sent has one channel of 8 kHz all the same.
    ausrc_srate: '48000',
    ausrc_channels: '2',
    audio_player: 'aubridge,ear',
    audio_alert: 'aubridge,bell',
    snd_path: folder,
    ctrl_tcp_listen: `${HOST}:${controlPort}`,
    module_path: '/usr/lib/baresip/modules',
  };
  const modules = ['g711', 'sndfile', 'ausine', 'aubridge'].map((name) => `module ${name}.so`);
  const apps = ['account', 'menu', 'ctrl_tcp'].map((name) => `module_app ${name}.so`);
  const lines = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  return `${[...lines, ...modules, ...apps].join('\n')}\n`;
}

function measure(path: string): { seconds: number; sound: number } {
  const { samples, sampleRate } = readWav(path);
  const frame = sampleRate * FRAME_SECONDS;
  let frames = 0;
  for (let at = 0; at + frame <= samples.length; at += frame) {
    const power = samples.subarray(at, at + frame).reduce((sum, sample) => sum + sample * sample, 0);
    if (Math.sqrt(power / frame) > AUDIBLE) frames += 1;
  }
  return { seconds: samples.length / sampleRate, sound: frames * FRAME_SECONDS };
}
