/**
 * Who gets the full configuration: every rule in its order, and every combination of what decides.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AccessRequest,
  type FullReason,
  type MinimalReason,
  type RequestedDevice,
  decide,
} from '../../../src/domain/access.js';
import {
  AUTHENTICATION_STATES,
  type AuthenticationState,
  newAuthentication,
} from '../../../src/domain/authentication.js';
import { DEVICE_KINDS } from '../../../src/domain/device.js';
import type { RequestNetwork } from '../../../src/domain/network.js';
import { type Policy, DEFAULT_POLICY, SECOND_FACTORS } from '../../../src/domain/policy.js';
import { addSeconds } from '../../../src/domain/time.js';
import { RELEASE_SECONDS, TOKEN_STATES, type TokenState } from '../../../src/domain/token.js';
import { type PresentedToken, type ProvisioningWindow, openWindow } from '../../../src/domain/window.js';

const NOW = new Date('2026-03-02T09:00:00Z');
const EARLIER = new Date(NOW.getTime() - 1);
const LATER = new Date(NOW.getTime() + 1);
const HOME = '192.0.2.1/32';

const OPEN = openWindow(DEFAULT_POLICY, NOW);
const WINDOWS = {
  open: OPEN,
  'claimed here': { ...OPEN, windowClaimedBy: HOME },
  'claimed elsewhere': { ...OPEN, windowClaimedBy: '192.0.2.99/32' },
  closed: { ...OPEN, firstSyncUntil: NOW },
  synced: { ...OPEN, firstSyncedAt: EARLIER },
  never: { ...OPEN, firstSyncUntil: null },
} satisfies Record<string, ProvisioningWindow>;

const TEMPORARY: RequestNetwork = {
  id: 'network',
  prefix: HOME,
  kind: 'temporary',
  openedAt: EARLIER,
  expiresAt: LATER,
  devices: 1,
  hasDevice: true,
};
const PERMANENT: RequestNetwork = { ...TEMPORARY, kind: 'permanent', expiresAt: null };
const FULL_NETWORK: RequestNetwork = { ...TEMPORARY, devices: 200, hasDevice: false };
const NETWORKS = { none: null, permanent: PERMANENT, temporary: TEMPORARY, 'temporary, full': FULL_NETWORK };

function token(state: TokenState, lastUsedAt = EARLIER): PresentedToken {
  return { id: 'abcdefghijkl', state, lastUsedAt, releasedAt: state === 'released' ? EARLIER : null };
}

interface Wish {
  state?: AuthenticationState;
  suspendedUntil?: Date | null;
  window?: ProvisioningWindow;
  kind?: RequestedDevice['kind'];
}

function device({ state = 'needed', suspendedUntil = null, window = OPEN, kind = 'managed' }: Wish = {}) {
  const failedUntil = state === 'failed' ? LATER : null;
  const authentication = { ...newAuthentication(DEFAULT_POLICY, NOW), state, suspendedUntil, failedUntil };
  return { kind, authentication, window } satisfies RequestedDevice;
}

function request(wish: Partial<AccessRequest> = {}): AccessRequest {
  return { token: null, network: null, source: HOME, isContradictory: false, ...wish };
}

/** `full <reason>` or `minimal <reason>`. */
function outcome(
  asked: RequestedDevice,
  policy: Partial<Policy>,
  wish: Partial<AccessRequest> = {},
  now = NOW,
): string {
  const { kind, reason } = decide(asked, { ...DEFAULT_POLICY, ...policy }, request(wish), now);
  return `${kind} ${reason}`;
}

/**
 * The rules in their order: each row is decided by its own, though all those below it would apply
 * too or not.
 */
const RULES: [
  string,
  Wish,
  Partial<Policy>,
  Partial<AccessRequest>,
  `${'full' | 'minimal'} ${FullReason | MinimalReason}`,
][] = [
  [
    'approval comes before everything',
    { window: WINDOWS.closed, suspendedUntil: LATER },
    { secondFactor: 'window' },
    { token: token('proven'), network: PERMANENT },
    'minimal unauthorized',
  ],
  [
    'a token before a suspension',
    { suspendedUntil: LATER },
    {},
    { token: token('proven'), network: PERMANENT },
    'full token',
  ],
  [
    'a suspension before a permanent network',
    { suspendedUntil: LATER },
    {},
    { network: PERMANENT },
    'full suspension',
  ],
  [
    'a permanent network, even where only the token counts',
    {},
    { strict: true },
    { network: PERMANENT },
    'full network',
  ],
  [
    'a temporary network before the window',
    {},
    { secondFactor: 'window' },
    { network: TEMPORARY },
    'full temporary-network',
  ],
  [
    'no temporary network where only the token counts',
    {},
    { strict: true },
    { network: TEMPORARY },
    'minimal needed',
  ],
  ['no temporary network that has no room', {}, {}, { network: FULL_NETWORK }, 'minimal needed'],
  ['the window', {}, { secondFactor: 'window' }, {}, 'full window'],
  [
    'a window that another address has',
    { window: WINDOWS['claimed elsewhere'] },
    { secondFactor: 'window' },
    {},
    'minimal unauthorized',
  ],
  ['a policy that asks for nothing', {}, { secondFactor: 'none' }, {}, 'full open'],
  [
    'the state, where a PAP is asked for beside the window',
    {},
    { secondFactor: 'pap+window' },
    {},
    'minimal needed',
  ],
  ['the state', { state: 'blocked' }, {}, {}, 'minimal blocked'],
];

for (const [name, wish, policy, asking, decided] of RULES) {
  test(`decided by: ${name}`, () => {
    assert.equal(outcome(device(wish), policy, asking), decided);
  });
}

/** Written from the list of rules, in their order. */
function expected(
  state: AuthenticationState,
  tokenState: TokenState | null,
  isSuspended: boolean,
  network: keyof typeof NETWORKS,
  window: keyof typeof WINDOWS,
  secondFactor: Policy['secondFactor'],
): string {
  const isHolder = tokenState === 'released' || tokenState === 'proven';
  if (secondFactor === 'window' || secondFactor === 'pap+window') {
    if (window === 'synced' ? !isHolder : window === 'closed' || window === 'never')
      return 'minimal unauthorized';
  }
  if (isHolder) return 'full token';
  if (isSuspended) return 'full suspension';
  if (network === 'permanent') return 'full network';
  if (network === 'temporary') return 'full temporary-network';
  if (secondFactor === 'window')
    return window === 'claimed elsewhere' ? 'minimal unauthorized' : 'full window';
  return secondFactor === 'none' ? 'full open' : `minimal ${state}`;
}

test('every state, token, suspension, network, window and second factor is decided by the first rule that applies', () => {
  for (const state of AUTHENTICATION_STATES)
    for (const tokenState of [null, ...TOKEN_STATES])
      for (const suspendedUntil of [null, NOW, LATER])
        for (const network of Object.keys(NETWORKS) as (keyof typeof NETWORKS)[])
          for (const window of Object.keys(WINDOWS) as (keyof typeof WINDOWS)[])
            for (const secondFactor of SECOND_FACTORS) {
              const asking = {
                token: tokenState === null ? null : token(tokenState),
                network: NETWORKS[network],
              };
              assert.equal(
                outcome(device({ state, suspendedUntil, window: WINDOWS[window] }), { secondFactor }, asking),
                expected(state, tokenState, suspendedUntil === LATER, network, window, secondFactor),
                [state, tokenState, suspendedUntil?.toISOString(), network, window, secondFactor].join(', '),
              );
            }
});

test('the display says what the state is, and "Authorize provisioning!" where an administrator must approve', () => {
  const shown = (wish: Wish, policy: Partial<Policy> = {}): string | null => {
    const decision = decide(device(wish), { ...DEFAULT_POLICY, ...policy }, request(), NOW);
    return decision.kind === 'minimal' ? decision.displayText : null;
  };
  assert.deepEqual(
    AUTHENTICATION_STATES.map((state) => shown({ state })),
    ['Authentication needed', 'Authentication failed', 'Authentication blocked', 'Authentication needed'],
  );
  const closed = { window: WINDOWS.closed };
  assert.equal(shown(closed, { secondFactor: 'window' }), 'Authorize provisioning!');
  assert.equal(shown(closed, { secondFactor: 'pap+window' }), 'Authorize provisioning!');
  assert.equal(shown(closed, { secondFactor: 'pap' }), 'Authentication needed');
});

test('the display says "needed" again from the moment at which a lock ends', () => {
  const failed = device({ state: 'failed' });
  assert.deepEqual(
    [NOW, LATER, new Date(LATER.getTime() + 1)].map((now) => outcome(failed, {}, {}, now)),
    ['minimal failed', 'minimal needed', 'minimal needed'],
  );
});

test('a suspension ends at its time', () => {
  const suspended = device({ suspendedUntil: LATER });
  assert.deepEqual(
    [NOW, LATER, new Date(LATER.getTime() + 1)].map((now) => outcome(suspended, {}, {}, now)),
    ['full suspension', 'minimal needed', 'minimal needed'],
  );
});

test('a released token opens for ten minutes', () => {
  const released = token('released');
  assert.deepEqual(
    [-1, 0, 1].map((ms) =>
      outcome(
        device(),
        {},
        { token: released },
        addSeconds(new Date(EARLIER.getTime() + ms), RELEASE_SECONDS),
      ),
    ),
    ['full token', 'minimal needed', 'minimal needed'],
  );
});

test('a policy that only observes serves everybody, and says what it would have done', () => {
  const observed = { ...DEFAULT_POLICY, enforce: false };
  assert.deepEqual(decide(device({ state: 'failed' }), observed, request(), NOW), {
    kind: 'full',
    reason: 'not-enforced',
    would: { kind: 'minimal', reason: 'failed', displayText: 'Authentication failed' },
  });
  const closed = device({ window: WINDOWS.closed, suspendedUntil: LATER });
  for (const secondFactor of ['window', 'pap+window'] as const) {
    const asking = request({ token: token('proven'), network: PERMANENT });
    assert.deepEqual(decide(closed, { ...observed, secondFactor }, asking, NOW), {
      kind: 'full',
      reason: 'not-enforced',
      would: { kind: 'minimal', reason: 'unauthorized', displayText: 'Authorize provisioning!' },
    });
  }
});

test('a policy that only observes says nothing of who would be served anyway', () => {
  const observed = { ...DEFAULT_POLICY, enforce: false };
  assert.deepEqual(decide(device(), observed, request({ token: token('proven') }), NOW), {
    kind: 'full',
    reason: 'token',
    would: null,
  });
});

test('an unclaimed phone and a decoy get nothing by trust, by a window, or by a policy that observes', () => {
  for (const kind of DEVICE_KINDS.filter((each) => each !== 'managed')) {
    for (const secondFactor of SECOND_FACTORS) {
      const nobodys = device({ kind, suspendedUntil: LATER, window: WINDOWS.open });
      const asking = { network: PERMANENT };
      assert.equal(outcome(nobodys, { secondFactor, enforce: false }, asking), 'minimal needed', kind);
      const never = device({ kind, window: WINDOWS.never });
      assert.equal(outcome(never, { secondFactor }), 'minimal needed', `${kind}: nothing to approve`);
    }
  }
});
