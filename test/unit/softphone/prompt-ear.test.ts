import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { PromptEar } from '../../../softphone/prompt-ear.js';
import { FRAME_SAMPLES } from '../../../telephony/media/format.js';
import { encodeG711 } from '../../../telephony/media/g711.js';
import { readWav } from '../../../telephony/media/wav.js';

/** Compiled into <out>/test/unit/softphone. */
const PROMPTS = fileURLToPath(new URL('../../../../prompts', import.meta.url));

test('the same prompt is recognised in every call, one after the other and at the same time', () => {
  const wav = readWav(readFileSync(`${PROMPTS}/en/goodbye.wav`));
  assert.ok(wav.kind !== 'unreadable');
  const sound = encodeG711('PCMA', wav.samples);
  const phone = PromptEar.learn(PROMPTS, 'PCMA');
  const calls = [phone.forCall(), phone.forCall()];
  const heard: (string | null)[][] = [[], []];
  for (let at = 0; at + FRAME_SAMPLES <= sound.length; at += FRAME_SAMPLES) {
    const frame = sound.subarray(at, at + FRAME_SAMPLES);
    for (const [index, call] of calls.entries()) heard[index]?.push(call.hear(frame));
  }
  for (const names of heard)
    assert.deepEqual(
      names.filter((name) => name !== null),
      ['en/goodbye'],
    );
});
