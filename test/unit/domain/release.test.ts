/** A release that no phone came for, and what it leaves of the device. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  AUTHENTICATION_STATES,
  type Authentication,
  newAuthentication,
  rearm,
  succeed,
} from '../../../src/domain/authentication.js';
import { DEFAULT_POLICY } from '../../../src/domain/policy.js';
import { afterLapsedRelease } from '../../../src/domain/release.js';
import { RELEASE_SECONDS, type TokenState, isReleaseLapsed, opensFull } from '../../../src/domain/token.js';

const RELEASED_AT = new Date('2026-03-02T09:00:00Z');
const after = (seconds: number, milliseconds = 0): Date =>
  new Date(RELEASED_AT.getTime() + seconds * 1000 + milliseconds);
const END = after(RELEASE_SECONDS);

const released = { state: 'released', releasedAt: RELEASED_AT } as const;
const held = (state: TokenState) => ({ state, releasedAt: null });
const successful = succeed(newAuthentication(DEFAULT_POLICY, RELEASED_AT), 'pap');

test('a release opens for ten minutes, and not a millisecond longer', () => {
  assert.equal(RELEASE_SECONDS, 600);
  const moments = [after(0), after(600, -1), after(600), after(600, 1)];
  assert.deepEqual(
    moments.map((now) => [isReleaseLapsed(released, now), opensFull(released, now)]),
    [
      [false, true],
      [false, true],
      [true, false],
      [true, false],
    ],
  );
});

test('only what is released lapses so', () => {
  for (const state of ['bootstrap', 'proven', 'revoked'] as const) {
    assert.equal(isReleaseLapsed({ ...held(state), releasedAt: RELEASED_AT }, after(86_400)), false, state);
  }
});

test('a device that nobody has proved himself for asks again, for a fresh PAP', () => {
  const suspendedUntil = after(1800);
  const before = { ...successful, suspendedUntil };
  assert.deepEqual(afterLapsedRelease(before, [released, held('bootstrap')], DEFAULT_POLICY, END), {
    state: 'needed',
    wrongInRow: 0,
    lockouts: 0,
    failedUntil: null,
    suspendedAt: null,
    suspendedUntil,
    pap: { serial: 2, digits: 6, issuedAt: END },
    nextPapSerial: 3,
    authenticatedBy: null,
  } satisfies Authentication);
  const longer = { ...DEFAULT_POLICY, papDigits: 8 };
  assert.equal(afterLapsedRelease(before, [released], longer, END).pap?.digits, 8);
});

test('a device whose other phone has proved itself, or is still waited for, stays successful', () => {
  const later = { state: 'released', releasedAt: after(1) } as const;
  for (const other of [held('proven'), later]) {
    assert.equal(afterLapsedRelease(successful, [released, other], DEFAULT_POLICY, END), successful);
  }
  assert.equal(
    afterLapsedRelease(successful, [released, held('revoked')], DEFAULT_POLICY, END).state,
    'needed',
  );
});

test('a device that asks already, or is locked, keeps its PAP and its counters', () => {
  for (const state of AUTHENTICATION_STATES) {
    if (state === 'successful') continue;
    const asking: Authentication = {
      ...newAuthentication(DEFAULT_POLICY, RELEASED_AT),
      state,
      wrongInRow: 2,
      lockouts: 1,
    };
    assert.equal(afterLapsedRelease(asking, [released], DEFAULT_POLICY, END), asking, state);
  }
});

test('a device that is rearmed asks for a PAP that it never had, and a suspension goes on', () => {
  const suspendedUntil = after(60);
  const before: Authentication = { ...successful, suspendedUntil, nextPapSerial: 7 };
  const rearmed = rearm(before, { ...DEFAULT_POLICY, papDigits: 10 }, END);
  assert.deepEqual(rearmed, {
    ...before,
    state: 'needed',
    pap: { serial: 7, digits: 10, issuedAt: END },
    nextPapSerial: 8,
    authenticatedBy: null,
  });
});
