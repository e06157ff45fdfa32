import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallLimits } from '../../../sip/admission/call-limits.js';

test('an account has forty calls at a time, an address four hundred, and each gives its place back', () => {
  const limits = new CallLimits(() => 500);
  const leave: ((() => void) | null)[] = [];
  for (let n = 0; n < 40; n++) leave.push(limits.enter('a', '192.0.2.1'));
  assert.equal(leave.includes(null), false);
  assert.equal(limits.enter('a', '192.0.2.1'), null);
  assert.equal(limits.enter('a', '192.0.2.2'), null, 'wherever it calls from');
  for (let n = 0; n < 360; n++) leave.push(limits.enter(`account ${n}`, '192.0.2.1'));
  assert.equal(limits.enter('b', '192.0.2.1'), null);
  leave.push(limits.enter('b', '192.0.2.2'));
  for (const one of leave) {
    one?.();
    one?.();
  }
  assert.equal(limits.size, 0);
});

test('an IPv6 host has one address, whichever it takes of its /64', () => {
  const limits = new CallLimits();
  for (let n = 0; n < 400; n++) assert.notEqual(limits.enter(`${n}`, `2001:db8::${n.toString(16)}`), null);
  assert.equal(limits.enter('another', '2001:db8::ffff'), null);
  assert.notEqual(limits.enter('another', '2001:db8:0:1::1'), null);
});

/** How many of these calls get in, at once. */
function admitted(places: number, calls: readonly (readonly [user: string, address: string])[]): number {
  const limits = new CallLimits(() => places);
  return calls.filter(([user, address]) => limits.enter(user, address) !== null).length;
}
const calls = (
  count: number,
  of: (n: number) => readonly [user: string, address: string],
): (readonly [string, string])[] => Array.from({ length: count }, (_, n) => of(n));

test('with few places one account, or one address, does not take all, and a site gets in', () => {
  for (const places of [15, 30, 50, 100, 500]) {
    const own = admitted(
      places,
      calls(places, () => ['a', '192.0.2.1']),
    );
    assert.ok(own >= 2 && own <= places / 4, `one account: ${own} of ${places}`);
    const all = admitted(
      places,
      calls(places, (n) => [`a${n}`, '192.0.2.1']),
    );
    assert.ok(all >= 0.75 * places && all < places, `one address: ${all} of ${places}`);
  }
  assert.equal(
    admitted(
      50,
      calls(40, (n) => [`a${n}`, '192.0.2.1']),
    ),
    40,
    'forty phones of a site',
  );
});

test('the last places are for accounts that have no call yet', () => {
  const limits = new CallLimits(() => 100);
  const enter = (user: string, n: number): boolean => limits.enter(user, `192.0.2.${n}`) !== null;
  const busy = calls(90, (n) => [`a${n}`, '']).filter(([user], n) => enter(user, n)).length;
  assert.equal(busy, 90);
  assert.equal(enter('a0', 200), false, 'a second call');
  for (let n = 0; n < 10; n++) assert.equal(enter(`b${n}`, n), true);
  assert.equal(enter('c', 201), false, 'there are no more');
});
