import assert from 'node:assert/strict';
import { test } from 'node:test';
import { padTiming, paddingStepMs } from '../../../src/provisioning/timing-padding.js';

test('only what could tell something by its time is held back', () => {
  for (const mode of ['reject', 'autoprov', 'decoy'] as const) {
    assert.ok(paddingStepMs({ status: 404, isHeld: false }, mode) > 0);
    assert.equal(
      paddingStepMs({ status: 200, isHeld: true }, mode),
      0,
      'a phone with its token waits for nothing',
    );
    assert.equal(paddingStepMs({ status: 304, isHeld: true }, mode), 0);
    assert.equal(paddingStepMs({ status: 429, isHeld: false }, mode), 0);
  }
  assert.equal(paddingStepMs({ status: 200, isHeld: false }, 'reject'), 0);
  assert.equal(paddingStepMs({ status: 200, isHeld: false }, 'autoprov'), 0);
  assert.equal(
    paddingStepMs({ status: 200, isHeld: false }, 'decoy'),
    paddingStepMs({ status: 404, isHeld: false }, 'decoy'),
  );
});

test('an answer goes out at a whole step after its request, at the next one when it was late', async () => {
  const step = paddingStepMs({ status: 404, isHeld: false }, 'reject');
  for (const [late, due] of [
    [0, step],
    [step * 0.6, step],
    [step * 1.25, 2 * step],
  ] as const) {
    const startedAt = performance.now() - late;
    await padTiming({ status: 404, isHeld: false }, 'reject', startedAt);
    const took = performance.now() - startedAt;
    assert.ok(took > due - 2, `${took} ms`);
  }
});
