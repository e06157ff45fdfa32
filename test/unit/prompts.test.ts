/** Every prompt of every language exists and can be played after any other without a jump in format, level or pace. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { readWav, type Wav } from '../support/wav.js';

// Tests run compiled, from a folder whose depth is nobody's business; the runner's working directory is the project.
const PROMPTS = join(process.cwd(), 'prompts');

/** Quieter than this counts as silence: 0.3 % of full scale, the threshold the recordings are trimmed with. */
const SILENCE = 0.003;

interface Row {
  language: string;
  name: string;
  text: string;
}

const rows: Row[] = readFileSync(join(PROMPTS, 'texts.tsv'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [language, name, text, ...rest] = line.split('\t');
    assert.ok(language && name && text && rest.length === 0, `not "language, name, text": ${line}`);
    return { language, name, text };
  });
const languages = [...new Set(rows.map((row) => row.language))];
const namesOf = (language: string): string[] =>
  rows
    .filter((row) => row.language === language)
    .map((row) => row.name)
    .sort();

/** What the authentication service can be asked to say; a language that lacks one would leave its callers in silence. */
const SPOKEN = [
  ...range(6, 10).map((digits) => `enter-pin-${digits}`),
  ...range(1, 9).map((tries) => `tries-left-${tries}`),
  ...[...range(1, 30), 35, 40, 45, 50, 55, 60].map((minutes) => `try-again-minutes-${minutes}`),
  ...range(2, 24).map((hours) => `try-again-hours-${hours}`),
  'tries-left-many',
  'try-again-later',
  'pin-incorrect',
  'not-possible',
  'blocked',
  'already-authenticated',
  'pin-expired',
  'authenticated',
  'no-input',
  'incomplete',
  'enter-code',
  'no-code',
  'code-incomplete',
  'code-incorrect',
  'code-other-tenant',
  'code-accepted',
  'goodbye',
  'administrator-must-authorize',
].sort();

describe('the table of texts', () => {
  test('English and German are there', () => {
    assert.deepEqual(
      ['en', 'de'].filter((language) => !languages.includes(language)),
      [],
    );
  });

  for (const language of languages) {
    test(`${language} has a text for everything that is said, once, and no other`, () => {
      assert.deepEqual(namesOf(language), SPOKEN);
    });
  }

  test('numbers are words, because a voice reads digits as it likes', () => {
    assert.deepEqual(
      rows.filter((row) => /\d/.test(row.text)),
      [],
    );
  });
});

describe('the recordings', () => {
  test('there is a folder for each language and for no other', () => {
    const folders = readdirSync(PROMPTS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    assert.deepEqual(folders.map((entry) => entry.name).sort(), [...languages].sort());
  });

  for (const language of languages) {
    test(`${language} has a file for each text and no other`, () => {
      const files = readdirSync(join(PROMPTS, language)).sort();
      assert.deepEqual(
        files,
        namesOf(language).map((name) => `${name}.wav`),
      );
    });

    test(`every ${language} file is 8 kHz mono 16-bit PCM and as long as its header says`, () => {
      assertEvery(language, (wav) => {
        const { encoding, channels, sampleRate, bitsPerSample, dataBytes, samples } = wav;
        assert.deepEqual(
          { encoding, channels, sampleRate, bitsPerSample },
          { encoding: 1, channels: 1, sampleRate: 8000, bitsPerSample: 16 },
        );
        assert.equal(samples.length * 2, dataBytes, 'the file ends before its data does');
        between(samples.length / sampleRate, 0.6, 12, 's long');
      });
    });

    test(`every ${language} file is as loud as the others and never clipped`, () => {
      assertEvery(language, ({ samples }) => {
        between(decibels(rms(samples)), -24, -18, 'dBFS RMS');
        const peak = Math.max(...samples.map(Math.abs));
        assert.ok(peak < 32767 / 32768, 'a sample at full scale');
      });
    });

    test(`every ${language} file begins within 0.3 s and ends within 0.5 s`, () => {
      assertEvery(language, ({ samples, sampleRate }) => {
        between(samples.findIndex(isLoud) / sampleRate, 0, 0.3, 's of silence before');
        between(
          (samples.length - 1 - samples.findLastIndex(isLoud)) / sampleRate,
          0,
          0.5,
          's of silence after',
        );
      });
    });
  }
});

/** Runs a check on every file of a language and reports all that fail, each by its name. */
function assertEvery(language: string, check: (wav: Wav) => void): void {
  const failures: string[] = [];
  for (const name of namesOf(language)) {
    try {
      check(readWav(join(PROMPTS, language, `${name}.wav`)));
    } catch (error) {
      failures.push(`${name}.wav: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  assert.deepEqual(failures, []);
}

function between(value: number, low: number, high: number, unit: string): void {
  assert.ok(value >= low && value <= high, `${value.toFixed(2)} ${unit}, not between ${low} and ${high}`);
}

function isLoud(sample: number): boolean {
  return Math.abs(sample) > SILENCE;
}

function rms(samples: Float64Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

function decibels(amplitude: number): number {
  return 20 * Math.log10(amplitude);
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
