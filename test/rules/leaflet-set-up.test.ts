/**
 * Leaflet, "Provisioning of new Devices" and "Setup of phones": on a whole service, by phones. The
 * networks are in networks.test.ts.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { SimulatedPhone } from '../../softphone/phone.js';
import { type CreatedPhone, randomMacHex, wrongPap } from '../support/admin-api.js';
import { dialAttempt, plugIn, registeredPhone, shows, tryPap } from '../support/phones.js';
import { TurnedService } from '../support/turned-service.js';

const NEEDED = 'Authentication needed';
const SOON_MS = 60_000;
const HALF_AN_HOUR = 1800;

let service: TurnedService;
before(async () => {
  service = await TurnedService.launch({ env: { GUESSES_PER_SOURCE_PER_HOUR: '1000' } });
});
after(() => service.stop());

const act = async (created: CreatedPhone, action: 'reset' | 'suspend') =>
  service.api.need('POST', `/devices/${created.macHex}/${action}-authentication`);

const deviceOf = async ({ macHex }: CreatedPhone) => service.api.device(macHex);

/** A phone that has proved itself and has its line. */
async function provenPhone(
  t: TestContext,
  policy: Record<string, unknown> = {},
): Promise<{ created: CreatedPhone; phone: SimulatedPhone }> {
  const created = await service.api.createPhone({ policy });
  const phone = await registeredPhone(t, service, created);
  assert.equal(await tryPap(phone, created.pap), 'authenticated');
  assert.ok(await shows(phone, created.line.label, SOON_MS));
  return { created, phone };
}

// Together, for they mostly listen to announcements; what turns the clock comes after them, one by
// one.
describe('a new phone', { concurrency: true }, () => {
  it('leaflet: "In order to fully setup the device and be able to make and receive phone calls, a special PIN, so called "Phone Authentication PIN" (PAP), is required."', async (t) => {
    const created = await service.api.createPhone();
    const phone = await registeredPhone(t, service, created);
    const has = (): string[] => phone.setup?.accounts.map(({ host }) => host) ?? [];
    assert.ok(!has().includes(created.line.registrar), 'it cannot even register where its line is');
    await phone.provision();
    assert.ok(!has().includes(created.line.registrar), 'however often it asks');
    await tryPap(phone, created.pap);
    assert.ok(await shows(phone, created.line.label, SOON_MS));
    assert.ok(has().includes(created.line.registrar));
  });

  it('leaflet: "This is a 6 digit number that is unique per device ID (usually the MAC address) and can be found in the admin portal."', async () => {
    const [one, another] = [await service.api.createPhone(), await service.api.createPhone()];
    const [shown] = [await deviceOf(one)];
    assert.match(shown.pap, /^\d{6}$/);
    assert.equal(shown.pap, one.pap, 'it is the same whenever it is looked up');
    // Two may be alike by chance, and each is good for its own device alone: it is derived from the
    // device, not drawn from a pool.
    await service.api.need('DELETE', `/devices/${another.macHex}`);
    assert.equal((await deviceOf(one)).pap, one.pap);
    const revealed = await service.api.events(one.macHex, 'pap.revealed');
    assert.equal(revealed.length, 3, 'and who was shown it is in the audit log');
  });

  it('leaflet: "Upon creation, a unique 6-digit PAP is generated."', async () => {
    const created = await Promise.all(Array.from({ length: 20 }, () => service.api.createPhone()));
    for (const { pap } of created) assert.match(pap, /^\d{6}$/);
    assert.ok(new Set(created.map(({ pap }) => pap)).size >= 19, 'two alike are a rare accident');
  });

  it('leaflet: "When a new device has been added into the admin portal, its state is initially "authentication needed"."', async () => {
    const { device } = await service.api.createPhone();
    assert.deepEqual([device.state, device.displayText], ['needed', NEEDED]);
  });

  it('leaflet: "In that state, authentication via PAP is required if the phones public IP address has not been added to the whitelist."', async (t) => {
    const created = await service.api.createPhone();
    const path = `/tenants/${created.tenantId}/networks`;
    const away = await plugIn(t, service, created, 'yealink', { localAddress: '127.0.8.1' });
    await away.provision();
    assert.equal(away.setup?.display, NEEDED);
    await service.api.need('POST', path, { cidr: '127.0.8.2', kind: 'permanent' });
    await away.provision();
    assert.equal(away.setup?.display, NEEDED, 'that is another address');
    const home = await plugIn(t, service, created, 'yealink', { localAddress: '127.0.8.2' });
    await home.provision();
    assert.equal(home.setup?.display, created.line.label);
  });

  it('leaflet: "Upon successful authentication, the state transitions to "authentication successful" (1)."', async (t) => {
    const { created } = await provenPhone(t);
    const device = await deviceOf(created);
    assert.deepEqual([device.state, device.authenticatedBy], ['successful', 'pap']);
  });

  it('leaflet: "This PAP is valid until the device has been fully provisioned. Once successfully authenticated, the PAP is no longer required."', async (t) => {
    const { created, phone } = await provenPhone(t, { strict: true });
    assert.equal((await deviceOf(created)).pap, null);
    await phone.provision();
    assert.equal(phone.setup?.display, created.line.label);
    const stranger = await registeredPhone(t, service, created);
    assert.equal(await tryPap(stranger, created.pap), 'already-authenticated');
    await stranger.provision();
    assert.equal(stranger.setup?.display, NEEDED, 'nor is it of use to anybody');
  });
});

describe('the two actions of the portal', { concurrency: true }, () => {
  const STATES: Record<string, Record<string, unknown>> = {
    needed: { strict: true },
    failed: { maxAttempts: 1 },
    blocked: { maxAttempts: 1, maxLockouts: 1 },
    successful: { strict: true },
  };
  for (const [state, policy] of Object.entries(STATES)) {
    it(`leaflet: "Therefore, the admin portal provides two actions, which are available in any state:" (${state})`, async (t) => {
      const created = await service.api.createPhone({ policy });
      const phone = await registeredPhone(t, service, created);
      if (state !== 'needed') {
        const pap = state === 'successful' ? created.pap : wrongPap(created.pap);
        await tryPap(phone, pap);
      }
      const suspended = await act(created, 'suspend');
      assert.equal(suspended.state, state, 'what it was is not forgotten');
      assert.ok(Date.parse(suspended.suspendedUntil) > service.clock.now().getTime());
      const reset = await act(created, 'reset');
      assert.deepEqual(
        [reset.state, reset.failedUntil, reset.suspendedUntil, reset.authenticatedBy],
        ['needed', null, null, null],
      );
      assert.match(reset.pap, /^\d{6}$/);
    });
  }

  it('leaflet: "In either of these states, the state can manually be reset back to "authentication needed" (5) by resetting the PAP."', async (t) => {
    const created = await service.api.createPhone({
      policy: { maxAttempts: 1, maxLockouts: 1, strict: true },
    });
    const phone = await registeredPhone(t, service, created);
    await tryPap(phone, wrongPap(created.pap));
    assert.ok(await shows(phone, 'Authentication blocked', SOON_MS));
    const { pap } = await act(created, 'reset');
    assert.ok(await shows(phone, NEEDED, SOON_MS), 'its display says so by itself');
    assert.equal(await phone.register(), 200);
    assert.equal(await tryPap(phone, pap), 'authenticated');
    assert.ok(await shows(phone, created.line.label, SOON_MS));
  });

  it('leaflet: "Invalidated the current authentication and immediately generates a new PAP."', async (t) => {
    const { created, phone } = await provenPhone(t, { strict: true });
    const { pap, state } = await act(created, 'reset');
    assert.equal(state, 'needed');
    assert.match(pap, /^\d{6}$/);
    await phone.provision();
    assert.equal(phone.setup?.display, NEEDED, 'what it holds is worth nothing any more');
    assert.deepEqual(
      phone.setup?.accounts.map(({ user }) => user).includes(created.line.sipUser),
      false,
      'and its line is gone',
    );
  });
});

describe('a suspended phone', () => {
  it('leaflet: "Explicitly disable any authentication requirements for the particular device for 30 minutes."', async (t) => {
    const created = await service.api.createPhone({ policy: { strict: true } });
    const phone = await registeredPhone(t, service, created);
    assert.equal(phone.setup?.display, NEEDED);
    const { suspendedUntil } = await act(created, 'suspend');
    const [event] = await service.api.events(created.macHex, 'authentication.suspended');
    assert.equal((Date.parse(suspendedUntil) - Date.parse(event.at)) / 1000, HALF_AN_HOUR);
    assert.ok(await shows(phone, created.line.label, SOON_MS), 'it is resynced, and needs no PAP');

    service.clock.turn(HALF_AN_HOUR);
    assert.equal((await deviceOf(created)).suspendedUntil, null, 'lapses by itself');
    const late = await plugIn(t, service, created);
    await late.provision();
    assert.equal(late.setup?.display, NEEDED, 'for whoever comes too late');
  });

  it('leaflet: "For devices for which authentication has been manually suspended in the admin portal for 30 Minutes"', async (t) => {
    const created = await service.api.createPhone({ policy: { strict: true } });
    const phone = await registeredPhone(t, service, created);
    await act(created, 'suspend');
    assert.ok(await shows(phone, created.line.label, SOON_MS));
    assert.equal((await deviceOf(created)).state, 'needed', 'it may have been anybody');
    service.clock.turn(HALF_AN_HOUR);
    await phone.provision();
    assert.equal(phone.setup?.display, created.line.label, 'it came back with the token that it was given');
    const device = await deviceOf(created);
    assert.deepEqual([device.state, device.authenticatedBy, device.pap], ['successful', 'suspension', null]);
  });

  it('leaflet: "The authentication was manually suspended for 30 minutes via the administration portal;"', async (t) => {
    const created = await service.api.createPhone({ policy: { strict: true } });
    const phone = await plugIn(t, service, created);
    await act(created, 'suspend');
    service.clock.turn(HALF_AN_HOUR - 60);
    await phone.provision();
    assert.equal(phone.setup?.display, created.line.label, 'to its end, for a phone that was just unpacked');
  });
});

it('leaflet: "Provisioning of new Devices", steps 1 to 6', async (t) => {
  const { id: tenantId } = await service.api.need('POST', '/tenants', { name: 'Example Ltd' });
  const line = { label: '201 Anna', sipUser: 'k201', password: 'line-password', registrar: 'pbx.example' };
  const { id } = await service.api.need('POST', `/tenants/${tenantId}/lines`, line);
  const macHex = randomMacHex();
  // 1. Add a new device and note the PAP for that MAC address.
  const device = { mac: macHex, vendor: 'yealink', tenantId, lines: [id] };
  const { pap } = await service.api.need('POST', '/devices', device);
  // 2. Connect the device to the local network, 3. wait until it shows "authentication needed" on
  //    its display.
  const phone = await registeredPhone(t, service, { macHex });
  assert.equal(phone.setup?.display, NEEDED);
  // 4. Dial *89, 5. when prompted, enter the PAP, followed by the hash key.
  assert.deepEqual(await dialAttempt(phone, pap), ['authenticated', 'goodbye']);
  // 6. Wait for the device to be authenticated and being fully operational.
  assert.ok(await shows(phone, line.label, SOON_MS));
  assert.deepEqual(
    phone.setup?.accounts.map(({ user }) => user),
    [line.sipUser],
  );
});
