import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CallLimits } from '../../../sip/admission/call-limits.js';

test('an account has forty calls at a time, an address four hundred, and each gives its place back', () => {
  const limits = new CallLimits();
  const leave: ((() => void) | null)[] = [];
  for (let n = 0; n < 40; n++) leave.push(limits.enter('a', '192.0.2.1'));
  assert.equal(leave.includes(null), false);
  assert.equal(limits.enter('a', '192.0.2.1'), null);
  assert.equal(limits.enter('a', '192.0.2.2'), null, 'wherever it calls from');
  for (let n = 0; n < 360; n++) leave.push(limits.enter(`account ${n}`, '192.0.2.1'));
  assert.equal(limits.enter('b', '192.0.2.1'), null);
  leave.push(limits.enter('b', '192.0.2.2'));
  for (const one of leave) one?.();
  assert.equal(limits.size, 0);
});

test('an IPv6 host has one address, whichever it takes of its /64', () => {
  const limits = new CallLimits();
  for (let n = 0; n < 400; n++) assert.notEqual(limits.enter(`${n}`, `2001:db8::${n.toString(16)}`), null);
  assert.equal(limits.enter('another', '2001:db8::ffff'), null);
  assert.notEqual(limits.enter('another', '2001:db8:0:1::1'), null);
});
