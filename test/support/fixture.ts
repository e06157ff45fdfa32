import assert from 'node:assert/strict';
/** Tenants, devices and phones for tests of the services, made through the store. */
import { randomBytes, randomUUID } from 'node:crypto';
import { newAuthentication } from '../../src/domain/authentication.js';
import type { Device, DeviceKind } from '../../src/domain/device.js';
import type { RefusedOrder } from '../../src/services/devices/change-device.js';
import type { EventType } from '../../src/domain/events.js';
import { parseMac } from '../../src/domain/mac.js';
import { type Policy, completePolicy } from '../../src/domain/policy.js';
import { derivePap, makeMasterKey, openMasterKey } from '../../src/domain/secrets.js';
import type { Token } from '../../src/domain/token.js';
import type { VendorId } from '../../src/domain/vendor-id.js';
import { openWindow } from '../../src/domain/window.js';
import type { Source } from '../../src/contract/messages.js';
import type { ServiceContext } from '../../src/services/context.js';
import { issueToken } from '../../src/services/fetch/issue-token.js';
import { register } from '../../src/services/registration.js';
import { findDevice, insertDevice } from '../../src/store/devices.js';
import { insertSite } from '../../src/store/sites.js';
import type { Store } from '../../src/store/store.js';
import { insertTenant } from '../../src/store/tenants.js';
import { TestClock } from './clock.js';
import { SILENT } from './store.js';

export type TestContext = ServiceContext & { clock: TestClock };

export const PHONE_SOURCE: Source = { protocol: 'udp', address: '192.0.2.10', port: 5060 };
const MASTER_KEY = makeMasterKey();

/**
 * The services' world on a store; another one on the same store has the same key and, if given, the
 * same clock.
 */
export function makeContext(store: Store, clock = new TestClock()): TestContext {
  return {
    store,
    clock,
    masterKey: openMasterKey(MASTER_KEY),
    installation: {
      publicUrl: 'https://provisioning.example',
      sip: { host: 'sip.example', port: 5060, plainPort: 5060, domain: 'sip.example', transport: 'udp' },
      emergency: { route: ['sip:installation.example'], numbers: ['112', '911'] },
      language: 'en',
      trustedProxies: [],
      clientCertificateHeader: null,
      unknownDevices: 'reject',
      guesses: { perSourcePerHour: 30, perHour: 1000 },
    },
    log: SILENT,
  };
}

interface TenantWish {
  policy?: Partial<Policy>;
  language?: string;
  route?: string | string[];
  numbers?: string[];
  callerNumber?: string;
  resyncRoute?: string;
  name?: string;
}

export async function makeTenant(context: TestContext, wish: TenantWish = {}): Promise<string> {
  const id = randomUUID();
  await insertTenant(context.store.db, {
    id,
    name: wish.name ?? `Tenant ${id}`,
    policy: wish.policy ?? {},
    emergencyRoute: wish.route ?? null,
    emergencyNumbers: wish.numbers ?? null,
    emergencyCallerNumber: wish.callerNumber ?? null,
    resyncRoute: wish.resyncRoute ?? null,
    language: wish.language ?? null,
    settings: {},
    createdAt: context.clock.now(),
  });
  return id;
}

export async function makeSite(
  context: TestContext,
  tenantId: string,
  wish: TenantWish = {},
): Promise<string> {
  const id = randomUUID();
  await insertSite(context.store.db, {
    id,
    tenantId,
    name: wish.name ?? `Site ${id}`,
    timezone: null,
    language: wish.language ?? null,
    settings: {},
    emergencyRoute: wish.route ?? null,
    emergencyNumbers: wish.numbers ?? null,
    emergencyCallerNumber: wish.callerNumber ?? null,
    createdAt: context.clock.now(),
  });
  return id;
}

interface DeviceWish {
  policy?: Partial<Policy>;
  tenantId?: string | null;
  siteId?: string;
  settings?: Record<string, unknown>;
  vendor?: VendorId;
  kind?: DeviceKind;
}

/** A device of a tenant of its own, unless one is given. */
export async function makeDevice(context: TestContext, wish: DeviceWish = {}): Promise<Device> {
  const policy = wish.policy ?? {};
  const tenantId = wish.tenantId === undefined ? await makeTenant(context, { policy }) : wish.tenantId;
  const mac = parseMac(`02${randomBytes(5).toString('hex')}`);
  if (mac === null) throw new Error('not a MAC');
  const device: Device = {
    id: randomUUID(),
    mac,
    kind: wish.kind ?? 'managed',
    vendor: wish.vendor ?? 'yealink',
    model: null,
    label: null,
    serialNumber: null,
    tenantId,
    siteId: wish.siteId ?? null,
    settings: wish.settings ?? {},
    authentication: newAuthentication(completePolicy(policy), context.clock.now()),
    attention: null,
    ...openWindow(completePolicy(policy), context.clock.now()),
    lastProvisionedAt: null,
    lastSeenAt: null,
    lastSeenAddress: null,
    keyVersion: context.masterKey.version,
    createdAt: context.clock.now(),
  };
  if (!(await insertDevice(context.store.db, device))) throw new Error('the MAC was taken');
  return device;
}

/** The token that a phone gets with its minimal configuration. */
export async function makeToken(context: TestContext, device: Device): Promise<Token> {
  const issue = { address: PHONE_SOURCE.address, masterKey: context.masterKey, now: context.clock.now() };
  return context.store.transaction((transaction) => issueToken(transaction, device, issue));
}

/** A phone that has fetched and registered. */
export async function makePhone(context: TestContext, device: Device): Promise<Token> {
  const token = await makeToken(context, device);
  await registerPhone(context, token);
  return token;
}

export async function registerPhone(context: TestContext, token: Token, expiresSeconds = 300): Promise<void> {
  await register(context, token.id, {
    contacts: [{ uri: `sip:${token.id}@192.0.2.10:5060`, expiresSeconds }],
    path: null,
    source: PHONE_SOURCE,
    callId: `registration-of-${token.id}-at-${context.clock.now().getTime()}`,
    cseq: 1,
    userAgent: null,
  });
}

/** The device as it now is. */
export async function reread(context: TestContext, device: Device): Promise<Device> {
  const found = await findDevice(context.store.db, device.id);
  if (found === null) throw new Error('the device is gone');
  return found;
}

/** The PAP that the administrator would see. */
export async function papOf(context: TestContext, device: Device): Promise<string> {
  const { pap } = (await reread(context, device)).authentication;
  if (pap === null) throw new Error('the device has no PAP');
  return derivePap(context.masterKey, device.id, pap.serial, pap.digits);
}

/** The `index`-th of the PAPs that are wrong for a device. */
export async function wrongPapOf(context: TestContext, device: Device, index = 0): Promise<string> {
  const right = await papOf(context, device);
  const wrong = (Number(right) + 1 + index) % 10 ** right.length;
  return String(wrong).padStart(right.length, '0');
}

export interface EventLine {
  type: EventType;
  mac: string | null;
  actor: string;
  address: string | null;
  data: Record<string, unknown>;
}

/** The audit log, in the order in which it was written; of one device, or all. */
export async function eventsOf(store: Store, device?: Device): Promise<EventLine[]> {
  return store.db
    .selectFrom('events')
    .select(['type', 'mac', 'actor', 'address', 'data'])
    .$if(device !== undefined, (query) => query.where('mac', '=', device?.mac ?? null))
    .orderBy('id')
    .execute();
}

export async function eventTypesOf(store: Store, device?: Device): Promise<EventType[]> {
  return (await eventsOf(store, device)).map((event) => event.type);
}

/** The device that an administrator's order answered, or null; it must not have been refused. */
export function carriedOut(outcome: Device | RefusedOrder | null): Device | null {
  if (outcome !== null && 'refused' in outcome) assert.fail(`refused: ${outcome.refused}`);
  return outcome;
}
