import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AUTHENTICATION_STATES, newAuthentication, succeed } from '../../../src/domain/authentication.js';
import type { Device } from '../../../src/domain/device.js';
import { displayTextOf } from '../../../src/domain/display.js';
import { parseMac } from '../../../src/domain/mac.js';
import { type Policy, DEFAULT_POLICY, SECOND_FACTORS } from '../../../src/domain/policy.js';
import { openWindow } from '../../../src/domain/window.js';

const NOW = new Date('2026-03-02T09:00:00Z');
const WAITING = 'Authorize provisioning!';

function device(changed: Partial<Device> = {}): Device {
  return {
    id: 'device',
    mac: parseMac('02:00:00:00:00:01') ?? assert.fail('not a MAC'),
    kind: 'managed',
    vendor: 'yealink',
    model: null,
    label: null,
    serialNumber: null,
    tenantId: 'tenant',
    siteId: null,
    settings: {},
    authentication: newAuthentication(DEFAULT_POLICY, NOW),
    attention: null,
    ...openWindow(DEFAULT_POLICY, NOW),
    lastProvisionedAt: null,
    lastSeenAt: null,
    lastSeenAddress: null,
    keyVersion: 1,
    createdAt: NOW,
    ...changed,
  };
}

/**
 * What is shown under each second factor, in the order of SECOND_FACTORS: pap, window, pap+window,
 * none.
 */
function shown(changed: Partial<Device>, policy: Partial<Policy> = {}): (string | null)[] {
  return SECOND_FACTORS.map((secondFactor) =>
    displayTextOf(device(changed), { ...DEFAULT_POLICY, ...policy, secondFactor }, NOW),
  );
}

test('a device shows its state; one that has proved itself, or is let in by its window, what it likes', () => {
  for (const state of AUTHENTICATION_STATES) {
    const authentication = { ...newAuthentication(DEFAULT_POLICY, NOW), state };
    if (state === 'failed') authentication.failedUntil = new Date(NOW.getTime() + 1);
    const text = state === 'successful' ? null : `Authentication ${state}`;
    assert.deepEqual(shown({ authentication }), [text, null, text, text], state);
  }
});

test('a device whose window is closed waits for approval, where windows count', () => {
  const text = 'Authentication needed';
  assert.deepEqual(shown({ firstSyncUntil: NOW }), [text, WAITING, WAITING, text]);
  assert.deepEqual(shown({ firstSyncUntil: null }), [text, WAITING, WAITING, text]);
  assert.deepEqual(shown({ firstSyncUntil: null, kind: 'unclaimed' }), [text, null, text, text]);
});

test('a device whose phone lost its token waits for approval, unless there is a window for it', () => {
  const proved = {
    authentication: succeed(newAuthentication(DEFAULT_POLICY, NOW), 'window'),
    firstSyncedAt: NOW,
  };
  assert.deepEqual(shown({ ...proved, attention: 'token_missing' }), [null, WAITING, WAITING, null]);
  assert.deepEqual(shown({ ...proved, attention: 'contested' }), [null, null, null, null]);
  assert.deepEqual(shown(proved), [null, null, null, null]);
  const open = { ...proved, firstSyncedAt: null, attention: 'token_missing' };
  assert.deepEqual(shown(open), [null, null, null, null]);
});
