import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';

import { Pacer } from '../../../telephony/media/pacer.js';
import { Pacers } from '../../../telephony/media/pacers.js';

/** Time as the pacer sees it; the timers follow it. */
let now = 0;
const pacer = (): Pacer => new Pacer(() => now);

function pass(ms: number): void {
  for (let i = 0; i < ms; i++) {
    now += 1;
    mock.timers.tick(1);
  }
}

/** The process stands still: the clock goes on, timers are late. */
function stall(ms: number): void {
  now += ms;
  mock.timers.tick(ms);
}

beforeEach(() => {
  now = 1000;
  mock.timers.enable({ apis: ['setTimeout'] });
});
afterEach(() => mock.timers.reset());

test('ticks are 20 ms apart, for every stream', () => {
  const clock = pacer();
  const times: number[] = [];
  let others = 0;
  clock.add(() => times.push(now));
  clock.add(() => others++);
  pass(200);
  assert.deepEqual(times, [1020, 1040, 1060, 1080, 1100, 1120, 1140, 1160, 1180, 1200]);
  assert.equal(others, 10);
});

test('timers that are late by a little do not add up', () => {
  const clock = pacer();
  const times: number[] = [];
  clock.add(() => times.push(now));
  for (let i = 0; i < 50; i++) {
    pass(13);
    stall(7); // so that timers come up to 6 ms late
  }
  const perTick = (times.at(-1)! - times[0]!) / (times.length - 1);
  assert.ok(Math.abs(perTick - 20) < 0.2, `${perTick} ms`);
});

test('after a short stall nothing is lost, nothing bursts, and the grid is reached again', () => {
  const clock = pacer();
  const times: number[] = [];
  const skips: number[] = [];
  clock.add((skipped) => {
    times.push(now);
    skips.push(skipped);
  });
  pass(100);
  stall(90);
  pass(1000);
  const gaps = times.slice(1).map((time, i) => time - times[i]!);
  assert.ok(Math.min(...gaps) >= 15, `closest ${Math.min(...gaps)} ms`);
  assert.equal(times.length, Math.floor(1190 / 20));
  assert.equal(times.at(-1)! % 20, 0);
  assert.ok(skips.every((skipped) => skipped === 0));
});

test('a long stall is not made up for, but told, so that timestamps stay true', () => {
  const clock = pacer();
  let ticks = 0;
  let told = 0;
  clock.add((skipped) => {
    ticks++;
    told += skipped;
  });
  pass(100);
  stall(510);
  pass(400);
  assert.equal(told, 24);
  assert.ok(Math.abs((ticks + told) * 20 - 1010) <= 20, `${ticks} ticks and ${told} skipped`);
});

test('many streams are spread over the 20 ms, as evenly as they can be, and each keeps its place', () => {
  const clocks = new Pacers(() => now);
  const times = Array.from({ length: 10 }, (): number[] => []);
  const stops = times.map((mine) => clocks.add(() => mine.push(now)));
  assert.equal(clocks.listeners, 10);
  pass(60);
  const places = times.map(([first = 0]) => first % 20).toSorted((a, b) => a - b);
  assert.deepEqual(places, [0, 0, 4, 4, 8, 8, 12, 12, 16, 16]);
  for (const [first = 0, ...others] of times) assert.deepEqual(others, [first + 20, first + 40]);
  for (const stop of stops) stop();
  assert.equal(clocks.listeners, 0);
});

test('a stream may stop itself or others during a tick; without streams nothing runs', () => {
  const clock = pacer();
  let others = 0;
  const stopOther = clock.add(() => others++);
  const stop = clock.add(() => {
    stopOther();
    stop();
  });
  pass(100);
  assert.equal(clock.listeners, 0);
  assert.equal(others, 1);
});

test('on the real clock, 25 ticks take half a second or more', async () => {
  mock.timers.reset();
  const began = performance.now();
  let ticks = 0;
  await new Promise<void>((resolve) => {
    const stop = new Pacer().add(() => {
      if (++ticks < 25) return;
      stop();
      resolve();
    });
  });
  const took = performance.now() - began;
  assert.ok(took > 480, `${took} ms`);
});
