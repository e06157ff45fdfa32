/**
 * Telavox, "Authorize provisioning for terminals": each of its rules, on a whole service, by
 * phones. Exact limits: test/store/windows.test.ts.
 */
import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import type { SimulatedPhone } from '../../softphone/phone.js';
import type { CreatedPhone } from '../support/admin-api.js';
import { hearFirst, nextConfiguration, plugIn, registeredPhone, shows, tryPap } from '../support/phones.js';
import { TurnedService } from '../support/turned-service.js';
import { until } from '../support/wait-for.js';

const DAY = 86_400;
const WAITING = 'Authorize provisioning!';
const WINDOW = { policy: { secondFactor: 'window' } };
/** A phone with this pace polls once a second when it is told to poll once a minute. */
const A_MINUTE_A_SECOND = { refreshPace: 60 };
const SOON_MS = 15_000;
const FAMILIES = ['yealink', 'snom'] as const;

let service: TurnedService;
before(async () => {
  service = await TurnedService.launch();
});
after(() => service.stop());

async function authorize(
  created: CreatedPhone,
): Promise<{ firstSyncUntil: string; displayText: string | null }> {
  return service.api.need('POST', `/devices/${created.macHex}/authorize-provisioning`);
}

/** Switches a phone on, or lets it fetch by its own long timer; answers what it then shows. */
async function fetches(phone: SimulatedPhone): Promise<string | undefined> {
  assert.equal(await phone.provision(), true);
  return phone.setup?.display;
}

/** A phone that came within its window, and came back with what it was given. */
async function syncedPhone(t: TestContext, created: CreatedPhone): Promise<SimulatedPhone> {
  const phone = await plugIn(t, service, created);
  assert.equal(await fetches(phone), created.line.label);
  assert.equal(await fetches(phone), created.line.label);
  assert.equal((await service.api.device(created.macHex)).authenticatedBy, 'window');
  return phone;
}

test('Telavox: "This initial 30-day window allows new devices to be provisioned automatically."', async (t) => {
  const created = await service.api.createPhone(WINDOW);
  assert.equal(created.pap, null, 'there is nothing to key in');
  const createdAt = Date.parse(created.device.createdAt);
  assert.equal(Date.parse(created.device.firstSyncUntil) - createdAt, 30 * DAY * 1000);
  service.clock.turn(29 * DAY);
  await syncedPhone(t, created);
  const { state, displayText } = await service.api.device(created.macHex);
  assert.deepEqual([state, displayText], ['successful', null]);
});

test('Telavox: "If they don\'t, they will require manual authorization."', async (t) => {
  const created = await service.api.createPhone(WINDOW);
  service.clock.turn(30 * DAY);
  const phone = await plugIn(t, service, created);
  assert.equal(await fetches(phone), WAITING);
  assert.equal((await service.api.device(created.macHex)).displayText, WAITING);
});

test('Telavox: "A terminal that has been successfully provisioned in the past has been offline for more than 60 days."', async (t) => {
  const created = await service.api.createPhone(WINDOW);
  const phone = await syncedPhone(t, created);
  service.clock.turn(59 * DAY);
  assert.equal(await fetches(phone), created.line.label, 'not for so long');
  service.clock.turn(60 * DAY);
  assert.equal(await fetches(phone), WAITING);
  service.clock.turn(60);
  assert.equal(await fetches(phone), WAITING, 'being online again is not enough');
  const { displayText, attention } = await service.api.device(created.macHex);
  assert.deepEqual([displayText, attention], [WAITING, 'inactive']);
  await authorize(created);
  assert.equal(await fetches(phone), created.line.label);
});

test('Telavox: "This is a security measure to prevent the reactivation of lost, stolen, or otherwise inactive devices."', async (t) => {
  const created = await service.api.createPhone({
    policy: { secondFactor: 'window', firstSyncSeconds: 365 * DAY },
  });
  const phone = await syncedPhone(t, created);
  service.clock.turn(61 * DAY);
  await service.api.need('POST', `/devices/${created.macHex}/suspend-authentication`);
  assert.equal(await fetches(phone), WAITING, 'no trust stands in for the approval');
  const minimalEvents = (count: number): Promise<{ data: { reason: string } }[]> =>
    until(
      async () => {
        const events = await service.api.events(created.macHex, 'config.minimal');
        return events.length === count && events;
      },
      { what: `${count} events` },
    );
  await minimalEvents(1);
  await phone.factoryReset();
  // The same reason is written once an hour; what is written in one batch counts as one.
  service.clock.turn(3600);
  assert.equal(await fetches(phone), WAITING, 'nor does forgetting that it was in use');
  const minimal = await minimalEvents(2);
  assert.deepEqual(
    minimal.map(({ data }) => data.reason),
    ['unauthorized', 'unauthorized'],
  );
});

test('Telavox: "You have performed a factory reset directly on the device. When the terminal attempts to provision again, it will require authorization."', async (t) => {
  const created = await service.api.createPhone(WINDOW);
  const phone = await syncedPhone(t, created);
  await phone.factoryReset();
  assert.equal(await fetches(phone), WAITING);
  const { displayText, attention } = await service.api.device(created.macHex);
  assert.deepEqual([displayText, attention], [WAITING, 'token_missing']);
  await authorize(created);
  assert.equal(await fetches(phone), created.line.label);
});

test('Telavox: "If you do a factory reset directly from Telavox instead of on the device, then the device will automatically be authorized."', async (t) => {
  const created = await service.api.createPhone(WINDOW);
  const phone = await syncedPhone(t, created);
  service.clock.turn(90 * DAY);
  const reset = await service.api.need('POST', `/devices/${created.macHex}/reset-authentication`);
  assert.ok(Date.parse(reset.firstSyncUntil) > Date.parse(created.device.firstSyncUntil) + 89 * DAY * 1000);
  await phone.factoryReset();
  assert.equal(await fetches(phone), created.line.label);

  service.clock.turn(90 * DAY);
  await service.api.need('DELETE', `/devices/${created.macHex}`);
  const anew = await service.api.createPhone({ ...WINDOW, macHex: created.macHex });
  assert.equal(await fetches(phone), anew.line.label, 'a device that is made anew likewise');
});

for (const family of FAMILIES) {
  test(`Telavox: "If you see the "Authorize provisioning!" message on your terminal, you must manually approve it through the Admin portal." (${family})`, async (t) => {
    const created = await service.api.createPhone({ ...WINDOW, vendor: family });
    service.clock.turn(31 * DAY);
    const phone = await registeredPhone(t, service, created, family);
    assert.equal(phone.setup?.display, WAITING);
    assert.equal(await hearFirst(phone), 'administrator-must-authorize');

    const told = nextConfiguration(phone, SOON_MS);
    await authorize(created);
    assert.equal(await told, created.line.label, 'it is told, and nobody touches it');
    assert.deepEqual(
      (await service.api.events(created.macHex, 'resync.sent')).map(({ data }) => data.reason),
      ['authorized'],
    );
  });

  test(`Telavox: "Once you've authorized provisioning in the Admin portal, the terminal will automatically try to connect again every minute and should successfully provision on its own within a few minutes." (${family})`, async (t) => {
    const created = await service.api.createPhone({ ...WINDOW, vendor: family });
    service.clock.turn(31 * DAY);
    const phone = await plugIn(t, service, created, family, A_MINUTE_A_SECOND);
    assert.equal(await fetches(phone), WAITING);
    assert.equal(phone.setup?.refreshSeconds, 60);
    assert.equal(await nextConfiguration(phone, SOON_MS), WAITING, 'it asks, and goes on waiting');
    phone.on('notify', () => assert.fail('a phone that is not registered cannot be told'));
    await authorize(created);
    assert.ok(await shows(phone, created.line.label, SOON_MS));
    assert.ok((phone.setup?.refreshSeconds ?? 0) >= 4 * 3600, 'and asks no more than any other');
  });
}

test('Telavox: "Once you press the button, a new "First sync until" date/time will be added to the terminal\'s details. This gives the terminal another 30-day window to provision."', async (t) => {
  const created = await service.api.createPhone(WINDOW);
  service.clock.turn(100 * DAY);
  const pressedAt = service.clock.now().getTime();
  const { firstSyncUntil, displayText } = await authorize(created);
  const given = Date.parse(firstSyncUntil) - pressedAt;
  assert.ok(given >= 30 * DAY * 1000 && given < 30 * DAY * 1000 + SOON_MS, `${given} ms`);
  assert.equal(displayText, null);
  const [event] = await service.api.events(created.macHex, 'provisioning.authorized');
  assert.deepEqual(event.data, { firstSyncUntil });

  service.clock.turn(29 * DAY);
  const phone = await plugIn(t, service, created);
  assert.equal(await fetches(phone), created.line.label);
  const late = await service.api.createPhone(WINDOW);
  service.clock.turn(31 * DAY);
  await authorize(late);
  service.clock.turn(30 * DAY);
  assert.equal(await fetches(await plugIn(t, service, late)), WAITING, 'another thirty days, and no more');
});

test('Telavox: ""Authorize provisioning" is an extra security layer (kind of like 2FA/MFA) designed to prevent unauthorized access and use of your hardware terminals."', async (t) => {
  // Else the phone would be let in again from the network that its PIN opened.
  const policy = { secondFactor: 'pap+window', strict: true };
  const created = await service.api.createPhone({ policy });
  service.clock.turn(31 * DAY);
  const phone = await registeredPhone(t, service, created);
  assert.equal(phone.setup?.display, WAITING);
  assert.equal(
    await tryPap(phone, created.pap),
    'administrator-must-authorize',
    'the right PIN is not enough',
  );
  assert.equal((await service.api.device(created.macHex)).state, 'needed');

  const told = nextConfiguration(phone, SOON_MS);
  await authorize(created);
  assert.equal(await told, 'Authentication needed', 'nor is the approval');
  assert.equal(await tryPap(phone, created.pap), 'authenticated');
  assert.ok(await shows(phone, created.line.label, SOON_MS));

  await phone.factoryReset();
  assert.equal(await fetches(phone), WAITING, 'a phone that lost its token needs both again');
  await authorize(created);
  assert.equal(await fetches(phone), 'Authentication needed');
  const { pap } = await service.api.device(created.macHex);
  assert.notEqual(pap, created.pap);
  assert.equal(await phone.register(), 200);
  assert.equal(await tryPap(phone, pap), 'authenticated');
  assert.ok(await shows(phone, created.line.label, SOON_MS));
});

test('a second phone that claims an open window from another address waits, and the administrator is told', async (t) => {
  const created = await service.api.createPhone(WINDOW);
  const first = await plugIn(t, service, created, 'yealink', { localAddress: '127.0.0.21' });
  const second = await plugIn(t, service, created, 'yealink', { localAddress: '127.0.0.22' });
  assert.equal(await fetches(first), created.line.label);
  assert.equal(await fetches(second), WAITING);
  assert.equal((await service.api.device(created.macHex)).attention, 'contested');
  assert.equal(await fetches(first), created.line.label, 'not disturbed');
  assert.equal(await fetches(second), WAITING);
  const [event] = await service.api.events(created.macHex, 'device.contested');
  assert.deepEqual([event.address, event.data], ['127.0.0.22', { first: '127.0.0.21/32' }]);
});
