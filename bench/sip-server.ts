/**
 * One SIP side of a comparison, in a process of its own: the whole of Dialgate, its SIP application
 * alone, or a bare application. All of them have embedded engines of their own, so that what
 * differs is what they do with a request.
 */
import { join } from 'node:path';
import { pino } from 'pino';
import { startEngines } from '../embedded/engines.js';
import { startSipApplication } from '../sip/application.js';
import type { EngineAddress } from '../sip/media/media-server.js';
import { readConfig } from '../src/process/config.js';
import { startDialgate } from '../src/process/start.js';
import { until } from '../test/support/wait-for.js';
import { temporaryFolder } from '../test/support/temporary-folder.js';
import { startBareApplication } from './bare-application.js';
import { serveOrder } from './child.js';

export type SipOrder =
  | { kind: 'dialgate'; databaseUrl: string | null; adminKey: string }
  | { kind: 'engines' }
  | {
      kind: 'application';
      engines: EngineAddresses | null;
      internal: { url: string; token: string };
      realm: string;
    }
  | { kind: 'bare' };

/** Where an application finds engines that are in another process. */
export interface EngineAddresses {
  drachtio: EngineAddress;
  freeswitch: EngineAddress;
}

export interface SipReady {
  sipPort: number;
  /** Of engines that wait for their application. */
  engines?: EngineAddresses;
  /** Of the whole Dialgate. */
  adminUrl: string | null;
  provisioningUrl: string | null;
}

/** Compiled into dist/bench. */
const PROMPTS = join(import.meta.dirname, '..', '..', 'prompts');
const SECRET = 'a secret of the bench';
/** As in operation: the lines are written. */
const log = pino({ level: 'info' }, pino.destination('/dev/null'));

serveOrder<SipOrder, SipReady>((order) => {
  switch (order.kind) {
    case 'dialgate':
      return serveDialgate(order.databaseUrl, order.adminKey);
    case 'engines':
      return serveEngines();
    case 'application':
      return serveApplication(order);
    case 'bare':
      return serveBare();
  }
});

async function serveDialgate(databaseUrl: string | null, adminKey: string) {
  const read = readConfig({
    PROVISIONING_PORT: '0',
    ADMIN_PORT: '0',
    INTERNAL_PORT: '0',
    SIP_PORT: '0',
    DATA_DIR: temporaryFolder('bench'),
    ADMIN_KEY: adminKey,
    GUESSES_PER_SOURCE_PER_HOUR: '1000000',
    GUESSES_PER_HOUR: '1000000',
    ...(databaseUrl !== null && { DATABASE_URL: databaseUrl }),
  });
  if (read.kind === 'invalid') throw new Error(read.problems.join('; '));
  const onFailure = (reason: string): never => {
    throw new Error(reason);
  };
  const dialgate = await startDialgate(read.config, { clock: { now: () => new Date() }, log, onFailure });
  const { sip, adminUrl, provisioningUrl } = dialgate.facts;
  const sipPort = Number(/:(\d+)$/.exec(sip)?.[1]);
  return { ready: { sipPort, adminUrl, provisioningUrl }, stop: () => dialgate.stop() };
}

async function serveEngines() {
  const { drachtio, freeswitch, stop } = await engines();
  const sipPort = drachtio.sipPort;
  return {
    ready: { sipPort, adminUrl: null, provisioningUrl: null, engines: { drachtio, freeswitch } },
    stop,
  };
}

/** With engines of its own, unless it is given others. */
async function serveApplication({ engines: others, internal, realm }: SipOrder & { kind: 'application' }) {
  const own = others === null ? await engines() : null;
  const addresses = others ?? own;
  if (addresses === null) throw new Error('there are no engines');
  const application = await startSipApplication({
    drachtio: [addresses.drachtio],
    freeswitch: [addresses.freeswitch],
    mediaListenAddress: '127.0.0.1',
    promptsDir: PROMPTS,
    internal,
    realm,
    emergency: {
      route: [],
      numbers: ['112'],
      callerNumber: null,
      unknownCallers: { perSource: 100, inAll: 500 },
    },
    clock: { now: () => new Date() },
    id: 'bench',
    log,
  });
  const isReady = (): boolean => Object.values(application.ready()).every(Boolean);
  await until(isReady, { what: 'the application to be connected' });
  return {
    ready: { sipPort: own?.drachtio.sipPort ?? 0, adminUrl: null, provisioningUrl: null },
    stop: async () => {
      await application.stop();
      await own?.stop();
    },
  };
}

async function serveBare() {
  const { drachtio, freeswitch, stop } = await engines();
  const application = await startBareApplication({ drachtio, freeswitch, promptsDir: PROMPTS, log });
  return {
    ready: { sipPort: drachtio.sipPort, adminUrl: null, provisioningUrl: null },
    stop: async () => {
      await application.stop();
      await stop();
    },
  };
}

async function engines() {
  const host = '127.0.0.1';
  const running = await startEngines({
    drachtio: { sipHost: host, sipPort: 0, secret: SECRET },
    freeswitch: { host, eslPort: 0, sipPort: 0, secret: SECRET, rtpPorts: { from: 40_000, to: 49_999 } },
    logLevel: 'info',
    onLog: (level, text, fields) => log[level](fields ?? {}, text),
    onLost: (reason) => {
      throw new Error(reason);
    },
  });
  const { drachtio, freeswitch } = running;
  if (drachtio === undefined || freeswitch === undefined) throw new Error('both engines were asked for');
  return { drachtio, freeswitch, stop: () => running.stop() };
}
