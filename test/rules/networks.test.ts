/**
 * Leaflet, "IP Whitelisting" and what else it says of trusted addresses, on a whole service. Exact
 * limits: test/store/networks*.test.ts.
 */
import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import type { SimulatedPhone } from '../../softphone/phone.js';
import { randomMacHex, wrongPap } from '../support/admin-api.js';
import { tryPap, plugIn, registeredPhone, shows } from '../support/phones.js';
import { TurnedService } from '../support/turned-service.js';
import { until } from '../support/wait-for.js';

const HOUR = 3600;
/** The public addresses of three sites. */
const HOME = '127.0.0.5';
const BRANCH = '127.0.0.6';
const ELSEWHERE = '127.0.7.7';
const SOON_MS = 60_000;
const NEEDED = 'Authentication needed';

let service: TurnedService;
before(async () => {
  service = await TurnedService.launch();
});
after(() => service.stop());

/**
 * A device that an administrator has made, with a line whose label its display shows once it has
 * the full configuration.
 */
interface Created {
  macHex: string;
  pap: string;
  label: string;
  family: 'yealink' | 'snom';
}

async function createTenant(policy: Record<string, unknown> = {}): Promise<string> {
  return (await service.api.need('POST', '/tenants', { name: 'Example Ltd', policy })).id;
}

async function createDevice(tenantId: string, family: 'yealink' | 'snom' = 'yealink'): Promise<Created> {
  const macHex = randomMacHex(family);
  const label = `Desk ${macHex.slice(-6)}`;
  const line = { label, sipUser: macHex, password: 'line-password-1', registrar: 'pbx.example' };
  const { id } = await service.api.need('POST', `/tenants/${tenantId}/lines`, line);
  const device = { mac: macHex, vendor: family, tenantId, lines: [id] };
  const { pap } = await service.api.need('POST', '/devices', device);
  return { macHex, pap, label, family };
}

/** A phone that shows its minimal configuration and is registered. */
async function waitingPhone(t: TestContext, created: Created, localAddress: string): Promise<SimulatedPhone> {
  const phone = await registeredPhone(t, service, created, created.family, { localAddress });
  assert.equal(phone.setup?.display, NEEDED);
  return phone;
}

/** What a phone of this device that was just unpacked shows after its first fetch from there. */
async function firstDisplay(
  t: TestContext,
  created: Created,
  localAddress: string,
): Promise<string | undefined> {
  const phone = await plugIn(t, service, created, created.family, { localAddress });
  assert.equal(await phone.provision(), true);
  return phone.setup?.display;
}

/** Somebody keys in the right PAP at a phone there, and it has its line. */
async function provePhone(t: TestContext, tenantId: string, localAddress: string): Promise<SimulatedPhone> {
  const created = await createDevice(tenantId);
  const phone = await waitingPhone(t, created, localAddress);
  await tryPap(phone, created.pap);
  assert.ok(await shows(phone, created.label, SOON_MS), 'the caller has his line');
  return phone;
}

async function networksOf(tenantId: string): Promise<any[]> {
  return (await service.api.need('GET', `/tenants/${tenantId}/networks`)).items;
}

async function endOf(tenantId: string): Promise<number> {
  const [network] = await networksOf(tenantId);
  assert.ok(network !== undefined, 'there is a network');
  return Date.parse(network.expiresAt);
}

const secondsFromNow = (time: number): number => (time - service.clock.now().getTime()) / 1000;

test('leaflet: "Restarting devices that have not yet completed authentication, including these into a “failed authentication" state, will allow the full provisioning of these devices."', async (t) => {
  const tenantId = await createTenant();
  const [needed, snom, failed, away] = [
    await createDevice(tenantId),
    await createDevice(tenantId, 'snom'),
    await createDevice(tenantId),
    await createDevice(tenantId),
  ];
  const stranger = await createDevice(await createTenant());
  const neededPhone = await waitingPhone(t, needed, HOME);
  const snomPhone = await waitingPhone(t, snom, HOME);
  const failedPhone = await waitingPhone(t, failed, HOME);
  const awayPhone = await waitingPhone(t, away, BRANCH);
  const strangersPhone = await waitingPhone(t, stranger, HOME);
  for (let attempt = 1; attempt <= 3; attempt++) await tryPap(failedPhone, wrongPap(failed.pap, attempt));
  assert.ok(await shows(failedPhone, 'Authentication failed', SOON_MS));

  const proved = await provePhone(t, tenantId, HOME);

  // These phones are not even restarted.
  assert.ok(await shows(neededPhone, needed.label, SOON_MS), 'needed');
  assert.ok(await shows(snomPhone, snom.label, SOON_MS), 'of another vendor');
  assert.ok(await shows(failedPhone, failed.label, SOON_MS), 'failed');
  assert.equal(awayPhone.setup?.display, NEEDED, 'at another address');
  assert.equal(strangersPhone.setup?.display, NEEDED, 'of another tenant');
  for (const phone of [awayPhone, strangersPhone]) {
    assert.equal(await phone.provision(), true);
    assert.equal(phone.setup?.display, NEEDED, 'asking for it does not help');
  }
  assert.deepEqual(
    (await networksOf(tenantId)).map(({ cidr, kind, reason, devices }) => ({ cidr, kind, reason, devices })),
    [{ cidr: `${HOME}/32`, kind: 'temporary', reason: 'pap', devices: 3 }],
  );

  // They come back with their tokens, as after any fetch of a changed configuration, and are
  // successful for good.
  for (const phone of [neededPhone, snomPhone, failedPhone, proved])
    assert.equal(await phone.provision(), true);
  for (const { macHex } of [needed, snom, failed]) {
    const { state, pap, authenticatedBy } = await service.api.device(macHex);
    assert.deepEqual([state, pap, authenticatedBy], ['successful', null, 'network']);
  }
});

test('leaflet: "In this state, authentication of other devices on the same network (from the same public IP address) will still be possible."', async (t) => {
  const tenantId = await createTenant({ maxAttempts: 1, strict: true });
  const failed = await createDevice(tenantId);
  const failedPhone = await waitingPhone(t, failed, HOME);
  await tryPap(failedPhone, wrongPap(failed.pap));
  assert.ok(await shows(failedPhone, 'Authentication failed', SOON_MS));
  await provePhone(t, tenantId, HOME);
});

test('leaflet: "the NFON platform will automatically add the public IP address of the network it received the provisioning request from to a temporary whitelist. The IP address will remain whitelisted for a period of 8 hours from this moment."', async (t) => {
  const tenantId = await createTenant();
  await provePhone(t, tenantId, BRANCH);
  const [network] = await networksOf(tenantId);
  assert.deepEqual([network.cidr, network.kind, network.openedBy], [`${BRANCH}/32`, 'temporary', 'phone']);
  const left = secondsFromNow(Date.parse(network.expiresAt));
  assert.ok(left <= 8 * HOUR && left > 8 * HOUR - 60, `${left} s`);
  service.clock.turn(8 * HOUR);
  assert.equal(await firstDisplay(t, await createDevice(tenantId), BRANCH), NEEDED);
  const closed = await until(
    async () => (await service.api.need('GET', `/events?tenantId=${tenantId}&type=network.closed`)).items[0],
    { within: SOON_MS, what: 'the end of the network' },
  );
  assert.deepEqual([closed.data.prefix, closed.data.because], [`${BRANCH}/32`, 'expired']);
});

test('leaflet: "Another device was successfully authenticated using PAP from the same public IP address in the last 8 hours;"', async (t) => {
  const tenantId = await createTenant();
  await provePhone(t, tenantId, HOME);
  service.clock.turn(secondsFromNow(await endOf(tenantId)) - 60);
  const late = await createDevice(tenantId);
  assert.equal(await firstDisplay(t, late, ELSEWHERE), NEEDED);
  assert.equal(await firstDisplay(t, late, HOME), late.label);
});

test('leaflet: "If new or existing devices are successfully provisioned during this period, the period is extended continuously for a further 8 hours."', async (t) => {
  const tenantId = await createTenant();
  const existing = await provePhone(t, tenantId, HOME);
  const isExtended = async (what: string): Promise<void> => {
    await until(async () => secondsFromNow(await endOf(tenantId)) > 8 * HOUR - 60, { within: SOON_MS, what });
  };
  service.clock.turn(6 * HOUR);
  assert.equal(await existing.provision(), true);
  await isExtended('an extension by an existing device');
  service.clock.turn(6 * HOUR);
  const added = await createDevice(tenantId);
  assert.equal(await firstDisplay(t, added, HOME), added.label);
  await isExtended('an extension by a new device');
});

test('design: a temporary network is never extended past seven days after it opened', async (t) => {
  const tenantId = await createTenant();
  const phone = await provePhone(t, tenantId, HOME);
  const [{ openedAt }] = await networksOf(tenantId);
  const last = Date.parse(openedAt) + 7 * 24 * HOUR * 1000;
  while ((await endOf(tenantId)) < last) {
    service.clock.turn(6 * HOUR);
    const extended = Math.min(last, service.clock.now().getTime() + 8 * HOUR * 1000);
    assert.equal(await phone.provision(), true);
    // By this fetch, not by one that a repeated NOTIFY brought about before the clock was turned.
    await until(async () => (await endOf(tenantId)) >= extended, { within: SOON_MS, what: 'an extension' });
  }
  assert.equal(await endOf(tenantId), last);
  service.clock.turn(secondsFromNow(last));
  assert.equal(await phone.provision(), true);
  assert.deepEqual(await networksOf(tenantId), []);
  assert.equal(await firstDisplay(t, await createDevice(tenantId), HOME), NEEDED);
});

test('leaflet: "The NFON platform will then no longer require authentication using the PAP for all provisioning requests coming from that IP address."', async (t) => {
  const tenantId = await createTenant({ strict: true });
  const [waiting, added] = [await createDevice(tenantId), await createDevice(tenantId)];
  const phone = await waitingPhone(t, waiting, HOME);
  const path = `/tenants/${tenantId}/networks`;
  const { id } = await service.api.need('POST', path, { cidr: HOME, label: 'Head office' });
  assert.ok(await shows(phone, waiting.label, SOON_MS), 'who waits there is told');
  assert.equal(await phone.provision(), true);
  assert.equal(await firstDisplay(t, added, HOME), added.label);
  service.clock.turn(400 * 24 * HOUR);
  const later = await createDevice(tenantId);
  assert.equal(await firstDisplay(t, later, BRANCH), NEEDED);
  assert.equal(await firstDisplay(t, later, HOME), later.label, 'permanently');

  assert.equal((await service.api.delete(`${path}/${id}`)).status, 204);
  assert.equal(await firstDisplay(t, await createDevice(tenantId), HOME), NEEDED);
  assert.equal(await phone.provision(), true);
  assert.equal(phone.setup?.display, waiting.label, 'who has proved himself keeps what he holds');
});

test('leaflet: "The whitelist accepts either single IPv4 addresses (xxx.xxx.xxx.xxx) or IP Ranges in CIDR notation (xxx.xxx.xxx.xxx./yyy)."', async (t) => {
  const tenantId = await createTenant();
  await service.api.need('POST', `/tenants/${tenantId}/networks`, { cidr: '127.0.7.0/255.255.255.0' });
  const [inside, outside] = [await createDevice(tenantId), await createDevice(tenantId)];
  assert.equal(await firstDisplay(t, inside, ELSEWHERE), inside.label);
  assert.equal(await firstDisplay(t, outside, '127.0.8.1'), NEEDED);
});

test('design: under a strict policy only the token counts, and one PAP brings up one phone', async (t) => {
  const tenantId = await createTenant({ strict: true });
  const waiting = await createDevice(tenantId);
  const phone = await waitingPhone(t, waiting, HOME);
  await provePhone(t, tenantId, HOME);
  assert.deepEqual(await networksOf(tenantId), []);
  assert.equal(await phone.provision(), true);
  assert.equal(phone.setup?.display, NEEDED);
});
