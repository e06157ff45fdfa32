/** The provisioning port on a store, and phones that fetch from it. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import type { Device } from '../../src/domain/device.js';
import { macHex } from '../../src/domain/mac.js';
import type { UnknownDevices } from '../../src/domain/unknown-devices.js';
import {
  createProvisioning,
  type MeasuredFetch,
  DEFAULT_LIMITS,
  type Limits,
  type Provisioning,
} from '../../src/provisioning/listener.js';
import { SYSTEM } from '../../src/services/audit/actors.js';
import { createLine } from '../../src/services/lines.js';
import { replaceDeviceLines } from '../../src/store/device-lines.js';
import type { Store } from '../../src/store/store.js';
import { makeContext, type TestContext } from '../support/fixture.js';

export interface Fetched {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface FetchOptions {
  method?: string;
  headers?: OutgoingHttpHeaders;
  /** Whence, within 127.0.0.0/8. */
  from?: string;
}

export interface World {
  context: TestContext;
  provisioning: Provisioning;
  port: number;
  /** Asks for a path exactly as it is written, or for a whole URL that a configuration named. */
  fetch: (target: string, options?: FetchOptions) => Promise<Fetched>;
  /** Sends bytes and answers all that comes back until the server closes. */
  send: (bytes: string) => Promise<string>;
  /** The access log so far. */
  log: () => string;
  /** What the metrics were told, in order. */
  measured: readonly MeasuredFetch[];
}

interface WorldOptions {
  unknownDevices?: UnknownDevices;
  publicUrl?: string;
  limits?: Partial<Limits>;
  filesDir?: string;
}

const LIMIT_MS = 60_000;

/** Opens the port for a test and closes it with what it has to write. */
export async function withProvisioning(
  store: Store,
  body: (world: World) => Promise<void>,
  {
    publicUrl = 'https://provisioning.example',
    unknownDevices = 'reject',
    limits = {},
    filesDir,
  }: WorldOptions = {},
): Promise<void> {
  let log = '';
  const lines = new PassThrough();
  lines.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const base = makeContext(store);
  const context = {
    ...base,
    installation: { ...base.installation, publicUrl, unknownDevices },
    log: pino({ level: 'info' }, lines),
  };
  const measured: MeasuredFetch[] = [];
  const provisioning = createProvisioning(context, {
    measure: (fetch) => measured.push(fetch),
    limits: { ...DEFAULT_LIMITS, ...limits },
    ...(filesDir !== undefined && { filesDir }),
  });
  provisioning.server.listen(0, '127.0.0.1');
  await once(provisioning.server, 'listening');
  const { port } = provisioning.server.address() as AddressInfo;
  try {
    await body({
      context,
      provisioning,
      port,
      fetch: (target, options) => fetchFrom(port, target.replace(publicUrl, ''), options),
      send: (bytes) => exchange(port, bytes),
      log: () => log,
      measured,
    });
  } finally {
    await provisioning.close();
  }
}

async function fetchFrom(port: number, path: string, options: FetchOptions = {}): Promise<Fetched> {
  const asked = request({
    host: '127.0.0.1',
    port,
    path,
    method: options.method ?? 'GET',
    headers: options.headers ?? {},
    localAddress: options.from ?? '127.0.0.1',
    agent: false,
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) };
}

async function exchange(port: number, bytes: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', signal: AbortSignal.timeout(LIMIT_MS) });
  socket.write(bytes);
  return text(socket);
}

/** A device with lines, each with a password that is found nowhere else. */
export async function giveLines(context: TestContext, device: Device, count: number): Promise<void> {
  assert.ok(device.tenantId !== null);
  const ids: string[] = [];
  for (let number = 1; number <= count; number++) {
    const line = {
      label: `Line ${number}`,
      sipUser: `user${number}`,
      password: `line-password-${number}`,
      registrar: 'pbx.example:5070',
    };
    const outcome = await createLine(context, device.tenantId, line, SYSTEM);
    assert.ok(outcome.kind === 'line');
    ids.push(outcome.line.id);
  }
  await replaceDeviceLines(context.store.db, device.id, ids);
}

export const fileOf = (device: Device): string => `${macHex(device.mac)}.cfg`;

/** A parameter of a Yealink configuration. */
export function parameter({ body }: Fetched, name: string): string {
  const value = new RegExp(`^${name.replaceAll('.', String.raw`\.`)} = (.*)$`, 'm').exec(body)?.[1];
  assert.ok(value !== undefined, `no ${name} in ${body.slice(0, 200)}`);
  return value;
}

/** Where a Yealink phone fetches its configuration from after having applied this one. */
export const nextUrl = (fetched: Fetched, device: Device): string =>
  parameter(fetched, 'static.auto_provision.server.url') + fileOf(device);

/** The token's id, which is the bootstrap account's user name. */
export const userOf = (fetched: Fetched): string => parameter(fetched, 'account.1.user_name');
