/** What a request target names: a file, below a token or not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTarget } from '../../../src/provisioning/request-target.js';

const TOKEN = 'a2b3c4d5e6f7a2b3c4d5e6f7a2b3c4d5';
const read = (target: string): [presented: string | null, name: string] | null => {
  const found = readTarget(target, '/p');
  return found === null ? null : [found.presented, found.file.name];
};

test('a file stands at the root or below a token, with the path of the public URL or without', () => {
  assert.deepEqual(read('/805ec0112233.cfg'), [null, '805ec0112233.cfg']);
  assert.deepEqual(read('/p/805ec0112233.cfg'), [null, '805ec0112233.cfg']);
  assert.deepEqual(read(`/p//${TOKEN}//805ec0112233.cfg`), [TOKEN, '805ec0112233.cfg']);
  assert.equal(read(`/${TOKEN}/deeper/805ec0112233.cfg`), null);
});

test('the numbers of a product and a variant are part of the name', () => {
  assert.deepEqual(read('/42/2/master.bin'), [null, '42/2/master.bin']);
  assert.deepEqual(read(`/p/${TOKEN}/70/222/siu.bin`), [TOKEN, '70/222/siu.bin']);
  assert.deepEqual(read('/42/fw262.bin'), ['42', 'fw262.bin'], 'one alone is in the place of a token');
  assert.equal(read(`/42/${TOKEN}/master.bin`), null);
  assert.equal(read('/a/b/42/2/master.bin'), null);
});
