import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { readWav, writeWav } from '../../../telephony/media/wav.js';

const SAMPLES = Int16Array.of(0, 1, -1, 32767, -32768);

/** A good file with one 16-bit field of its header changed. */
function withField(offset: number, value: number): Buffer {
  const file = writeWav(SAMPLES);
  file.writeUInt16LE(value, offset);
  return file;
}

test('what is written is read again', () => {
  fc.assert(
    fc.property(fc.int16Array(), (samples) => {
      assert.deepEqual(readWav(writeWav(samples)), { kind: 'samples', samples });
    }),
  );
});

for (const [title, file, reason] of [
  ['an MP3', Buffer.from('ID3\x04 and so on, some bytes more'), /not a RIFF/],
  ['an AVI', Buffer.from('RIFF\x10\0\0\0AVI LIST'), /not a WAVE/],
  ['µ-law in a WAV', withField(20, 7), /format 7 is not PCM/],
  ['stereo', withField(22, 2), /2 channels/],
  ['16 kHz', withField(24, 16_000), /16000 Hz/],
  ['8 bits', withField(34, 8), /8 bits/],
  ['a file cut off in its format', writeWav(SAMPLES).subarray(0, 30), /cut off/],
  ['a file without data', writeWav(SAMPLES).subarray(0, 36), /no data/],
  ['an empty file', Buffer.alloc(0), /not a RIFF/],
] as const) {
  test(`${title} is unreadable, and it is said why`, () => {
    const reading = readWav(file);
    assert.equal(reading.kind, 'unreadable');
    if (reading.kind === 'unreadable') assert.match(reading.reason, reason);
  });
}

test('unknown chunks, padded to an even length, are skipped', () => {
  const file = writeWav(SAMPLES);
  const chunk = Buffer.from('LIST\x03\0\0\0abc\0');
  const reading = readWav(Buffer.concat([file.subarray(0, 36), chunk, file.subarray(36)]));
  assert.deepEqual(reading, { kind: 'samples', samples: SAMPLES });
});

test('a data chunk that claims more than there is gives what there is', () => {
  const file = writeWav(SAMPLES);
  file.writeUInt32LE(0xffffffff, 40);
  assert.deepEqual(readWav(file), { kind: 'samples', samples: SAMPLES });
});

test('no bytes make the reader throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(43), (noise, at) => {
      readWav(Buffer.from(noise));
      const file = writeWav(SAMPLES);
      file.set(noise.subarray(0, file.length - at), at);
      readWav(file);
    }),
  );
});
