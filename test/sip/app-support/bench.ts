/** The SIP application with everything around it: engines, an internal app, prompts that can be told apart, phones. */
import { rm } from 'node:fs/promises';
import { pino } from 'pino';
import { startEngines } from '../../../embedded/engines.js';
import { startSipApplication, type SipApplication } from '../../../sip/application.js';
import type { EngineAddress } from '../../../sip/media-server.js';
import { REALM, startInternalApp, TOKEN, type InternalApp } from './internal-app.js';
import { TestPhone, type PhoneOptions } from './test-phone.js';
import { writeTonePrompts } from './tone-prompts.js';
import { until } from './wait.js';

export const LOGIN = { user: 'dev-1', password: 'a password' };

export interface Bench {
  internal: InternalApp;
  application: SipApplication;
  /** All that the application has logged, line by line. */
  logged: string[];
  sip: { host: string; port: number };
  phone(options?: Partial<PhoneOptions>): Promise<TestPhone>;
  close(): Promise<void>;
}

interface Engines {
  drachtio: EngineAddress;
  freeswitch: EngineAddress;
  sip: { host: string; port: number };
  stop(): Promise<void>;
}

/**
 * Engines of our own, embedded ones; or others that run already, when their ports are given to the test file as arguments:
 * `node app-calls.test.js <sip port> <drachtio port> <drachtio secret> <event socket port> <event socket secret>`, all on loopback.
 */
async function engines(): Promise<Engines> {
  const [sipPort, drachtioPort, drachtioSecret = '', eventPort, eventSecret = ''] = process.argv.slice(2);
  const host = '127.0.0.1';
  if (sipPort !== undefined) {
    return {
      drachtio: { host, port: Number(drachtioPort), secret: drachtioSecret },
      freeswitch: { host, port: Number(eventPort), secret: eventSecret },
      sip: { host, port: Number(sipPort) },
      stop: () => Promise.resolve(),
    };
  }
  const running = await startEngines({
    drachtio: { sipHost: host, sipPort: 0, secret: 'sip secret' },
    freeswitch: {
      host,
      eslPort: 0,
      sipPort: 0,
      secret: 'media secret',
      rtpPorts: { from: 40_000, to: 49_999 },
    },
    logLevel: 'warn',
    onLog: () => undefined,
    onLost: (reason) => assertNever(reason),
  });
  const { drachtio, freeswitch } = running;
  if (drachtio === undefined || freeswitch === undefined) throw new Error('both engines were asked for');
  return { drachtio, freeswitch, sip: { host, port: drachtio.sipPort }, stop: () => running.stop() };
}

function assertNever(reason: string): never {
  throw new Error(`the engines were lost: ${reason}`);
}

export async function startBench(options: { emergencyRoute?: string[] } = {}): Promise<Bench> {
  const prompts = await writeTonePrompts();
  const running = await engines();
  const internal = await startInternalApp();
  internal.users.set(LOGIN.user, LOGIN.password);
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => logged.push(line) });
  const application = await startSipApplication({
    drachtio: [running.drachtio],
    freeswitch: [running.freeswitch],
    mediaListenAddress: '127.0.0.1',
    promptsDir: prompts.dir,
    internal: { url: internal.url, token: TOKEN },
    realm: REALM,
    emergency: { route: options.emergencyRoute ?? [], numbers: ['112', '911'] },
    log,
    clock: { now: () => new Date() },
    id: 'test',
  });
  const phones: TestPhone[] = [];
  await until('ready application', () => application.ready().sipServer && application.ready().mediaServer);
  return {
    internal,
    application,
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
    close: async () => {
      for (const phone of phones) phone.close();
      await application.stop();
      await running.stop();
      await internal.close();
      await rm(prompts.dir, { recursive: true });
    },
  };
}
