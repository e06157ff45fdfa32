/** What trust for a while proves, and what it does not. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  FULL_REASONS,
  type FullDecision,
  type FullReason,
  type MinimalDecision,
} from '../../../src/domain/access.js';
import { AUTHENTICATION_STATES, type AuthenticatedBy } from '../../../src/domain/authentication.js';
import { addSeconds } from '../../../src/domain/time.js';
import type { Token } from '../../../src/domain/token.js';
import {
  contestOfReturn,
  contestsTrustedClaim,
  isContested,
  isLeftByTrust,
  isProvenByLastingTrust,
  isTrustedReturn,
  provingTrust,
  rivalOf,
} from '../../../src/domain/trust.js';

const START = new Date('2026-03-02T09:00:00.000Z');
const at = (seconds: number): Date => addSeconds(START, seconds);
const NOW = at(1000);
const OFFICE = '192.0.2.7';
const ELSEWHERE = '198.51.100.7';

type Claiming = Pick<
  Token,
  'id' | 'state' | 'used' | 'createdAt' | 'lastUsedAt' | 'issuedTo' | 'fullServedUnder'
>;

/** A token that was issued, and last used (null: never), so many seconds after the start. */
const token = (
  id: string,
  created: number,
  usedAt: number | null,
  more: Partial<Claiming> = {},
): Claiming => ({
  id,
  state: 'bootstrap',
  used: usedAt !== null,
  createdAt: at(created),
  lastUsedAt: at(usedAt ?? created),
  issuedTo: OFFICE,
  fullServedUnder: 'network',
  ...more,
});

const full = (reason: FullReason): FullDecision => ({ kind: 'full', reason, would: null });
const minimal = (reason: 'needed' | 'successful'): MinimalDecision => ({
  kind: 'minimal',
  reason,
  displayText: 'Authentication needed',
});

test('the trusts that prove are those of a while; a successful device is proved by a window alone', () => {
  const table: Record<FullReason, string | null> = {
    token: null,
    open: null,
    suspension: 'suspension',
    network: 'network',
    'temporary-network': 'network',
    window: 'window',
    'not-enforced': 'observation',
  };
  for (const reason of FULL_REASONS)
    for (const state of AUTHENTICATION_STATES) {
      const expected = state === 'successful' && reason !== 'window' ? null : table[reason];
      assert.equal(provingTrust(full(reason), { state }), expected, `${reason} ${state}`);
    }
  assert.equal(provingTrust(minimal('needed'), { state: 'needed' }), null);
});

test('a return counts for a bootstrap token that was served under trust, on a device that is not successful yet', () => {
  for (const state of AUTHENTICATION_STATES)
    for (const fullServedUnder of ['network', 'suspension', 'observation', 'window', null] as const) {
      const expected = fullServedUnder !== null && (state !== 'successful' || fullServedUnder === 'window');
      assert.equal(isTrustedReturn({ state: 'bootstrap', fullServedUnder }, { state }), expected);
      assert.equal(isTrustedReturn({ state: 'proven', fullServedUnder }, { state }), false);
    }
});

describe('a rival', () => {
  const own = token('own', 100, 500);
  const cases: [string, Claiming, boolean][] = [
    ['is a phone that used its token after ours had been issued', token('other', 50, 200), true],
    ['is one that came later, too', token('other', 300, 400), true],
    ['is one that has proved itself', token('other', 50, 200, { state: 'proven' }), true],
    ['is not the same phone before its factory reset', token('other', 50, 99), false],
    ['is not one that never came back', token('other', 300, null), false],
    ['is not one that was revoked', token('other', 50, 200, { state: 'revoked' }), false],
    ['is not one that has lapsed', token('other', -90_000, -86_400), false],
    ['is not the token itself', own, false],
  ];
  for (const [what, other, isRival] of cases)
    test(what, () => assert.equal(rivalOf(own, [other], NOW) !== null, isRival));
});

describe('a return under trust is contested', () => {
  const quiet = { attention: null };
  const contested = { attention: 'contested' };
  const own = token('own', 100, 500);

  test('by a rival, whoever it is', () => {
    const rival = token('other', 300, 400, { issuedTo: ELSEWHERE });
    for (const fullServedUnder of ['network', 'suspension', 'observation'] as const)
      assert.deepEqual(contestOfReturn({ ...own, fullServedUnder }, quiet, [own, rival], NOW), {
        first: ELSEWHERE,
      });
  });

  test('by the flag that an administrator has not answered, under a network and a suspension', () => {
    for (const [fullServedUnder, expected] of [
      ['network', { first: null }],
      ['suspension', { first: null }],
      ['observation', null],
      ['window', null],
    ] as const)
      assert.deepEqual(contestOfReturn({ ...own, fullServedUnder }, contested, [own], NOW), expected);
    assert.equal(contestOfReturn(own, { attention: 'inactive' }, [own], NOW), null);
  });

  test('in a window by those that wait at the same address alone', () => {
    const inWindow = { ...own, fullServedUnder: 'window' as const };
    const there = token('there', 300, 400, { issuedTo: ELSEWHERE });
    const holder = token('holder', 0, 400, { state: 'proven' });
    const here = token('here', 300, 400);
    assert.equal(contestOfReturn(inWindow, quiet, [own, there, holder], NOW), null);
    assert.deepEqual(contestOfReturn(inWindow, quiet, [own, here], NOW), { first: OFFICE });
  });

  test('not by the earlier tokens of a phone that was reset three times', () => {
    const earlier = [token('a', 0, 10), token('b', 20, 30), token('c', 40, 99)];
    assert.equal(contestOfReturn(own, quiet, [...earlier, own], NOW), null);
  });
});

test('a device is contested by its flag, or by two phones that wait for it now', () => {
  assert.equal(isContested({ attention: 'contested' }, [], NOW), true);
  assert.equal(isContested({ attention: 'token_missing' }, [], NOW), false);
  assert.equal(isContested({ attention: null }, [token('a', 0, 500), token('b', 100, 400)], NOW), true);
  assert.equal(isContested({ attention: null }, [token('a', 0, 99), token('b', 100, 400)], NOW), false);
  assert.equal(isContested({ attention: null }, [token('a', 0, 500), token('b', 100, null)], NOW), false);
});

test('a second phone ends what trust for a while alone has proved, while that trust lasts', () => {
  const waiting = { state: 'bootstrap' } as const;
  const by: AuthenticatedBy[] = ['pap', 'code', 'network', 'suspension', 'window', 'observation'];
  for (const authenticatedBy of by)
    for (const reason of FULL_REASONS) {
      const expected =
        ['network', 'suspension'].includes(authenticatedBy) &&
        ['temporary-network', 'suspension'].includes(reason);
      const ends = contestsTrustedClaim({ state: 'successful', authenticatedBy }, waiting, full(reason));
      assert.equal(ends, expected, `${authenticatedBy} ${reason}`);
    }
  const trusted = { state: 'successful', authenticatedBy: 'network' } as const;
  const inside = full('temporary-network');
  assert.equal(contestsTrustedClaim(trusted, { state: 'proven' }, inside), false);
  assert.equal(contestsTrustedClaim(trusted, null, inside), false, 'it has not come back yet');
  assert.equal(contestsTrustedClaim(trusted, waiting, minimal('successful')), false, 'from elsewhere');
  assert.equal(contestsTrustedClaim({ ...trusted, state: 'needed' }, waiting, inside), false);
});

test('of what is proven, that by trust that began before it ends with the trust', () => {
  const [before, began, later] = [at(-1), START, at(1)];
  const proven = { state: 'proven', releasedAt: null, fullServedAt: later } as const;
  const suspended = { suspendedAt: began };
  const ends = (
    held: Partial<Parameters<typeof isProvenByLastingTrust>[0]>,
    reason: FullReason = 'suspension',
    { suspendedAt, openedAt }: { suspendedAt?: Date; openedAt?: Date } = suspended,
  ): boolean =>
    isProvenByLastingTrust(
      { ...proven, ...held },
      full(reason),
      { suspendedAt: suspendedAt ?? null },
      openedAt === undefined ? null : { openedAt },
    );
  assert.equal(ends({}), true);
  assert.equal(ends({ fullServedAt: began }), true, 'at its very beginning');
  assert.equal(ends({ fullServedAt: before }), false, 'proved by an earlier suspension');
  assert.equal(ends({ releasedAt: later }), false, 'an entry has released it');
  assert.equal(ends({ state: 'bootstrap' }), false);
  assert.equal(ends({ fullServedAt: null }), false);
  assert.equal(ends({}, 'suspension', {}), false, 'begun before its beginning was stored');
  assert.equal(ends({}, 'temporary-network', { openedAt: began }), true);
  assert.equal(ends({ fullServedAt: before }, 'temporary-network', { openedAt: began }), false);
  assert.equal(ends({}, 'temporary-network', suspended), false, 'no network');
});

test('a phone is left by trust that has nothing but its bootstrap token when the trust is over', () => {
  const served = { state: 'bootstrap', fullServedAt: START } as const;
  assert.equal(isLeftByTrust(minimal('successful'), served), true);
  assert.equal(isLeftByTrust(minimal('needed'), served), false);
  assert.equal(isLeftByTrust(full('network'), served), false);
  assert.equal(isLeftByTrust(minimal('successful'), { ...served, fullServedAt: null }), false);
});
