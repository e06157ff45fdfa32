/**
 * Telavox's provisioning windows: thirty days to come for the first time, sixty days of silence, to
 * the millisecond.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Policy, DEFAULT_POLICY, SECOND_FACTORS } from '../../../src/domain/policy.js';
import { TOKEN_STATES } from '../../../src/domain/token.js';
import {
  type PresentedToken,
  type ProvisioningWindow,
  isSilent,
  isWindowFor,
  isWindowOpen,
  mustAuthorize,
  needsApproval,
  openWindow,
  shutWindow,
  usesWindow,
} from '../../../src/domain/window.js';

const START = new Date('2026-03-02T09:00:00.000Z');
const DAY_MS = 86_400_000;
const THIRTY_DAYS = 30 * DAY_MS;
const SIXTY_DAYS = 60 * DAY_MS;
const POLICY: Policy = { ...DEFAULT_POLICY, secondFactor: 'window' };

function after(milliseconds: number): Date {
  return new Date(START.getTime() + milliseconds);
}

/** What a rule answers one millisecond before a moment, at it, and one after. */
function around<T>(moment: number, answer: (now: Date) => T): T[] {
  return [-1, 0, 1].map((ms) => answer(after(moment + ms)));
}

function token(state: PresentedToken['state'], lastUsedAt = START): PresentedToken {
  return { id: 'abcdefghijkl', state, lastUsedAt, releasedAt: state === 'released' ? lastUsedAt : null };
}

const synced: ProvisioningWindow = { ...openWindow(POLICY, START), firstSyncedAt: START };

test('a window is open for thirty days, and closed from the last millisecond on', () => {
  const window = openWindow(POLICY, START);
  assert.deepEqual(window, {
    firstSyncUntil: after(THIRTY_DAYS),
    firstSyncedAt: null,
    windowClaimedBy: null,
  });
  assert.deepEqual(
    around(THIRTY_DAYS, (now) => isWindowOpen(window, now)),
    [true, false, false],
  );
  assert.deepEqual(
    around(THIRTY_DAYS, (now) => needsApproval(window, POLICY, null, now)),
    [false, true, true],
  );
});

test('a window is as long as the policy says when it opens', () => {
  const window = openWindow({ firstSyncSeconds: 60 }, START);
  assert.deepEqual(
    around(60_000, (now) => needsApproval(window, POLICY, null, now)),
    [false, true, true],
  );
});

test('a device that was never given a window needs approval', () => {
  const window = { firstSyncUntil: null, firstSyncedAt: null, windowClaimedBy: null };
  assert.equal(isWindowOpen(window, START), false);
  assert.equal(needsApproval(window, POLICY, null, START), true);
});

test('a proven phone is silent from sixty days after it was seen', () => {
  assert.deepEqual(
    around(SIXTY_DAYS, (now) => isSilent(token('proven'), POLICY, now)),
    [false, true, true],
  );
  assert.deepEqual(
    around(SIXTY_DAYS, (now) => needsApproval(synced, POLICY, token('proven'), now)),
    [false, true, true],
  );
  assert.deepEqual(
    around(1000, (now) => isSilent(token('proven'), { inactiveSeconds: 1 }, now)),
    [false, true, true],
  );
});

test('once a phone has come, its token is what counts, not what is left of the window', () => {
  const needing = TOKEN_STATES.filter((state) => needsApproval(synced, POLICY, token(state), START));
  assert.deepEqual(needing, ['bootstrap', 'revoked']);
  assert.equal(needsApproval(synced, POLICY, null, START), true, 'it lost what it held');
  const longAfter = after(THIRTY_DAYS + DAY_MS);
  assert.equal(needsApproval(synced, POLICY, token('proven', longAfter), longAfter), false);
});

test('until a phone has come, any may, whatever it holds', () => {
  const window = openWindow(POLICY, START);
  for (const state of TOKEN_STATES) {
    const longAgo = after(-2 * SIXTY_DAYS);
    assert.equal(needsApproval(window, POLICY, token(state, longAgo), START), false, state);
  }
});

test('a silence shuts the window for good: being seen again does not open it', () => {
  const shut = shutWindow(synced, after(SIXTY_DAYS));
  assert.deepEqual(shut, { ...synced, firstSyncedAt: null });
  const seen = token('proven', after(SIXTY_DAYS));
  assert.equal(needsApproval(shut, POLICY, seen, after(SIXTY_DAYS + 1)), true);
});

test('a window that was still open when the silence was noticed is shut there and then', () => {
  const long = { ...openWindow({ firstSyncSeconds: 365 * 86_400 }, START), firstSyncedAt: START };
  const shut = shutWindow({ ...long, windowClaimedBy: '192.0.2.1/32' }, after(SIXTY_DAYS));
  assert.deepEqual(shut, {
    firstSyncUntil: after(SIXTY_DAYS),
    firstSyncedAt: null,
    windowClaimedBy: null,
  });
  assert.equal(isWindowOpen(shut, after(SIXTY_DAYS)), false);
  const never = { firstSyncUntil: null, firstSyncedAt: START, windowClaimedBy: null };
  assert.deepEqual(shutWindow(never, START).firstSyncUntil, START);
});

test('the open window is for the first address, until a phone has come back', () => {
  const window = openWindow(POLICY, START);
  assert.equal(isWindowFor(window, '192.0.2.1/32', START), true, 'the first');
  assert.equal(isWindowFor(window, null, START), false, 'from no address that is known');
  const claimed = { ...window, windowClaimedBy: '192.0.2.1/32' };
  assert.equal(isWindowFor(claimed, '192.0.2.1/32', START), true, 'the same again');
  assert.equal(isWindowFor(claimed, '192.0.2.2/32', START), false, 'another');
  assert.equal(isWindowFor({ ...claimed, firstSyncedAt: START }, '192.0.2.1/32', START), false);
  assert.deepEqual(
    around(THIRTY_DAYS, (now) => isWindowFor(claimed, '192.0.2.1/32', now)),
    [true, false, false],
  );
});

test('two of the second factors have windows', () => {
  assert.deepEqual(
    SECOND_FACTORS.filter((secondFactor) => usesWindow({ secondFactor })),
    ['window', 'pap+window'],
  );
});

test('who calls while an administrator must authorize is told so; where no PAP is asked for, always', () => {
  const window = openWindow(POLICY, START);
  const told = (secondFactor: Policy['secondFactor'], device: ProvisioningWindow, now: Date): boolean =>
    mustAuthorize(device, { ...POLICY, secondFactor }, token('bootstrap', now), now);
  for (const [secondFactor, expected] of [
    ['pap', [false, false, false]],
    ['none', [false, false, false]],
    ['window', [true, true, true]],
    ['pap+window', [false, true, true]],
  ] as const) {
    assert.deepEqual(
      around(THIRTY_DAYS, (now) => told(secondFactor, window, now)),
      expected,
      secondFactor,
    );
  }
  assert.equal(told('pap+window', synced, after(1)), true, 'a phone that lost its token');
  const proven = mustAuthorize(synced, { ...POLICY, secondFactor: 'pap+window' }, token('proven'), after(1));
  assert.equal(proven, false, 'the phone that holds it');
});
