import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdBack, stepOf } from '../../../src/provisioning/hold.js';

test('only what could tell something by its time is held back', () => {
  for (const mode of ['reject', 'autoprov', 'decoy'] as const) {
    assert.ok(stepOf({ status: 404, isHeld: false }, mode) > 0);
    assert.equal(stepOf({ status: 200, isHeld: true }, mode), 0, 'a phone with its token waits for nothing');
    assert.equal(stepOf({ status: 304, isHeld: true }, mode), 0);
    assert.equal(stepOf({ status: 429, isHeld: false }, mode), 0);
  }
  assert.equal(stepOf({ status: 200, isHeld: false }, 'reject'), 0);
  assert.equal(stepOf({ status: 200, isHeld: false }, 'autoprov'), 0);
  assert.equal(
    stepOf({ status: 200, isHeld: false }, 'decoy'),
    stepOf({ status: 404, isHeld: false }, 'decoy'),
  );
});

test('an answer goes out at a whole step after its request, at the next one when it was late', async () => {
  const step = stepOf({ status: 404, isHeld: false }, 'reject');
  for (const [late, due] of [
    [0, step],
    [step * 0.6, step],
    [step * 1.25, 2 * step],
  ] as const) {
    const startedAt = performance.now() - late;
    await holdBack({ status: 404, isHeld: false }, 'reject', startedAt);
    const took = performance.now() - startedAt;
    assert.ok(took > due - 2, `${took} ms`);
  }
});
