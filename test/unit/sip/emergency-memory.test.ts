import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EmergencyMemory } from '../../../sip/emergency/emergency-memory.js';

const INSTALLATION = { numbers: ['112'], route: ['sip:all'], callerIdentity: null };
const HOME = '192.0.2.1';
const SITE = { numbers: ['144'], route: ['sip:site'], callerIdentity: { name: 'Wien', number: null } };

test('who has registered is connected by his own plan, everybody else by the installation’s', () => {
  const memory = new EmergencyMemory(INSTALLATION);
  memory.remember('a', SITE, HOME);
  assert.deepEqual(memory.planOf('a'), SITE);
  assert.deepEqual(memory.planOf('b'), INSTALLATION);
  assert.deepEqual(memory.planOf(null), INSTALLATION);
});

test('a plan that leads nowhere leads where the installation’s does', () => {
  const memory = new EmergencyMemory(INSTALLATION);
  memory.remember('a', { ...SITE, route: [] }, HOME);
  assert.deepEqual(memory.planOf('a'), { ...SITE, route: ['sip:all'] });
});

test('fifty thousand are remembered; who registers again is not forgotten first', () => {
  const memory = new EmergencyMemory(INSTALLATION);
  for (let i = 0; i < 50_000; i++) memory.remember(String(i), SITE, HOME);
  memory.remember('0', SITE, HOME);
  memory.remember('new', SITE, HOME);
  assert.deepEqual(memory.planOf('0'), SITE);
  assert.deepEqual(memory.planOf('1'), INSTALLATION);
});

test('a phone is known where it registered last: at that address, or in that /64', () => {
  const memory = new EmergencyMemory(INSTALLATION);
  memory.remember('a', SITE, HOME);
  memory.remember('b', SITE, '2001:db8::1');
  for (const [user, address, isKnown] of [
    ['a', HOME, true],
    ['a', '192.0.2.2', false],
    ['b', '2001:db8::2', true],
    ['b', '2001:db8:0:1::1', false],
    ['b', HOME, false],
    ['c', HOME, false],
    [null, HOME, false],
    ['c', 'no address', false],
  ] as const)
    assert.equal(memory.isKnown(user, address), isKnown, `${user} ${address}`);
  memory.remember('a', SITE, '192.0.2.2');
  assert.equal(memory.isKnown('a', HOME), false);
});
