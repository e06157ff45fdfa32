/**
 * The SIP application with everything around it: engines, an internal app, prompts that can be told
 * apart, phones.
 */
import { rm } from 'node:fs/promises';
import { pino } from 'pino';
import { startEngines, type HeldByEngines } from '../../../embedded/engines.js';
import {
  startSipApplication,
  type SipApplication,
  type SipApplicationOptions,
} from '../../../sip/application.js';
import type { TransactionTimers } from '../../../telephony/sip/timers.js';
import { readConfig } from '../../../src/process/config.js';
import type { Admission } from '../../../src/contract/messages.js';
import type { EngineAddress } from '../../../sip/media/media-server.js';
import { ENGINES } from '../../support/engines.js';
import { REALM, startInternalApp, TOKEN, type InternalApp } from './internal-app.js';
import { TestPhone, type PhoneOptions } from './test-phone.js';
import { writeTonePrompts } from './tone-prompts.js';
import { until } from './wait.js';

export const LOGIN = { user: 'dev-1', password: 'a password' };

export interface Bench {
  internal: InternalApp;
  readonly application: SipApplication;
  /** Ends the application and starts another; the engines go on. */
  restart(): Promise<void>;
  /** All that the application has logged, line by line. */
  logged: string[];
  sip: { host: string; port: number };
  phone(options?: Partial<PhoneOptions>): Promise<TestPhone>;
  /** What the embedded engines hold. */
  held(): Promise<HeldByEngines>;
  /**
   * Waits for what calls report after their BYE, and forgets all they reported: it must not be
   * taken for the next test's.
   */
  settle(): Promise<void>;
  close(): Promise<void>;
}

interface Engines {
  drachtio: EngineAddress;
  freeswitch: EngineAddress;
  sip: { host: string; port: number };
  protect(numbers: readonly string[] | undefined): void;
  held(): Promise<HeldByEngines>;
  stop(): Promise<void>;
}

/** Engines that run already: those that the environment of the test run names. */
function otherEngines(): Pick<Engines, 'drachtio' | 'freeswitch' | 'sip'> | null {
  const read = readConfig({ ...ENGINES });
  if (read.kind === 'invalid') throw new Error(read.problems.join('; '));
  const [drachtio] = read.config.drachtio;
  const [freeswitch] = read.config.freeswitch;
  if (drachtio === undefined || freeswitch === undefined) return null;
  return { drachtio, freeswitch, sip: { host: drachtio.host, port: read.config.sipPort } };
}

/**
 * Not the same for each bench: phones of one go on talking for a moment when it is over, and would
 * be heard by the next.
 */
function rtpPorts(ports: number): { from: number; to: number } {
  const from = 40_000 + 2 * Math.floor(Math.random() * 4500);
  return { from, to: from + ports - 1 };
}

/** Others, or embedded ones of our own. */
async function engines(ports: number, timers: Partial<TransactionTimers>): Promise<Engines> {
  const host = '127.0.0.1';
  const others = otherEngines();
  if (others !== null) {
    return {
      ...others,
      protect: () => undefined,
      held: () => Promise.reject(new Error('these engines are not embedded')),
      stop: () => Promise.resolve(),
    };
  }
  const running = await startEngines({
    drachtio: { sipHost: host, sipPort: 0, secret: 'sip secret', timers },
    freeswitch: {
      host,
      eslPort: 0,
      sipPort: 0,
      secret: 'media secret',
      rtpPorts: rtpPorts(ports),
    },
    logLevel: 'warn',
    onLog: () => undefined,
    onLost: (reason) => assertNever(reason),
  });
  const { drachtio, freeswitch } = running;
  if (drachtio === undefined || freeswitch === undefined) throw new Error('both engines were asked for');
  return {
    drachtio,
    freeswitch,
    sip: { host, port: drachtio.sipPort },
    protect: (numbers) => running.protect(numbers),
    held: () => running.held(),
    stop: () => running.stop(),
  };
}

function assertNever(reason: string): never {
  throw new Error(`the engines were lost: ${reason}`);
}

export async function startBench(
  options: {
    emergencyRoute?: string[];
    callerNumber?: string;
    admission?: Admission;
    media?: false;
    /** Of the embedded media server: every second one is a place. */
    rtpPorts?: number;
    /** Of SIP, for embedded engines. */
    timers?: Partial<TransactionTimers>;
  } = {},
): Promise<Bench> {
  const prompts = await writeTonePrompts();
  const running = await engines(options.rtpPorts ?? 1000, options.timers ?? {});
  const internal = await startInternalApp();
  internal.admission = options.admission ?? null;
  internal.users.set(LOGIN.user, LOGIN.password);
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) });
  const sipApplication: SipApplicationOptions = {
    drachtio: [running.drachtio],
    // Without media: nothing listens there.
    freeswitch: [options.media === false ? { ...running.freeswitch, port: 9 } : running.freeswitch],
    mediaListenAddress: '127.0.0.1',
    promptsDir: prompts.dir,
    internal: { url: internal.url, token: TOKEN },
    realm: REALM,
    emergency: {
      route: options.emergencyRoute ?? [],
      numbers: ['112', '911'],
      callerNumber: options.callerNumber ?? null,
      unknownCallers: { perSource: 100, inAll: 500 },
    },
    log,
    onEmergencyNumbers: (numbers) => running.protect(numbers),
    clock: { now: () => new Date() },
    id: 'test',
  };
  const startApplication = async (): Promise<SipApplication> => {
    const started = await startSipApplication(sipApplication);
    await until('ready application', () => started.ready().sipServer);
    if (options.media !== false) await until('ready media server', () => started.ready().mediaServer);
    return started;
  };
  let application = await startApplication();
  const phones: TestPhone[] = [];
  return {
    internal,
    get application() {
      return application;
    },
    restart: async () => {
      await application.stop();
      application = await startApplication();
    },
    logged,
    sip: running.sip,
    phone: async (phoneOptions = {}) => {
      const phone = await TestPhone.open({
        server: running.sip,
        login: LOGIN,
        realm: REALM,
        nameOf: prompts.nameOf,
        ...phoneOptions,
      });
      phones.push(phone);
      return phone;
    },
    held: () => running.held(),
    settle: async () => {
      const { openings, ends, attempts } = internal.received;
      await until('ends of all calls', () => ends.length >= openings.length);
      openings.length = ends.length = attempts.length = 0;
    },
    close: async () => {
      for (const phone of phones) phone.close();
      await application.stop();
      await running.stop();
      await internal.close();
      await rm(prompts.dir, { recursive: true });
    },
  };
}
