/** The plan of a fetch: what is served, and what is written before the answer, case by case. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { succeed } from '../../../src/domain/authentication.js';
import { DEFAULT_POLICY } from '../../../src/domain/policy.js';
import { RELEASE_SECONDS } from '../../../src/domain/token.js';
import { planFetch } from '../../../src/services/fetch/plan.js';
import {
  type FetchRow,
  BOOTSTRAP,
  BY_NETWORK,
  BY_PAP,
  DEVICE,
  ELSEWHERE,
  NEEDED,
  NETWORK,
  NOW,
  OBSERVE,
  OPEN,
  PAP_AND_WINDOW,
  PERMANENT,
  PROVEN,
  REARM,
  RELEASED,
  RIVAL,
  SYNCED,
  UNDER_NETWORK,
  WINDOW,
  ago,
  caseOf,
  suspendedSince,
  token,
} from './fetch-cases.js';

const ROWS: Record<string, FetchRow> = {
  'a new phone is issued a token': { served: 'minimal needed, new token' },
  'a phone that waits with its token changes nothing': { held: BOOTSTRAP, served: 'minimal needed' },
  'a second phone elsewhere contests the first': {
    others: [BOOTSTRAP],
    request: { address: ELSEWHERE },
    served: 'minimal needed, new token',
    changes: ['attention contested'],
    events: ['device.contested'],
  },
  'the same address asks again: nothing to report': {
    others: [BOOTSTRAP],
    served: 'minimal needed, new token',
  },
  'a release is proven by its use': {
    device: { ...DEVICE, authentication: BY_PAP },
    held: RELEASED,
    served: 'full token',
    changes: ['token-proven own', 'window'],
    under: 'null',
  },
  'a lapsed release counts for nothing': {
    held: token('own', { state: 'released', releasedAt: ago(RELEASE_SECONDS) }),
    served: 'minimal needed',
  },
  'a proven phone changes nothing': { device: SYNCED, held: PROVEN, served: 'full token' },
  'the first sync after an approval is noted': {
    device: { ...SYNCED, firstSyncedAt: null },
    held: PROVEN,
    served: 'full token',
    changes: ['token-proven own', 'window'],
  },
  'a proven phone that names another MAC changes nothing': {
    device: SYNCED,
    held: PROVEN,
    request: { isContradictory: true },
    served: 'minimal mismatch',
  },
  'a full configuration under a temporary network is recorded': {
    held: BOOTSTRAP,
    request: { network: NETWORK },
    served: 'full temporary-network',
    under: 'network',
  },
  'the return under trust proves the phone': {
    held: UNDER_NETWORK,
    served: 'full token',
    changes: ['token-proven own', 'window', 'authentication successful', 'entry-locks-deleted'],
    events: ['device.authenticated'],
  },
  'the return under trust proves nothing while another phone claims the device': {
    held: UNDER_NETWORK,
    others: [RIVAL],
    request: { network: PERMANENT },
    served: 'full network',
    changes: ['attention contested'],
    events: ['device.contested'],
    under: 'network',
  },
  'a second phone ends what the trust that lasts has proved': {
    device: { ...SYNCED, authentication: BY_NETWORK },
    held: BOOTSTRAP,
    others: [token('first', { state: 'proven', fullServedAt: ago(300) }, ELSEWHERE)],
    request: { network: NETWORK },
    served: 'full temporary-network',
    changes: ['proofs-taken-back first', 'authentication needed', 'attention contested'],
    events: ['device.contested', 'device.needed'],
    under: 'network',
  },
  'what an earlier suspension has proved stays proved': {
    device: { ...SYNCED, authentication: suspendedSince(60, succeed(NEEDED, 'suspension')) },
    held: BOOTSTRAP,
    others: [token('first', { state: 'proven', fullServedAt: ago(300) }, ELSEWHERE)],
    served: 'full suspension',
    under: 'null',
  },
  'trust is over for a phone beside the proven one': {
    device: SYNCED,
    held: token('own', { fullServedAt: ago(300) }),
    others: [token('first', { state: 'proven' })],
    served: 'minimal successful',
    changes: ['served-full-forgotten own', 'attention token_missing'],
    events: ['device.token_missing'],
  },
  'a lost token is reported': {
    device: SYNCED,
    served: 'minimal successful, new token',
    changes: ['attention token_missing'],
    events: ['device.token_missing'],
  },
  'a lost token replaces another flag': {
    device: { ...SYNCED, attention: 'contested' },
    served: 'minimal successful, new token',
    changes: ['attention token_missing'],
    events: ['device.token_missing'],
  },
  'a second loss leaves the flag as it is': {
    device: { ...SYNCED, attention: 'token_missing' },
    served: 'minimal successful, new token',
    events: ['device.token_missing'],
  },
  'a loss under rearm makes a fresh PAP': {
    device: SYNCED,
    request: { policy: REARM },
    served: 'minimal successful, new token',
    changes: ['attention token_missing', 'authentication needed'],
    events: ['device.token_missing'],
  },
  'a loss under rearm, observed only, makes none': {
    device: SYNCED,
    request: { policy: { ...REARM, enforce: false } },
    served: 'full not-enforced, new token',
    changes: ['attention token_missing'],
    events: ['device.token_missing'],
    under: 'null',
  },
  'a fetch without a token under trust is no loss': {
    device: SYNCED,
    request: { network: PERMANENT },
    served: 'full network, new token',
    under: 'null',
  },
  'a token of another device is reported and flags nothing': {
    because: 'other-device',
    served: 'minimal needed, new token',
    events: ['device.token_missing'],
  },
  'a policy that only observes proves by observation': {
    request: { policy: OBSERVE },
    served: 'full not-enforced, new token',
    under: 'observation',
  },
  'the first address claims the open window': {
    device: OPEN,
    request: { policy: WINDOW },
    served: 'full window, new token',
    changes: ['window'],
    under: 'window',
  },
  'a claim of the window reports the phone that waits elsewhere': {
    device: OPEN,
    held: BOOTSTRAP,
    others: [RIVAL],
    request: { policy: WINDOW },
    served: 'full window',
    changes: ['window', 'attention contested'],
    events: ['device.contested'],
    under: 'window',
  },
  'a second address does not get the window': {
    device: { ...OPEN, windowClaimedBy: '192.0.2.1/32' },
    request: { policy: WINDOW, address: ELSEWHERE },
    served: 'minimal unauthorized, new token',
    changes: ['attention contested'],
    events: ['device.contested'],
  },
  'too long a silence shuts the window': {
    device: SYNCED,
    held: token('own', { ...PROVEN, lastUsedAt: ago(DEFAULT_POLICY.inactiveSeconds) }),
    request: { policy: PAP_AND_WINDOW },
    served: 'minimal unauthorized',
    changes: ['window', 'attention inactive'],
  },
  'a silent token beside one that was seen is revoked': {
    device: SYNCED,
    held: token('own', { ...PROVEN, lastUsedAt: ago(DEFAULT_POLICY.inactiveSeconds) }),
    others: [token('seen', { state: 'proven' })],
    request: { policy: PAP_AND_WINDOW },
    served: 'minimal unauthorized, new token',
    changes: ['token-revoked own', 'attention token_missing'],
    events: ['device.token_missing'],
  },
  'of a decoy nothing is reported': {
    device: { ...SYNCED, kind: 'decoy', tenantId: null },
    others: [BOOTSTRAP],
    request: { address: ELSEWHERE },
    served: 'minimal successful, new token',
  },
};

function changeText(change: ReturnType<typeof planFetch>['changes'][number]): string {
  if (change.kind === 'authentication') return `authentication ${change.authentication.state}`;
  if (change.kind === 'attention') return `attention ${change.attention}`;
  if ('tokenId' in change) return `${change.kind} ${change.tokenId}`;
  return 'tokenIds' in change ? `${change.kind} ${change.tokenIds.join(' ')}` : change.kind;
}

for (const [name, row] of Object.entries(ROWS)) {
  test(name, () => {
    const { decision, token: carried, changes, events, servedFull } = planFetch(caseOf(row));
    const planned = {
      served: `${decision.kind} ${decision.reason}${carried === null ? ', new token' : ''}`,
      changes: changes.map(changeText),
      events: events.map((one) => (one.kind === 'once' ? one.event : one.repeatable.event).type),
      under: servedFull === null ? '-' : String(servedFull.under),
    };
    const { served, changes: wished = [], events: told = [], under = '-' } = row;
    assert.deepEqual(planned, { served, changes: wished, events: told, under });
  });
}

test('a token that was revoked meanwhile counts for nothing', () => {
  const fetch = caseOf({ held: BOOTSTRAP, served: '' });
  const plan = planFetch({ ...fetch, tokens: [{ ...BOOTSTRAP, state: 'revoked' }] });
  assert.equal(plan.token, null);
});

test('the registration of the ended token goes with the new token', () => {
  const finding = { kind: 'none', because: 'lapsed', endedId: 'ended' } as const;
  const plan = planFetch({ ...caseOf({ served: '' }), finding });
  assert.equal(plan.replacedTokenId, 'ended');
});

test('the window that is claimed names the address, and a silent one is shut at once', () => {
  const claim = planFetch(caseOf(ROWS['the first address claims the open window'] ?? { served: '' }));
  const [window] = claim.changes;
  assert.ok(window?.kind === 'window');
  assert.equal(window.window.windowClaimedBy, '192.0.2.1/32');

  const silence = planFetch(caseOf(ROWS['too long a silence shuts the window'] ?? { served: '' }));
  const [shut] = silence.changes;
  assert.deepEqual(shut, {
    kind: 'window',
    window: { firstSyncUntil: NOW, firstSyncedAt: null, windowClaimedBy: null },
  });
});
