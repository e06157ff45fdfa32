/**
 * Leaflet: "only calls to emergency numbers and the authentication service will be possible". The
 * first of them in every state that there is.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { SimulatedPhone } from '../../softphone/phone.js';
import { type CreatedPhone, randomMacHex, wrongPap } from '../support/admin-api.js';
import { Gateway } from '../support/gateway.js';
import { hearFirst, registeredPhone, shows, tryPap } from '../support/phones.js';
import { TurnedService } from '../support/turned-service.js';
import { until } from '../support/wait-for.js';

let gateway: Gateway;
let service: TurnedService;
before(async () => {
  gateway = await Gateway.start();
});
after(() => gateway.close());

/** One after the other: where the engines are real ones, there is one SIP port for all. */
function onService(unknownDevices: 'autoprov' | 'decoy'): void {
  before(async () => {
    const env = { EMERGENCY_ROUTE: gateway.route, GUESSES_PER_SOURCE_PER_HOUR: '1000' };
    service = await TurnedService.launch({ env: { ...env, UNKNOWN_DEVICES: unknownDevices } });
  });
  after(() => service.stop());
}

/** Dials 112 and is connected to the gateway, whatever is going on. */
async function expectEmergency(phone: SimulatedPhone): Promise<void> {
  const known = gateway.calls.length;
  const user = phone.setup?.accounts[0]?.user ?? '';
  const emergency = await phone.call('112');
  assert.deepEqual(await emergency.answer, { kind: 'answered' });
  await until(() => gateway.calls.slice(known).some(({ uri }) => uri.includes('sip:112@')), {
    what: `the call of ${user}`,
  });
  await emergency.hangUp();
}

/** Dials another number, and reaches the service only; after a reset, not even that. */
async function expectNothingElse(phone: SimulatedPhone, isReset: boolean): Promise<void> {
  const known = gateway.calls.length;
  if (isReset) assert.deepEqual(await (await phone.call('201')).answer, { kind: 'refused', status: 403 });
  else assert.notEqual(await hearFirst(phone, '201'), undefined);
  assert.equal(gateway.calls.length, known);
}

interface Way {
  policy?: object;
  /**
   * What brings a phone that is registered with its minimal configuration there. It keeps the
   * account that it has.
   */
  reach?: (phone: SimulatedPhone, created: CreatedPhone, t: TestContext) => Promise<unknown>;
  /** What the portal then shows. */
  shown: string;
}

const act = async ({ macHex }: CreatedPhone, action: string) =>
  service.api.need('POST', `/devices/${macHex}/${action}-authentication`);
const failOnce = async (phone: SimulatedPhone, { pap }: CreatedPhone) => tryPap(phone, wrongPap(pap));

const WAYS: Record<string, Way> = {
  needed: { shown: 'Authentication needed' },
  failed: { policy: { maxAttempts: 1 }, reach: failOnce, shown: 'Authentication failed' },
  blocked: {
    policy: { maxAttempts: 1, maxLockouts: 1 },
    reach: failOnce,
    shown: 'Authentication blocked',
  },
  // The budget of the tenant: there are no more guesses, the right PAP is none either.
  'needed, with all guesses spent': {
    policy: { guessesPerHour: 1 },
    reach: async (phone, created) => {
      assert.equal(await failOnce(phone, created), 'pin-incorrect');
      assert.equal(await tryPap(phone, created.pap), 'not-possible');
    },
    shown: 'Authentication needed',
  },
  'needed, with an expired PAP': {
    policy: { papLifetimeSeconds: 1 },
    reach: async (phone) => {
      service.clock.turn(2);
      assert.equal(await hearFirst(phone), 'pin-expired');
    },
    shown: 'Authentication needed',
  },
  suspended: { reach: async (_, created) => act(created, 'suspend'), shown: 'Authentication needed' },
  reset: { reach: async (_, created) => act(created, 'reset'), shown: 'Authentication needed' },
  'successful, and this phone has lost its token': {
    policy: { strict: true },
    reach: async (_, created, t) => {
      const owner = await registeredPhone(t, service, created);
      assert.equal(await tryPap(owner, created.pap), 'authenticated');
      assert.ok(await shows(owner, created.line.label, 30_000));
    },
    shown: 'null',
  },
  'not authorized': {
    policy: { secondFactor: 'window', firstSyncSeconds: 1 },
    shown: 'Authorize provisioning!',
  },
};

describe('a phone with a minimal configuration', () => {
  onService('autoprov');

  for (const [name, { policy = {}, reach, shown }] of Object.entries(WAYS)) {
    it(`leaflet: "In this state, only calls to emergency numbers and the authentication service will be possible." (${name})`, async (t) => {
      const created = await service.api.createPhone({ policy: { ...policy } });
      if (shown === 'Authorize provisioning!') service.clock.turn(1);
      const phone = await registeredPhone(t, service, created);
      phone.provision = () => Promise.resolve(true);
      await reach?.(phone, created, t);
      assert.equal(String((await service.api.device(created.macHex)).displayText), shown);
      await expectEmergency(phone);
      await expectNothingElse(phone, name === 'reset');
      const [event] = await until(async () => {
        const events = await service.api.events(created.macHex, 'call.emergency');
        return events.length > 0 ? events : null;
      });
      assert.equal(event.data.dialled, '112');
    });
  }

  it('design: an emergency number is connected from a phone that nobody has claimed', async (t) => {
    await expectEmergency(await registeredPhone(t, service, { macHex: randomMacHex() }));
  });
});

describe('a phone that was given a decoy', () => {
  onService('decoy');

  it('design: an emergency number is connected from a phone that was given a decoy', async (t) => {
    await expectEmergency(await registeredPhone(t, service, { macHex: randomMacHex() }));
  });
});
