/**
 * Leaflet, "Resetting a Phone": configurations that are lost, devices that are made anew,
 * accidental resets. By phones.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { SimulatedPhone } from '../../softphone/phone.js';
import { type CreatedPhone, lineIds } from '../support/admin-api.js';
import { hearFirst, registeredPhone, shows, tryPap } from '../support/phones.js';
import { TurnedService } from '../support/turned-service.js';
import { until } from '../support/wait-for.js';

const NEEDED = 'Authentication needed';
const SOON_MS = 60_000;

let service: TurnedService;
before(async () => {
  service = await TurnedService.launch({ env: { GUESSES_PER_SOURCE_PER_HOUR: '1000' } });
});
after(() => service.stop());

interface Proven {
  created: CreatedPhone;
  phone: SimulatedPhone;
}

/**
 * A phone that has proved itself and has its line. Strict: else the place where it did so would be
 * trusted for a while.
 */
async function provenPhone(t: TestContext, policy: Record<string, unknown> = {}): Promise<Proven> {
  const created = await service.api.createPhone({ policy: { strict: true, ...policy } });
  const phone = await registeredPhone(t, service, created);
  await proveItself({ created, phone }, created.pap);
  return { created, phone };
}

async function proveItself({ created, phone }: Proven, pap: string): Promise<void> {
  assert.equal(await tryPap(phone, pap), 'authenticated');
  assert.ok(await shows(phone, created.line.label, SOON_MS));
}

/**
 * Switched on again, as after a power cut or by its own timer; registers where its configuration
 * says.
 */
async function restart(phone: SimulatedPhone): Promise<string | undefined> {
  assert.equal(await phone.provision(), true);
  if (phone.setup?.display === NEEDED) assert.equal(await phone.register(), 200);
  return phone.setup?.display;
}

const reset = async ({ macHex }: CreatedPhone) =>
  service.api.need('POST', `/devices/${macHex}/reset-authentication`);

describe('a phone that does not match any more', { concurrency: true }, () => {
  it('leaflet: "In the event that the phone configuration is wiped, or the phone is reset to factory defaults, the device will loses some authentication information that is required for the NFON platform to fully confirm its identity."', async (t) => {
    const { created, phone } = await provenPhone(t);
    await phone.factoryReset();
    assert.equal(await restart(phone), NEEDED);
    const device = await service.api.device(created.macHex);
    assert.deepEqual([device.state, device.pap, device.attention], ['successful', null, 'token_missing']);
    const [event] = await service.api.events(created.macHex, 'device.token_missing');
    assert.equal(event.data.reason, 'missing');
    assert.equal(
      await hearFirst(phone),
      'already-authenticated',
      'it hears that an administrator must reset',
    );
  });

  it('leaflet: "If the device loses its configuration or has been reset to factory defaults, the reset authentication action must be executed in order to generate a new PAP and authenticate the device again."', async (t) => {
    const { created, phone } = await provenPhone(t);
    await phone.factoryReset();
    await restart(phone);
    const { pap, attention } = await reset(created);
    assert.equal(attention, null, 'the flag is taken away: it has been seen to');
    assert.equal(await restart(phone), NEEDED);
    await proveItself({ created, phone }, pap);
  });

  it('leaflet: "In this case, a new PAP must be generated and used to authenticate the device again. Generating a new PAP can be done in the device settings using the administration portal."', async (t) => {
    const { created, phone } = await provenPhone(t);
    await phone.factoryReset();
    const { pap } = await reset(created);
    assert.equal(await restart(phone), NEEDED);
    if (pap !== created.pap) assert.equal(await tryPap(phone, created.pap), 'pin-incorrect');
    await proveItself({ created, phone }, pap);
  });

  it('design: under the policy "rearm" the new PAP is made by the loss itself', async (t) => {
    const { created, phone } = await provenPhone(t, { onLostConfiguration: 'rearm' });
    await phone.factoryReset();
    assert.equal(await restart(phone), NEEDED);
    const device = await service.api.device(created.macHex);
    assert.deepEqual(
      [device.state, device.displayText, device.attention],
      ['needed', NEEDED, 'token_missing'],
    );
    assert.match(device.pap, /^\d{6}$/);
    await proveItself({ created, phone }, device.pap);
    const path = `/devices/${created.macHex}`;
    assert.equal((await service.api.need('PATCH', path, { attention: null })).attention, null);
    const [updated] = (await service.api.events(created.macHex, 'device.updated')).slice(-1);
    assert.deepEqual(updated.data.changed, ['attention']);
    assert.equal(
      (await service.api.patch(path, { attention: 'look' })).status,
      422,
      'nobody raises it by hand',
    );
  });

  it('leaflet: "Should a device have been deleted & re-created in the administration portal, or should the PAP have been reset unintentionally, the phone authentication information, which is required for the NFON platform to fully confirm its identity, will no longer match the information stored in the administration portal." (re-created)', async (t) => {
    const { created, phone } = await provenPhone(t);
    const { mac, vendor, tenantId, ...device } = await service.api.device(created.macHex);
    await service.api.need('DELETE', `/devices/${mac}`);
    assert.equal(await phone.provision(), false, 'nobody knows it');
    const again = await service.api.need('POST', '/devices', {
      mac,
      vendor,
      tenantId,
      lines: lineIds(device),
    });
    assert.deepEqual([again.state, again.authenticatedBy], ['needed', null]);
    assert.equal(await restart(phone), NEEDED, 'what it holds was another device’s');
    await proveItself({ created, phone }, again.pap);
  });

  it('leaflet: "Should a device have been deleted & re-created in the administration portal, or should the PAP have been reset unintentionally, the phone authentication information, which is required for the NFON platform to fully confirm its identity, will no longer match the information stored in the administration portal." (reset)', async (t) => {
    const { created, phone } = await provenPhone(t);
    const { pap } = await reset(created);
    assert.equal(await restart(phone), NEEDED, 'from its next fetch on');
    // Kinder than the leaflet: the phone need not be reset to factory defaults.
    await proveItself({ created, phone }, pap);
  });

  it('leaflet: "In this instance, the phone will need to be reset to factory defaults and then authenticated using the new PAP."', async (t) => {
    const { created, phone } = await provenPhone(t);
    const { pap } = await reset(created);
    await phone.factoryReset();
    assert.equal(await restart(phone), NEEDED);
    await proveItself({ created, phone }, pap);
  });
});

it('design: a released token that nobody came with for ten minutes is a bootstrap token again', async (t) => {
  const created = await service.api.createPhone({ policy: { strict: true } });
  const phone = await registeredPhone(t, service, created);
  // It is told to fetch, and does not: its network fell out, say.
  const provision = phone.provision.bind(phone);
  phone.provision = () => Promise.resolve(false);
  assert.equal(await tryPap(phone, created.pap), 'authenticated');
  assert.equal((await service.api.device(created.macHex)).state, 'successful');
  service.clock.turn(600);
  const device = await until(async () => {
    const now = await service.api.device(created.macHex);
    return now.state === 'needed' ? now : null;
  });
  assert.equal(device.attention, 'not_fetched');
  phone.provision = provision;
  assert.equal(await restart(phone), NEEDED);
  await proveItself({ created, phone }, device.pap);
});
