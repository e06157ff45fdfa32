/**
 * One server of the comparison, in a process of its own: bare node:http, or the provisioning port
 * on a database of many devices.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { Device } from '../src/domain/device.js';
import { macHex, parseMac } from '../src/domain/mac.js';
import { deriveToken, makeMasterKey, openMasterKey } from '../src/domain/secrets.js';
import { createProvisioning, DEFAULT_LIMITS } from '../src/provisioning/listener.js';
import { SYSTEM } from '../src/services/audit/actors.js';
import { FetchCache } from '../src/services/fetch/fetch-cache.js';
import type { ServiceContext } from '../src/services/context.js';
import { createDevice } from '../src/services/devices/create-devices.js';
import { issueToken } from '../src/services/fetch/issue-token.js';
import { createLine } from '../src/services/lines.js';
import { createTenant } from '../src/services/tenants.js';
import { migrate } from '../src/store/migrate.js';
import { openStore } from '../src/store/open-store.js';
import { moveToken } from '../src/store/tokens.js';
import { USER_AGENT } from './load.js';

export type ServerOrder = { kind: 'bare'; body: Buffer } | { kind: 'dialgate'; databaseUrl: string | null };

export interface ServerReady {
  port: number;
  /** What a fetch of a full configuration answers. */
  sample: Buffer;
  /** Paths with the token of a proved phone, with that of one that waits, and with none. */
  full: string[];
  waiting: string[];
  tokenless: string[];
}

const DEVICES = 300;

/**
 * The first message says what to be; each later one asks how much CPU time has been used, in
 * microseconds.
 */
process.once('message', (order: ServerOrder) => {
  process.on('message', () => process.send?.(process.cpuUsage().user + process.cpuUsage().system));
  void (order.kind === 'bare' ? serveBare(order.body) : serveDialgate(order.databaseUrl));
});

async function serveBare(body: Buffer): Promise<void> {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': body.length };
  const server = createServer((_request, response) => {
    response.writeHead(200, headers).end(body);
  });
  const port = await listen(server);
  process.send?.({ port, sample: body, full: [], waiting: [], tokenless: [] } satisfies ServerReady);
}

async function serveDialgate(databaseUrl: string | null): Promise<void> {
  // As in operation: one line of log a fetch.
  const log = pino({ level: 'info' }, pino.destination('/dev/null'));
  const store = await openStore({ databaseUrl, dataDir: null, log });
  await migrate(store);
  const context: ServiceContext = {
    store,
    clock: { now: () => new Date() },
    masterKey: openMasterKey(makeMasterKey()),
    installation: {
      publicUrl: 'http://127.0.0.1',
      sip: { host: '127.0.0.1', port: 5060, plainPort: 5060, domain: 'bench.example', transport: 'udp' },
      emergency: { route: null, numbers: ['112', '911'] },
      language: 'en',
      trustedProxies: [],
      clientCertificateHeader: null,
      unknownDevices: 'reject',
      guesses: { perSourcePerHour: 30, perHour: 1000 },
    },
    log,
  };
  const cache = new FetchCache(store, log);
  await cache.start();
  const port = await listen(
    createProvisioning(context, {
      cache,
      limits: {
        ...DEFAULT_LIMITS,
        tokenlessPerMinute: Infinity,
        unprovenPerMinute: Infinity,
        unprovenPerDevicePerMinute: Infinity,
      },
    }).server,
  );
  const phones = await makePhones(context);
  // A device's first fetch with its token is written down; what is measured is a fleet that has
  // been there before.
  let sample = Buffer.alloc(0);
  for (const path of phones.full) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { 'User-Agent': USER_AGENT } });
    sample = Buffer.from(await answer.arrayBuffer());
  }
  process.send?.({ port, ...phones, sample } satisfies ServerReady);
}

async function makePhones(context: ServiceContext): Promise<Omit<ServerReady, 'port' | 'sample'>> {
  const outcome = await createTenant(context, { name: 'Bench' }, SYSTEM);
  if (outcome.kind !== 'tenant') throw new Error(outcome.kind);
  const { id: tenantId } = outcome.tenant;
  const paths = { full: [], waiting: [], tokenless: [] } as {
    [K in 'full' | 'waiting' | 'tokenless']: string[];
  };
  for (let number = 0; number < DEVICES; number++) {
    const line = {
      label: `Line ${number}`,
      sipUser: `user${number}`,
      password: 'secret',
      registrar: 'pbx.example',
    };
    const made = await createLine(context, tenantId, line, SYSTEM);
    const lines = made.kind === 'line' ? [made.line.id] : [];
    const proved = await makeDevice(context, { tenantId, lines });
    paths.full.push(await pathWithToken(context, proved, true));
    paths.waiting.push(await pathWithToken(context, proved, false));
    paths.tokenless.push(`/${macHex((await makeDevice(context, { tenantId })).mac)}.cfg`);
  }
  return paths;
}

async function makeDevice(
  context: ServiceContext,
  wish: { tenantId: string; lines?: string[] },
): Promise<Device> {
  const mac = parseMac(`02${randomBytes(5).toString('hex')}`);
  if (mac === null) throw new Error('not a MAC');
  const outcome = await createDevice(
    context,
    { mac, vendor: 'yealink', ...wish },
    { ...SYSTEM, scope: 'all' },
  );
  if (outcome.kind !== 'device') throw new Error(outcome.kind);
  return outcome.device;
}

async function pathWithToken(context: ServiceContext, device: Device, isProven: boolean): Promise<string> {
  const { store, masterKey, clock } = context;
  const issue = { address: null, masterKey, now: clock.now() };
  const token = await store.transaction((transaction) => issueToken(transaction, device, issue));
  if (isProven) await moveToken(store.db, token.id, ['bootstrap'], 'proven', clock.now());
  return `/${deriveToken(masterKey, token.id, device.id)}/${macHex(device.mac)}.cfg`;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
