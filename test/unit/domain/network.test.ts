/** How long a temporary network lasts, whom it has room for, and what an administrator may add. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, assert as assertProperty, integer, property } from 'fast-check';
import {
  expiryFault,
  hasRoom,
  opensNetworks,
  stepsOf,
  trustedUntil,
  widthFault,
} from '../../../src/domain/network.js';
import { DEFAULT_POLICY } from '../../../src/domain/policy.js';
import { parsePrefix } from '../../../src/domain/prefix.js';
import { addSeconds } from '../../../src/domain/time.js';

const OPENED = new Date('2026-03-02T09:00:00.000Z');
const HOUR = 3600;
const later = (seconds: number): Date => addSeconds(OPENED, seconds);

test('a success trusts for eight hours', () => {
  assert.deepEqual(trustedUntil(OPENED, DEFAULT_POLICY, OPENED), later(8 * HOUR));
});

test('a fetch trusts for eight hours from then, but never past seven days after the opening', () => {
  const last = 7 * 24 * HOUR;
  const until = (seconds: number): Date => trustedUntil(OPENED, DEFAULT_POLICY, later(seconds));
  assert.deepEqual(until(4 * HOUR), later(12 * HOUR));
  const edge = last - 8 * HOUR;
  assert.deepEqual(until(edge - 0.001), later(last - 0.001));
  assert.deepEqual(until(edge), later(last));
  assert.deepEqual(until(edge + 0.001), later(last));
  assert.deepEqual(until(last), later(last));
});

test('a shorter maximum than the time of one success is kept too', () => {
  const policy = { temporaryNetworkSeconds: 100, temporaryNetworkMaxSeconds: 10 };
  assert.deepEqual(trustedUntil(OPENED, policy, OPENED), later(10));
});

test('there is room for as many devices as the policy says, and always for one that is in', () => {
  const policy = { temporaryNetworkMaxDevices: 3 };
  const room = (devices: number, hasDevice = false): boolean => hasRoom({ devices, hasDevice }, policy);
  assert.deepEqual([room(2), room(3), room(4)], [true, false, false]);
  assert.deepEqual([room(3, true), room(4, true)], [true, true]);
});

test('a policy that is strict, or only observes, opens and extends nothing', () => {
  const opens = (strict: boolean, enforce: boolean): boolean => opensNetworks({ strict, enforce });
  assert.deepEqual(
    [opens(false, true), opens(true, true), opens(false, false), opens(true, false)],
    [true, false, false, false],
  );
});

test('an extension is told at a hundredth of the time of one success, not before', () => {
  const end = later(8 * HOUR);
  const isTold = (seconds: number): boolean => {
    const opened = { openedAt: OPENED };
    return stepsOf(opened, addSeconds(end, seconds), DEFAULT_POLICY) > stepsOf(opened, end, DEFAULT_POLICY);
  };
  assert.deepEqual([isTold(0), isTold(287.999), isTold(288), isTold(288.001)], [false, false, true, true]);
});

test('however small the extensions are, they are told at most once for each hundredth that they make together', () => {
  const policy = { temporaryNetworkSeconds: 1000 };
  const gains = array(integer({ min: 1, max: 60_000 }), { maxLength: 200 });
  assertProperty(
    property(gains, (milliseconds) => {
      let end = later(1000);
      let told = 0;
      for (const gain of milliseconds) {
        const next = new Date(end.getTime() + gain);
        if (stepsOf({ openedAt: OPENED }, next, policy) > stepsOf({ openedAt: OPENED }, end, policy))
          told += 1;
        end = next;
      }
      const hundredths = Math.floor((end.getTime() - later(1000).getTime()) / 10_000);
      assert.ok(told <= hundredths, `${told} of ${hundredths}`);
      assert.ok(told > 0 || hundredths === 0);
    }),
  );
});

test('a prefix that trusts half the Internet is refused, a short one unless somebody insists', () => {
  const fault = (cidr: string, force: boolean): string | null => {
    const prefix = parsePrefix(cidr);
    assert.ok(prefix !== null);
    return widthFault(prefix, force)?.kind ?? null;
  };
  const both = (cidr: string): (string | null)[] => [fault(cidr, false), fault(cidr, true)];
  for (const cidr of [
    '0.0.0.0/0',
    '0.0.0.0/1',
    '10.0.0.0/7',
    '::/0',
    '2000::/3',
    '2001::/15',
    '::ffff:0:0/96',
  ])
    assert.deepEqual(both(cidr), ['too-wide', 'too-wide'], cidr);
  for (const cidr of ['10.0.0.0/8', '10.0.0.0/15', '2001::/16', '2001:db8::/31'])
    assert.deepEqual(both(cidr), ['wide', null], cidr);
  for (const cidr of ['172.16.0.0/16', '192.0.2.7', '127.0.0.1', '2001:db8::/32', '::1'])
    assert.deepEqual(both(cidr), [null, null], cidr);
});

test('a temporary network ends in the future, and at the hard maximum at last', () => {
  const policy = { temporaryNetworkMaxSeconds: 100 };
  const fault = (seconds: number): string | null =>
    expiryFault('temporary', later(seconds), policy, OPENED)?.kind ?? null;
  assert.deepEqual([fault(-0.001), fault(0), fault(0.001)], ['expired', 'expired', null]);
  assert.deepEqual([fault(99.999), fault(100), fault(100.001)], [null, null, 'expires-too-late']);
  assert.equal(expiryFault('temporary', null, policy, OPENED), null);
});

test('a permanent network has no end', () => {
  assert.equal(expiryFault('permanent', null, DEFAULT_POLICY, OPENED), null);
  assert.deepEqual(expiryFault('permanent', later(1), DEFAULT_POLICY, OPENED), { kind: 'permanent-expires' });
});
