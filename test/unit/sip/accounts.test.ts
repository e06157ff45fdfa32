import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Accounts } from '../../../sip/admission/accounts.js';
import type { Account } from '../../../src/contract/messages.js';

const ACCOUNT = { user: 'ours', realm: 'r', ha1: {}, deviceId: 'd' } as Account;

interface Rig {
  accounts: Accounts;
  asked: string[];
  /** Answers the look-ups that are under way. */
  answer: () => Promise<void>;
}

function rig(mayBeAccount = true): Rig {
  const asked: string[] = [];
  const open: (() => void)[] = [];
  const account = (user: string): Promise<Account | null> => {
    asked.push(user);
    return new Promise((resolve) => open.push(() => resolve(user === 'ours' ? ACCOUNT : null)));
  };
  return {
    accounts: new Accounts({ account }, { mayBeAccount: () => mayBeAccount }),
    asked,
    answer: async () => {
      await new Promise(setImmediate);
      for (const one of open.splice(0)) one();
      await new Promise(setImmediate);
    },
  };
}

test('requests for one account wait for one answer, and the next ones for none', async () => {
  const { accounts, asked, answer } = rig();
  const found = Promise.all([accounts.find('ours'), accounts.find('ours')]);
  await answer();
  assert.deepEqual(await found, [ACCOUNT, ACCOUNT]);
  assert.equal(await accounts.find('ours'), ACCOUNT);
  assert.deepEqual(asked, ['ours']);
  accounts.forget('ours');
  const again = accounts.find('ours');
  await answer();
  assert.equal(await again, ACCOUNT);
  assert.equal(asked.length, 2);
});

test('a name that nobody has is not asked for again at once, one that cannot be ours never', async () => {
  const { accounts, asked, answer } = rig();
  const nobody = accounts.find('nobody');
  await answer();
  assert.equal(await nobody, null);
  assert.equal(await accounts.find('nobody'), null);
  assert.equal(asked.length, 1);
  const impossible = rig(false);
  assert.equal(await impossible.accounts.find('100'), null);
  assert.equal(impossible.asked.length, 0);
});

test('few are asked for at a time; when too many wait, the next is told so', async () => {
  const { accounts, asked, answer } = rig();
  const finding = Array.from({ length: 1100 }, (_, index) =>
    accounts.find(`name ${index}`).catch((error: unknown) => error),
  );
  await new Promise(setImmediate);
  assert.equal(asked.length, 32);
  for (let round = 0; round < 40; round++) await answer();
  const refused = (await Promise.all(finding)).filter((one) => one !== null);
  assert.equal(refused.length, 1100 - 32 - 1000);
  assert.match(refused[0] instanceof Error ? refused[0].message : '', /too many/);
  assert.equal(asked.length, 1032);
});
