/** An overloaded machine: all callers wait a little longer, and none is refused. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { makeAccountName } from '../../src/domain/account-name.js';
import { startBench } from './app-support/bench.js';
import type { PhoneCall } from './app-support/phone-call.js';

const PHONES = 5;
const CALLS_EACH = 20;
const BUSY_PROCESSES = 4;
/** On two cores with a load of 13, real engines take two minutes and more. */
const PATIENCE_MS = 300_000;

test('100 calls at once while other processes take the processors are all answered', async (t) => {
  // An application that knows all emergency numbers asks about no other number before the digest.
  const key = randomBytes(32);
  const bench = await startBench({
    admission: { version: '1', emergencyNumbers: ['112'], accountNameKey: key.toString('base64') },
  });
  const busy = Array.from({ length: BUSY_PROCESSES }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  t.after(async () => {
    for (const process of busy) process.kill();
    await bench.close();
  });
  bench.internal.opened = { languages: ['en'], asks: 'pap', papDigits: 6, state: 'needed', attemptsLeft: 3 };
  const calls: PhoneCall[] = [];
  for (let index = 0; index < PHONES; index++) {
    const login = { user: makeAccountName(key), password: 'a password' };
    bench.internal.users.set(login.user, login.password);
    const phone = await bench.phone({ login });
    calls.push(...(await Promise.all(Array.from({ length: CALLS_EACH }, () => phone.call('*89')))));
  }
  const responses = await Promise.all(calls.map((call) => call.response(PATIENCE_MS)));
  for (const process of busy) process.kill();
  assert.deepEqual(
    responses.map(({ status }) => status).filter((status) => status !== 200),
    [],
    'nobody is refused',
  );
  await Promise.all(calls.map((call) => call.hangUp()));
});
