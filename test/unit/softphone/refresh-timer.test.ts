import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RefreshTimer } from '../../../softphone/refresh-timer.js';

test('a phone fetches by itself as often as its configuration says, counted from the fetch before', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let fetches = 0;
  const timer = new RefreshTimer(1, () => {
    fetches += 1;
    timer.restart(60);
  });
  timer.restart(60);
  t.mock.timers.tick(59_999);
  assert.equal(fetches, 0);
  t.mock.timers.tick(1);
  assert.equal(fetches, 1);
  t.mock.timers.tick(30_000);
  timer.restart(60);
  t.mock.timers.tick(59_999);
  assert.equal(fetches, 1, 'it was told to fetch in between');
  t.mock.timers.tick(1);
  assert.equal(fetches, 2);
  timer.stop();
  timer.restart(60);
  t.mock.timers.tick(600_000);
  assert.equal(fetches, 2, 'its plug is pulled');
});

test('a phone whose timer runs faster fetches sooner, one without a timer never', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let fetches = 0;
  const count = (): void => void (fetches += 1);
  new RefreshTimer(null, count).restart(60);
  new RefreshTimer(120, count).restart(null);
  t.mock.timers.tick(600_000);
  assert.equal(fetches, 0);
  new RefreshTimer(120, count).restart(60);
  t.mock.timers.tick(500);
  assert.equal(fetches, 1);
});
