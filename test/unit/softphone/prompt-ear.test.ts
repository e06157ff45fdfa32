import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loudness } from '../../../softphone/call-audio.js';
import { PromptEar } from '../../../softphone/prompt-ear.js';
import { type AudioCodec, FRAME_SAMPLES } from '../../../telephony/media/format.js';
import { encodeG711 } from '../../../telephony/media/g711.js';
import { readWav } from '../../../telephony/media/wav.js';

/** Compiled into dist/test/unit/softphone. */
const PROMPTS = fileURLToPath(new URL('../../../../prompts', import.meta.url));
const PHONE = PromptEar.learn([PROMPTS]);

describe('the phone recognises prompts by ear', () => {
  for (const codec of ['PCMA', 'PCMU'] as const) {
    test(`every one of them, as itself and once, in ${codec}`, () => {
      for (const language of readdirSync(PROMPTS).filter((name) => /^[a-z]{2}$/.test(name))) {
        for (const file of readdirSync(`${PROMPTS}/${language}`)) {
          const name = `${language}/${file.replace('.wav', '')}`;
          assert.deepEqual(listen(PHONE.forCall(), packets(name, codec)), [name]);
        }
      }
    });
  }

  test('in every call, one after the other and the same one again', () => {
    const ear = PHONE.forCall();
    const sequence = [
      'en/enter-pin-6',
      'en/pin-incorrect',
      'en/tries-left-2',
      'en/enter-pin-6',
      'en/enter-pin-6',
    ];
    assert.deepEqual(
      listen(
        ear,
        sequence.flatMap((name) => packets(name, 'PCMA')),
      ),
      sequence,
    );
    assert.deepEqual(listen(PHONE.forCall(), packets('en/goodbye', 'PCMA')), ['en/goodbye']);
  });

  test('from an encoder that rounds another way, and not in silence or another voice', () => {
    const rounded = packets('de/blocked', 'PCMU').map((rms, index) => rms * (index % 2 === 0 ? 1.02 : 0.98));
    assert.deepEqual(listen(PHONE.forCall(), rounded), ['de/blocked']);
    assert.deepEqual(
      listen(
        PHONE.forCall(),
        Array.from({ length: 200 }, () => 0),
      ),
      [],
    );
    const noise = Array.from({ length: 2000 }, (_, index) => 300 + ((index * 7919) % 4001));
    assert.deepEqual(listen(PHONE.forCall(), noise), []);
  });
});

/** The loudness of the packets in which a prompt comes. */
function packets(name: string, codec: AudioCodec): number[] {
  const wav = readWav(readFileSync(`${PROMPTS}/${name}.wav`));
  assert.ok(wav.kind === 'samples');
  const sound = encodeG711(codec, wav.samples);
  const levels: number[] = [];
  for (let at = 0; at + FRAME_SAMPLES <= sound.length; at += FRAME_SAMPLES) {
    levels.push(loudness(codec, sound.subarray(at, at + FRAME_SAMPLES)));
  }
  return levels;
}

function listen(ear: PromptEar, levels: readonly number[]): string[] {
  return levels.map((level) => ear.hear(level)).filter((name) => name !== null);
}
