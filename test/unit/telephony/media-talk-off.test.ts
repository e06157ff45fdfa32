import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { ToneDetector } from '../../../telephony/media/dtmf-tone.js';
import { readWav } from '../../../telephony/media/wav.js';
import { atSpeed, speechLike } from '../../support/speech-like.js';

const PROMPTS = 'prompts';

/** Every prompt of every language there is. */
function readPrompts(): { name: string; samples: Int16Array }[] {
  return readdirSync(PROMPTS, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.wav'))
    .map((name) => {
      const reading = readWav(readFileSync(join(PROMPTS, name)));
      assert.equal(reading.kind, 'samples', name);
      return { name, samples: reading.kind === 'samples' ? reading.samples : new Int16Array() };
    });
}

test('no key is heard in any prompt, by whichever speaker', () => {
  const prompts = readPrompts();
  assert.ok(prompts.length > 20, `${prompts.length} prompts`);
  const misheard = prompts.filter(({ samples }, index) =>
    [samples, ...(index % 4 === 0 ? [atSpeed(samples, index % 8 === 0 ? 0.85 : 1.2)] : [])].some(
      (voice) => new ToneDetector().push(voice).length > 0,
    ),
  );
  assert.deepEqual(
    misheard.map(({ name }) => name),
    [],
  );
});

test('no key is heard in speech-like noise', () => {
  // Six minutes; `bench/talk-off.ts` takes the whole hour.
  const detector = new ToneDetector();
  for (const second of speechLike(360)) assert.equal(detector.push(second).length, 0);
});
