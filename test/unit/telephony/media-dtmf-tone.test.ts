import assert from 'node:assert/strict';
import { test } from 'node:test';

import { synthesizeKey } from '../../../telephony/media/dtmf-keys.js';
import { ToneDetector } from '../../../telephony/media/dtmf-tone.js';
import type { AudioCodec } from '../../../telephony/media/format.js';
import { decodeG711, encodeG711 } from '../../../telephony/media/g711.js';
import { join, keyTones, noiseSource, silence } from '../../support/tone-signals.js';
import type { ToneOptions } from '../../support/tone-signals.js';

const KEYS = '0123456789*#ABCD';

/** What is heard of the samples after they went over the wire, in packets of 20 ms. */
function hear(
  parts: readonly Int16Array[],
  codec: AudioCodec = 'PCMU',
): { digit: string; duration: number }[] {
  const detector = new ToneDetector();
  const all = decodeG711(codec, encodeG711(codec, join(parts)));
  const heard: { digit: string; duration: number }[] = [];
  for (let at = 0; at < all.length; at += 160) heard.push(...detector.push(all.subarray(at, at + 160)));
  return heard;
}

const digitsOf = (parts: readonly Int16Array[], codec?: AudioCodec): string =>
  hear(parts, codec)
    .map(({ digit }) => digit)
    .join('');

/**
 * All keys one after the other, in both laws, beginning at every place of a block and in every
 * phase.
 */
function hearAll(toneMs: number, pauseMs: number, options: ToneOptions): string[] {
  return (['PCMU', 'PCMA'] as const).flatMap((codec) =>
    [0, 1, 2, 3, 4].map((shift) => {
      const keys = KEYS.split('').flatMap((key) => [
        keyTones(key, toneMs, { ...options, phase: shift * 1.3 }),
        silence(pauseMs),
      ]);
      return digitsOf([silence(30 + shift), ...keys, silence(100)], codec);
    }),
  );
}

/** What ITU-T Q.24 wants heard, by the strictest of its administrations, and noise beyond that. */
const HEARD: readonly [title: string, toneMs: number, pauseMs: number, options: ToneOptions][] = [
  ...[0, -3, -10, -20, -25, -30, -40].map((dBm0): (typeof HEARD)[number] => [
    `${dBm0} dBm0 a tone`,
    40,
    40,
    { dBm0 },
  ]),
  ...[-8, -4, 4, 8].map((twist): (typeof HEARD)[number] => [
    `the high tone ${twist} dB stronger, at -25 dBm0`,
    40,
    40,
    { dBm0: -25, twist },
  ]),
  ...[-1.8, -1.5, 1.5, 1.8].flatMap((deviation): (typeof HEARD)[number][] => [
    [`both tones ${deviation} % off`, 40, 40, { lowDeviation: deviation, highDeviation: deviation }],
    [`the tones ${deviation} % apart`, 40, 40, { lowDeviation: deviation, highDeviation: -deviation }],
  ]),
  ['noise 15 dB below', 40, 40, { signalToNoise: 15 }],
  [
    'weak, noisy, twisted and off all at once, for 50 ms',
    50,
    40,
    { dBm0: -25, twist: -8, signalToNoise: 15, lowDeviation: -1.5, highDeviation: 1.5 },
  ],
  ['long, with a short pause', 500, 25, {}],
];

for (const [title, toneMs, pauseMs, options] of HEARD) {
  test(`every key is heard once: ${title}`, () => {
    for (const heard of hearAll(toneMs, pauseMs, options)) assert.equal(heard, KEYS);
  });
}

const NOT_HEARD: readonly [title: string, toneMs: number, options: ToneOptions][] = [
  ['23 ms', 23, {}],
  ['23 ms, as loud as can be', 23, { dBm0: 0 }],
  ...[-3.5, 3.5].flatMap((deviation): (typeof NOT_HEARD)[number][] => [
    [`both tones ${deviation} % off`, 200, { lowDeviation: deviation, highDeviation: deviation }],
    [`the low tone ${deviation} % off`, 200, { lowDeviation: deviation }],
    [`the high tone ${deviation} % off`, 200, { highDeviation: deviation }],
  ]),
  ['-55 dBm0', 200, { dBm0: -55 }],
  ['noise as loud as the tones', 200, { signalToNoise: 0 }],
  ['one tone 20 dB stronger', 200, { twist: 20 }],
];

for (const [title, toneMs, options] of NOT_HEARD) {
  test(`nothing is heard: ${title}`, () => {
    for (const heard of hearAll(toneMs, 100, options)) assert.equal(heard, '');
  });
}

test('the same key twice is two keys, and a held key is one, with its duration', () => {
  assert.equal(digitsOf([synthesizeKey('5', 40), silence(40), synthesizeKey('5', 40), silence(60)]), '55');
  for (const ms of [40, 60, 100, 2000]) {
    const [held, ...more] = hear([silence(35), keyTones('5', ms), silence(60)]);
    assert.deepEqual(more, []);
    assert.ok(Math.abs((held?.duration ?? 0) - ms * 8) <= 48, `${ms} ms: ${held?.duration} samples`);
  }
});

test('an interruption of 10 ms does not make two of one', () => {
  for (const shift of [0, 1, 2, 3, 4]) {
    const parts = [silence(30 + shift), keyTones('5', 60), silence(10), keyTones('5', 60), silence(60)];
    assert.equal(digitsOf(parts), '5');
  }
});

test('one tone alone and loud noise are no keys', () => {
  const single = Int16Array.from({ length: 8000 }, (_, i) =>
    Math.round(8000 * Math.sin((2 * Math.PI * 770 * i) / 8000)),
  );
  const next = noiseSource(1);
  const noise = Int16Array.from({ length: 80_000 }, () => Math.round(16_000 * next()));
  assert.deepEqual(hear([single, silence(100), noise, silence(100)]), []);
});

test('a key with a voice as loud beside it is not taken for one', () => {
  const key = synthesizeKey('6', 500);
  const voice = key.map((sample, i) => sample + Math.round(6000 * Math.sin((2 * Math.PI * 310 * i) / 8000)));
  assert.equal(digitsOf([voice, silence(100)]), '');
});
