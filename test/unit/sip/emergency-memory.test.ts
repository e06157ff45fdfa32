import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EmergencyMemory } from '../../../sip/emergency/emergency-memory.js';

const INSTALLATION = { numbers: ['112'], route: ['sip:all'], callerIdentity: null };
const SITE = { numbers: ['144'], route: ['sip:site'], callerIdentity: { name: 'Wien', number: null } };

test('who has registered is connected by his own plan, everybody else by the installation’s', () => {
  const memory = new EmergencyMemory(INSTALLATION);
  memory.remember('a', SITE);
  assert.deepEqual(memory.planOf('a'), SITE);
  assert.deepEqual(memory.planOf('b'), INSTALLATION);
  assert.deepEqual(memory.planOf(null), INSTALLATION);
});

test('a plan that leads nowhere leads where the installation’s does', () => {
  const memory = new EmergencyMemory(INSTALLATION);
  memory.remember('a', { ...SITE, route: [] });
  assert.deepEqual(memory.planOf('a'), { ...SITE, route: ['sip:all'] });
});

test('fifty thousand are remembered; who registers again is not forgotten first', () => {
  const memory = new EmergencyMemory(INSTALLATION);
  for (let i = 0; i < 50_000; i++) memory.remember(String(i), SITE);
  memory.remember('0', SITE);
  memory.remember('new', SITE);
  assert.deepEqual(memory.planOf('0'), SITE);
  assert.deepEqual(memory.planOf('1'), INSTALLATION);
});
