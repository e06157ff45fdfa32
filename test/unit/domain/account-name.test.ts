import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAccountName, makeAccountName } from '../../../src/domain/account-name.js';

const KEY = Buffer.from('a key');

test('a name of ours is known by its key, and by no other', () => {
  const names = Array.from({ length: 500 }, () => makeAccountName(KEY));
  assert.ok(names.every((name) => /^[a-z2-7]{12}$/.test(name) && isAccountName(KEY, name)));
  const other = Buffer.from('another key');
  assert.ok(names.filter((name) => isAccountName(other, name)).length < 5);
});

test('what somebody makes up is no name of ours', () => {
  const madeUp = Array.from({ length: 500 }, () => makeAccountName(Buffer.from('his key')));
  assert.ok(madeUp.filter((name) => isAccountName(KEY, name)).length < 5);
  for (const name of ['', '100', 'admin', makeAccountName(KEY).toUpperCase(), `${makeAccountName(KEY)}a`])
    assert.equal(isAccountName(KEY, name), false, name);
});
