import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it, test, type TestContext } from 'node:test';
import type { SimulatedPhone } from '../../softphone/phone.js';
import { randomMacHex } from '../support/admin-api.js';
import { Gateway } from '../support/gateway.js';
import {
  PROMPT_MS,
  callService,
  dialAttempt,
  passTime,
  registeredPhone,
  shows,
  tryPap,
} from '../support/phones.js';
import { TurnedService } from '../support/turned-service.js';
import { until } from '../support/wait-for.js';

let service: TurnedService;
let gateway: Gateway;
before(async () => {
  gateway = await Gateway.start();
  const env = { UNKNOWN_DEVICES: 'decoy', EMERGENCY_ROUTE: gateway.route };
  service = await TurnedService.launch({ env });
});
after(async () => {
  await service.stop();
  await gateway.close();
});

/** A phone whose MAC is no device, and which does not know that. */
async function scanner(t: TestContext): Promise<{ macHex: string; phone: SimulatedPhone }> {
  const macHex = randomMacHex();
  return { macHex, phone: await registeredPhone(t, service, { macHex }) };
}

const anyPap = (): string => String(100_000 + (randomBytes(4).readUInt32BE() % 899_999));

async function eventsOf(macHex: string): Promise<string[]> {
  return (await service.api.events(macHex)).map(({ type }: { type: string }) => type);
}

// Together, for they mostly listen; what turns the clock comes after them.
describe('what needs no time to pass', { concurrency: true }, () => {
  it('a decoy hears and shows what a device of somebody does', async (t) => {
    const created = await service.api.createPhone();
    const real = await registeredPhone(t, service, created);
    const { phone } = await scanner(t);
    const wrong = (): string => {
      const pap = anyPap();
      return pap === created.pap ? wrong() : pap;
    };
    for (let guess = 1; guess <= 4; guess += 1) {
      const [decoys, reals] = await Promise.all([phone, real].map((one) => dialAttempt(one, wrong())));
      assert.deepEqual(decoys, reals, `guess ${guess}`);
    }
    assert.ok(await shows(phone, 'Authentication failed', 10_000));
    assert.ok(await shows(real, 'Authentication failed', 10_000));
  });

  it('an emergency call of a decoy is connected', async (t) => {
    const { macHex, phone } = await scanner(t);
    const call = await phone.call('112');
    assert.deepEqual(await call.answer, { kind: 'answered' });
    await call.hangUp();
    const event = await until(
      async () => {
        const { items } = await service.api.need('GET', '/events?type=call.emergency');
        return items.at(-1);
      },
      { what: 'the event', within: 60_000 },
    );
    assert.deepEqual([event.mac, event.data.outcome], [null, 'connected']);
    assert.deepEqual(await eventsOf(macHex), ['device.knocked']);
  });

  it('a decoy is in no list and answers no administrator, until he creates the device', async (t) => {
    const { macHex, phone } = await scanner(t);
    const path = `/devices/${macHex}`;
    assert.equal((await service.api.get(path)).status, 404);
    assert.equal((await service.api.patch(path, { label: 'x' })).status, 404);
    assert.equal((await service.api.delete(path)).status, 404);
    const actions = [
      'reset-authentication',
      'suspend-authentication',
      'authorize-provisioning',
      'resync',
      'reset-to-autoprov',
    ];
    for (const action of actions)
      assert.equal((await service.api.post(`${path}/${action}`)).status, 404, action);
    const listed = await service.api.need('GET', `/devices?q=${macHex}`);
    assert.deepEqual(listed.items, []);
    assert.ok(!JSON.stringify((await service.api.get('/devices.csv')).body).includes(macHex.slice(-6)));
    const unknown = async (): Promise<string[]> =>
      (await service.api.need('GET', '/unknown-devices')).items.map(({ mac }: { mac: string }) => mac);
    const mac = macHex.replaceAll(/(..)(?=.)/g, '$1:');
    await until(async () => (await unknown()).includes(mac), { what: 'the knock' });

    const created = await service.api.createPhone({ macHex });
    assert.ok(!(await unknown()).includes(mac));
    assert.equal(await phone.provision(), true, 'it gets another token, for that of the decoy is gone');
    await phone.register();
    assert.equal(await tryPap(phone, created.pap), 'authenticated');
    assert.ok(await shows(phone, created.line.label, 10_000), 'and is a device as any other');
  });
});

test('a decoy asks for a PIN, counts wrong ones, locks, opens again by itself, and blocks for good', async (t) => {
  const { macHex, phone } = await scanner(t);
  assert.equal(phone.setup?.display, 'Authentication needed');
  const call = await callService(phone);
  await call.press(`${anyPap()}#`);
  assert.ok(await call.untilHeard('pin-incorrect', PROMPT_MS));
  await call.hangUp();
  assert.equal(await tryPap(phone, anyPap()), 'pin-incorrect');
  assert.equal(await tryPap(phone, anyPap()), 'not-possible');
  assert.ok(await shows(phone, 'Authentication failed', 10_000), 'told by NOTIFY');

  await passTime(service.clock, 1800, phone);
  assert.ok(await shows(phone, 'Authentication needed', 10_000), 'the lock ends by itself');
  for (const [lock, display] of [
    [2, 'Authentication failed'],
    [3, 'Authentication blocked'],
  ] as const) {
    for (let guess = 0; guess < 3; guess += 1) await tryPap(phone, anyPap());
    assert.ok(await shows(phone, display, 10_000), `lock ${lock}`);
    if (lock === 2) {
      await passTime(service.clock, 1800, phone);
      assert.ok(await shows(phone, 'Authentication needed', 10_000));
    }
  }
  assert.deepEqual(await eventsOf(macHex), ['device.knocked']);
});
