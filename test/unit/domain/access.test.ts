/** Who gets the full configuration: every combination of what decides. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide } from '../../../src/domain/access.js';
import {
  AUTHENTICATION_STATES,
  type Authentication,
  newAuthentication,
} from '../../../src/domain/authentication.js';
import { DEFAULT_POLICY, SECOND_FACTORS } from '../../../src/domain/policy.js';
import { type HeldToken, TOKEN_STATES } from '../../../src/domain/token.js';

const NOW = new Date('2026-03-02T09:00:00Z');
const LATER = new Date(NOW.getTime() + 1);

function authenticationIn(state: Authentication['state'], suspendedUntil: Date | null): Authentication {
  const failedUntil = state === 'failed' ? LATER : null;
  return { ...newAuthentication(DEFAULT_POLICY, NOW), state, suspendedUntil, failedUntil };
}

/** Written from the list of rules, in their order. */
function expected(
  state: Authentication['state'],
  token: HeldToken | null,
  isSuspended: boolean,
  secondFactor: string,
): unknown {
  if (token?.state === 'released' || token?.state === 'proven') return { kind: 'full', reason: 'token' };
  if (isSuspended) return { kind: 'full', reason: 'suspension' };
  if (secondFactor === 'none') return { kind: 'full', reason: 'open' };
  const word = { needed: 'needed', failed: 'failed', blocked: 'blocked', successful: 'needed' }[state];
  return { kind: 'minimal', displayText: `Authentication ${word}` };
}

test('every state, token, suspension and second factor is decided by the first rule that applies', () => {
  const tokens = [null, ...TOKEN_STATES.map((state) => ({ id: 'abcdefghijkl', state }))];
  for (const state of AUTHENTICATION_STATES) {
    for (const token of tokens) {
      for (const suspendedUntil of [null, NOW, LATER]) {
        for (const secondFactor of SECOND_FACTORS) {
          assert.deepEqual(
            decide(
              authenticationIn(state, suspendedUntil),
              { ...DEFAULT_POLICY, secondFactor },
              { token },
              NOW,
            ),
            expected(state, token, suspendedUntil === LATER, secondFactor),
            `${state}, ${token?.state}, ${suspendedUntil?.toISOString()}, ${secondFactor}`,
          );
        }
      }
    }
  }
});

test('the display says "needed" again from the moment at which a lock ends', () => {
  const failed = authenticationIn('failed', null);
  const textAt = (moment: Date): unknown => decide(failed, DEFAULT_POLICY, { token: null }, moment);
  assert.deepEqual(textAt(NOW), { kind: 'minimal', displayText: 'Authentication failed' });
  assert.deepEqual(textAt(LATER), { kind: 'minimal', displayText: 'Authentication needed' });
});
