/**
 * Leaflet, "Failed Authentication", and the states "failed" and "blocked": on a whole service, by a
 * phone and its display.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { SimulatedPhone } from '../../softphone/phone.js';
import { type CreatedPhone, wrongPap } from '../support/admin-api.js';
import { dialAttempt, hearFirst, passTime, registeredPhone, shows, tryPap } from '../support/phones.js';
import { TurnedService } from '../support/turned-service.js';

const NEEDED = 'Authentication needed';
const FAILED = 'Authentication failed';
const BLOCKED = 'Authentication blocked';
const SOON_MS = 60_000;
const HALF_AN_HOUR = 1800;
const ONE_ATTEMPT = { maxAttempts: 1 };

let service: TurnedService;
before(async () => {
  service = await TurnedService.launch({ env: { GUESSES_PER_SOURCE_PER_HOUR: '1000' } });
});
after(() => service.stop());

interface Failed {
  created: CreatedPhone;
  phone: SimulatedPhone;
}

/** A phone whose user tried a wrong PAP, and that shows what came of it. */
async function failedPhone(t: TestContext, policy: Record<string, unknown> = ONE_ATTEMPT): Promise<Failed> {
  const created = await service.api.createPhone({ policy });
  const phone = await registeredPhone(t, service, created);
  await tryPap(phone, wrongPap(created.pap));
  assert.ok(await shows(phone, FAILED, SOON_MS));
  return { created, phone };
}

const stateOf = async ({ macHex }: CreatedPhone): Promise<string> => (await service.api.device(macHex)).state;

const count = async ({ macHex }: CreatedPhone, type: string): Promise<number> =>
  (await service.api.events(macHex, type)).length;

// Together, for they mostly listen to announcements; what turns the clock comes after them, one by
// one.
describe('what needs no time to pass', { concurrency: true }, () => {
  it('leaflet: "In case the authentication failed three times in a row, the state traditions automatically form "authentication needed" to "authentication failed" (2)."', async (t) => {
    const created = await service.api.createPhone();
    const phone = await registeredPhone(t, service, created);
    // In a row, in however many calls.
    for (const [step, state] of ['needed', 'needed', 'failed'].entries()) {
      await tryPap(phone, wrongPap(created.pap, step + 1));
      assert.equal(await stateOf(created), state);
    }
    assert.equal(await count(created, 'pap.wrong'), 3);
    assert.equal(await count(created, 'device.failed'), 1);
    const { failedUntil } = await service.api.device(created.macHex);
    const [event] = await service.api.events(created.macHex, 'device.failed');
    assert.equal((Date.parse(failedUntil) - Date.parse(event.at)) / 1000, HALF_AN_HOUR);
  });

  for (const vendor of ['yealink', 'snom'] as const) {
    it(`leaflet: "A visual indication stating "authentication failed" will be shown on the device display." (${vendor})`, async (t) => {
      const created = await service.api.createPhone({ vendor, policy: ONE_ATTEMPT });
      const phone = await registeredPhone(t, service, created, vendor);
      await tryPap(phone, wrongPap(created.pap));
      assert.ok(await shows(phone, FAILED, SOON_MS), 'without anybody’s touching it');
    });
  }

  it('leaflet: "Dialing *89 or any other number, with the exception of emergency numbers, will be intercepted and an announcement informing the user that the authentication of this device is not currently possible will be played."', async (t) => {
    const { phone } = await failedPhone(t);
    for (const dialled of ['*89', '201', '+498912345678']) {
      assert.equal(await hearFirst(phone, dialled), 'not-possible', dialled);
    }
  });

  it('leaflet: "The phone is temporarily blocked from authentication and will not accept any PAP"', async (t) => {
    const { created, phone } = await failedPhone(t);
    for (const pap of [created.pap, wrongPap(created.pap)]) {
      assert.equal(await tryPap(phone, pap), 'not-possible', 'it cannot be told which of them is right');
    }
    assert.equal(await count(created, 'pap.wrong'), 1);
    assert.equal((await service.api.device(created.macHex)).pap, created.pap, 'it is good again later');
  });

  it('leaflet: "The phone is permanently blocked form authentication and will not accept any PAP"', async (t) => {
    const created = await service.api.createPhone({ policy: { maxAttempts: 1, maxLockouts: 1 } });
    const phone = await registeredPhone(t, service, created);
    await tryPap(phone, wrongPap(created.pap));
    assert.ok(await shows(phone, BLOCKED, SOON_MS));
    for (const pap of [created.pap, wrongPap(created.pap, 2)]) {
      assert.equal(await tryPap(phone, pap), 'blocked');
    }
    assert.equal(await count(created, 'pap.wrong'), 1);
    assert.equal(await stateOf(created), 'blocked');
  });

  it('leaflet: "Alternatively, the device can be switched back to "authentication mode" manually via the administration portal."', async (t) => {
    const { created, phone } = await failedPhone(t);
    const reset = await service.api.need('POST', `/devices/${created.macHex}/reset-authentication`);
    assert.deepEqual([reset.state, reset.failedUntil], ['needed', null]);
    assert.ok(await shows(phone, NEEDED, SOON_MS));
    assert.equal(await phone.register(), 200);
    assert.equal(await tryPap(phone, reset.pap), 'authenticated');
    assert.ok(await shows(phone, created.line.label, SOON_MS));
  });
});

describe('what half an hour does', () => {
  it('leaflet: "In the event that an incorrect PAP was provided by the user three times in a row for a specific device, the system will prohibit further authentication attempts from that device for period of 30 minutes."', async (t) => {
    const { created, phone } = await failedPhone(t);
    await passTime(service.clock, HALF_AN_HOUR - 60, phone);
    assert.equal(await tryPap(phone, created.pap), 'not-possible', 'the right one is refused as well');
    assert.equal(await stateOf(created), 'failed');
    assert.equal(await count(created, 'pap.refused'), 1);
    await passTime(service.clock, 60, phone);
    assert.equal(await tryPap(phone, created.pap), 'authenticated');
  });

  it('leaflet: "The state will automatically transition back to "authentication needed" after 30 minutes (3)."', async (t) => {
    const { created, phone } = await failedPhone(t);
    await phone.unregister();
    service.clock.turn(HALF_AN_HOUR - 60);
    assert.equal(await stateOf(created), 'failed');
    service.clock.turn(60);
    assert.equal(await stateOf(created), 'needed', 'whether a phone is there or not');
  });

  it('leaflet: "After the 30 minutes period has elapsed, the device display will automatically update to show the "authentication needed" message and further authentication attempts can be made."', async (t) => {
    const { created, phone } = await failedPhone(t);
    await passTime(service.clock, HALF_AN_HOUR, phone);
    assert.ok(await shows(phone, NEEDED, SOON_MS), 'nobody touched it');
    const [event] = await service.api.events(created.macHex, 'device.needed');
    assert.equal(event.actor, 'system');
    assert.deepEqual(await dialAttempt(phone, created.pap), ['authenticated', 'goodbye']);
    assert.ok(await shows(phone, created.line.label, SOON_MS));
  });

  it('leaflet: "Upon multiple unsuccessful authentication attempts, the state transitions to "authentication blocked" (4) which permanently blocks this phone from additional authentication attempts."', async (t) => {
    const { created, phone } = await failedPhone(t);
    for (const [state, display] of [
      ['failed', FAILED],
      ['blocked', BLOCKED],
    ] as const) {
      await passTime(service.clock, HALF_AN_HOUR, phone);
      await tryPap(phone, wrongPap(created.pap));
      assert.equal(await stateOf(created), state);
      assert.ok(await shows(phone, display, SOON_MS));
    }
    service.clock.turn(365 * 86_400);
    assert.equal(await stateOf(created), 'blocked', 'a year later');
    assert.equal(await count(created, 'device.blocked'), 1);
  });
});
