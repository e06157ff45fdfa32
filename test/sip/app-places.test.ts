/**
 * Few places at the media server: no account takes them all, and who finds none is told so before
 * the answer.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { UNLESS_EMBEDDED } from '../support/engines.js';
import { startBench, type Bench } from './app-support/bench.js';
import type { PhoneCall } from './app-support/phone-call.js';

let bench: Bench;
before(async () => {
  bench = await startBench({ rtpPorts: 30 });
});
after(() => bench.close());

test('with thirty RTP ports one account takes two places, and others get in', UNLESS_EMBEDDED, async () => {
  const greedy = await bench.phone();
  const calls: PhoneCall[] = [];
  for (let n = 0; n < 10; n++) calls.push(await greedy.call('*89'));
  const answers = await Promise.all(calls.map((call) => call.response(20_000)));
  assert.deepEqual(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 200, ...Array<number>(8).fill(503)],
  );
  assert.ok(
    answers
      .filter(({ status }) => status === 503)
      .every(({ headers }) => headers.some(([name]) => name === 'retry-after')),
  );
  for (let n = 0; n < 10; n++) {
    const login = { user: `other-${n}`, password: 'a password' };
    bench.internal.users.set(login.user, login.password);
    const call = await (await bench.phone({ login })).call('*89');
    assert.equal((await call.response(20_000)).status, 200, login.user);
  }
});
