/**
 * Calls that end in every way, while engines are killed: nothing is left of them. `bench/soak.ts`
 * does the same for thousands.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from '../support/wait-for.js';
import { startSoak } from './app-support/soak.js';

/** The media servers' transactions absorb repeats for 32 s. */
const REPEATS = /^engine [12]: transactions$/;

test('sixty calls and three killed engines leave no dialog, endpoint, port or listener behind', async () => {
  const soak = await startSoak({ atOnce: 12, killEvery: 20, t1: 40, seed: 7 });
  try {
    await soak.run(60);
    assert.equal(soak.kills, 3);
    assert.ok(Object.keys(soak.ends).length >= 6, JSON.stringify(soak.ends));
    let left: [string, number][] = [];
    await until(
      async () => {
        left = Object.entries(await soak.left()).filter(
          ([name, count]) => count !== 0 && !REPEATS.test(name),
        );
        return left.length === 0;
      },
      { within: 60_000, every: 200 },
    ).catch((error: unknown) => assert.fail(`${String(error)}: ${JSON.stringify(left)}`));
  } finally {
    await soak.close();
  }
});
