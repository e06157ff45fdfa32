import assert from 'node:assert/strict';
import { test } from 'node:test';

import { decodeG711, encodeG711, SILENCE } from '../../../telephony/media/g711.js';

const encodeOne = (codec: 'PCMA' | 'PCMU', sample: number): number =>
  encodeG711(codec, Int16Array.of(sample))[0]!;
const decodeOne = (codec: 'PCMA' | 'PCMU', byte: number): number =>
  decodeG711(codec, Uint8Array.of(byte))[0]!;

// One period of the 1 kHz reference tone of 0 dBm0 (ITU-T G.711, tables 5 and 6).
const REFERENCE = {
  PCMA: [0x34, 0x21, 0x21, 0x34, 0xb4, 0xa1, 0xa1, 0xb4],
  PCMU: [0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e],
} as const;

for (const codec of ['PCMA', 'PCMU'] as const) {
  test(`${codec}: every byte survives decoding and encoding`, () => {
    for (let byte = 0; byte < 256; byte++) {
      // µ-law has two zeros, 0x7f and 0xff; the encoder uses the positive one.
      const expected = codec === 'PCMU' && byte === 0x7f ? 0xff : byte;
      assert.equal(encodeOne(codec, decodeOne(codec, byte)), expected);
    }
  });

  test(`${codec}: what is decoded is monotonic and as close to the sample as the segment allows`, () => {
    let previous = Number.NEGATIVE_INFINITY;
    for (let sample = -32768; sample <= 32767; sample++) {
      const value = decodeOne(codec, encodeOne(codec, sample));
      assert.ok(value >= previous);
      // Half a step of the largest segment, or 1/32 of the sample, or the clipping of µ-law.
      assert.ok(
        Math.abs(value - sample) <= Math.max(16, Math.abs(sample) / 16 + 8, Math.abs(sample) - 31600),
        `${sample}`,
      );
      previous = value;
    }
  });

  test(`${codec}: the reference tone of G.711 has a level of 0 dBm0`, () => {
    const samples = decodeG711(codec, Uint8Array.from(REFERENCE[codec]));
    assert.deepEqual([...encodeG711(codec, samples)], [...REFERENCE[codec]]);
    const rms = Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    // Full scale is +3.14 dBm0 in A-law and +3.17 in µ-law.
    const level = 20 * Math.log10(rms / (32768 / Math.SQRT2)) + (codec === 'PCMA' ? 3.14 : 3.17);
    assert.ok(Math.abs(level) < 0.3, `${level} dBm0`);
  });

  test(`${codec}: silence is what zero becomes, and nearly zero again`, () => {
    assert.equal(encodeOne(codec, 0), SILENCE[codec]);
    assert.ok(Math.abs(decodeOne(codec, SILENCE[codec])) <= 8);
  });
}

test('known values: the extremes and the smallest steps of both laws', () => {
  assert.deepEqual([decodeOne('PCMA', 0xaa), decodeOne('PCMA', 0x2a)], [32256, -32256]);
  assert.deepEqual([decodeOne('PCMA', 0xd5), decodeOne('PCMA', 0x55)], [8, -8]);
  assert.deepEqual([decodeOne('PCMU', 0x80), decodeOne('PCMU', 0x00)], [32124, -32124]);
  assert.deepEqual([decodeOne('PCMU', 0xff), decodeOne('PCMU', 0xfe)], [0, 8]);
});
