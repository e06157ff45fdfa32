import assert from 'node:assert/strict';
import { test } from 'node:test';

import { synthesizeKey, ToneDetector } from '../../../telephony/media/dtmf-tone.js';
import { decodeG711, encodeG711 } from '../../../telephony/media/g711.js';

const KEYS = '0123456789*#ABCD';

function pause(ms: number): Int16Array {
  return new Int16Array(ms * 8);
}

/** What is heard of the samples after they went over the wire as µ-law, in packets of 20 ms. */
function hear(parts: readonly Int16Array[]): { digit: string; duration: number }[] {
  const detector = new ToneDetector();
  const all = Int16Array.from(parts.flatMap((part) => Array.from(part)));
  const heard: { digit: string; duration: number }[] = [];
  for (let at = 0; at < all.length; at += 160) {
    heard.push(...detector.push(decodeG711('PCMU', encodeG711('PCMU', all.subarray(at, at + 160)))));
  }
  return heard;
}

const digitsOf = (parts: readonly Int16Array[]): string =>
  hear(parts)
    .map(({ digit }) => digit)
    .join('');

for (const [title, toneMs, pauseMs, amplitude] of [
  ['in a usual rhythm', 100, 100, 4000],
  ['fast', 60, 60, 4000],
  ['loud', 100, 100, 14_000],
  ['faint', 100, 100, 200],
] as const) {
  test(`every key is heard once: ${title}`, () => {
    const parts = KEYS.split('').flatMap((key) => [synthesizeKey(key, toneMs, amplitude), pause(pauseMs)]);
    assert.equal(digitsOf(parts), KEYS);
  });
}

test('the same key twice is two keys, and a held key is one, with its duration', () => {
  assert.equal(digitsOf([synthesizeKey('5', 80), pause(60), synthesizeKey('5', 80), pause(60)]), '55');
  const [held, ...more] = hear([pause(35), synthesizeKey('5', 2000), pause(60)]);
  assert.deepEqual(more, []);
  assert.ok(Math.abs(held!.duration - 16_000) <= 320, `${held!.duration}`);
});

test('one tone alone, a clip of 20 ms, and noise are no keys', () => {
  const single = Int16Array.from({ length: 8000 }, (_, i) =>
    Math.round(8000 * Math.sin((2 * Math.PI * 770 * i) / 8000)),
  );
  let seed = 1;
  const noise = Int16Array.from({ length: 80_000 }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return (seed % 16_000) - 8000;
  });
  assert.deepEqual(hear([single, pause(100), synthesizeKey('1', 20), pause(100), noise, pause(100)]), []);
});

test('a key with speech-like sound as loud beside it is not taken for one', () => {
  const key = synthesizeKey('6', 500);
  const voice = key.map((sample, i) => sample + Math.round(6000 * Math.sin((2 * Math.PI * 310 * i) / 8000)));
  assert.equal(digitsOf([voice, pause(100)]), '');
});
