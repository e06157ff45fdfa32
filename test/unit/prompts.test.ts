/**
 * Every prompt of every language exists and can be played after any other without a jump in format,
 * level or pace.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { Dialogue, type Step } from '../../sip/ivr/dialogue.js';
import { PROMPT_NAMES } from '../../sip/ivr/prompt-names.js';
import { PROMPT_LANGUAGES } from '../../src/domain/language.js';
import type { AttemptVerdict, CallOpened } from '../../src/contract/messages.js';
import { PROMPTS, readPrompt, TEXTS, textOf } from '../support/prompts.js';
import type { Wav } from '../support/wav.js';

/**
 * Quieter than this counts as silence: 0.3 % of full scale, the threshold the recordings are
 * trimmed with.
 */
const SILENCE = 0.003;

const names = [...PROMPT_NAMES].toSorted();

describe('the table of texts', () => {
  for (const language of PROMPT_LANGUAGES) {
    test(`${language} has a text for everything that is said, once, and no other`, () => {
      const own = TEXTS.filter((row) => row.language === language);
      assert.deepEqual(own.map((row) => row.name).toSorted(), names);
    });

    test(`in ${language} no two prompts say the same`, () => {
      const texts = TEXTS.filter((row) => row.language === language).map((row) => row.text);
      assert.equal(new Set(texts).size, texts.length);
    });
  }

  test('it has the languages that are spoken and no other', () => {
    const written = [...new Set(TEXTS.map((row) => row.language))];
    assert.deepEqual(written.toSorted(), [...PROMPT_LANGUAGES].toSorted());
  });

  test('numbers are words, because a voice reads digits as it likes', () => {
    assert.deepEqual(
      TEXTS.filter((row) => /\d/.test(row.text)),
      [],
    );
  });

  test('sentences and what ends one have a full stop, what is half a sentence has none', () => {
    const wrong = TEXTS.filter((row) => row.text.endsWith('.') === (row.name === 'try-again'));
    assert.deepEqual(wrong, []);
  });
});

describe('the recordings', () => {
  test('there is a folder for each language and for no other', () => {
    const folders = readdirSync(PROMPTS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    assert.deepEqual(folders.map((entry) => entry.name).toSorted(), [...PROMPT_LANGUAGES].toSorted());
  });

  for (const language of PROMPT_LANGUAGES) {
    test(`${language} has a file for each text and no other`, () => {
      const files = readdirSync(join(PROMPTS, language)).toSorted();
      assert.deepEqual(files, names.map((name) => `${name}.wav`).toSorted());
    });

    test(`every ${language} file is fit to be played with the others`, () => {
      assertEvery(language, (wav, name) => {
        checkFormat(wav);
        checkLevel(wav);
        checkSilence(wav);
        checkPace(wav, textOf(language, name));
      });
    });

    test(`in ${language} BYE comes within 15 s of the start of whatever ends a call`, () => {
      const tooLong = lastWords()
        .map((words) => ({ words, seconds: words.reduce((sum, name) => sum + secondsOf(language, name), 0) }))
        .filter(({ seconds }) => seconds > 13);
      assert.deepEqual(tooLong, []);
    });
  }
});

function checkFormat({ encoding, channels, sampleRate, bitsPerSample, dataBytes, samples }: Wav): void {
  assert.deepEqual(
    { encoding, channels, sampleRate, bitsPerSample },
    { encoding: 1, channels: 1, sampleRate: 8000, bitsPerSample: 16 },
  );
  assert.equal(samples.length * 2, dataBytes, 'the file ends before its data does');
}

/** As loud as the others, silence at the ends left out, and never clipped. */
function checkLevel({ samples }: Wav): void {
  const spoken = samples.subarray(samples.findIndex(isLoud), samples.findLastIndex(isLoud) + 1);
  between(decibels(rms(spoken)), -22, -19.5, 'dBFS RMS');
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  between(decibels(peak), -15, -2, 'dBFS at its peak');
}

function checkSilence({ samples, sampleRate }: Wav): void {
  between(samples.findIndex(isLoud) / sampleRate, 0.015, 0.15, 's of silence before');
  between((samples.length - 1 - samples.findLastIndex(isLoud)) / sampleRate, 0.05, 0.4, 's of silence after');
}

/**
 * A voice that spells a word, or leaves one out, takes another time than one that reads. French
 * writes more than it says.
 */
function checkPace({ samples, sampleRate }: Wav, text: string): void {
  const seconds = samples.length / sampleRate;
  between(seconds, 0.5, 11, 's long');
  between(text.length / seconds, 7, 23, 'letters a second');
}

/** Everything that can be said before BYE, whatever the state, the entry or the verdict. */
function lastWords(): string[][] {
  const opened = (state: object, asks: string): CallOpened =>
    ({ languages: ['en'], asks, papDigits: 6, ...state }) as CallOpened;
  const states = ['blocked', 'successful', 'expired', 'unauthorized'].map((state) => ({ state }));
  const locked = [59, 3600, 86_100, 1_205_000, 9_999_999].map((lockedSeconds) => ({ lockedSeconds }));
  const verdicts = [
    { kind: 'accepted' },
    { kind: 'wrong', attemptsLeft: 10 },
    { kind: 'other-tenant', attemptsLeft: 10 },
  ] as AttemptVerdict[];
  const steps = ['pap', 'code'].flatMap((asks): Step[] => {
    const dialled = asks === 'pap' ? '*89*123456' : '12345';
    const dialogue = (): Dialogue =>
      new Dialogue(opened({ state: 'needed', attemptsLeft: 3 }, asks), dialled);
    const silent = dialogue();
    return [
      ...[...states, ...locked.map((lock) => ({ state: 'failed', ...lock }))].map((state) =>
        new Dialogue(opened(state, asks), '*89').begin(),
      ),
      ...verdicts.map((verdict) => {
        const attempted = dialogue();
        attempted.begin();
        return attempted.onVerdict(verdict);
      }),
      dialogue().onFault(),
      ...['', '1', '', '1'].map((entry) => silent.onEntry(entry)),
    ];
  });
  const ends = steps.flatMap((step) => (step.kind === 'end' ? [step.say] : []));
  assert.ok(ends.length >= 24, `${ends.length} ends of calls were found`);
  return ends;
}

/**
 * By the size of the file: two bytes for each of 8000 samples a second. Its header is nothing
 * beside them.
 */
function secondsOf(language: string, name: string): number {
  return statSync(join(PROMPTS, language, `${name}.wav`)).size / 16_000;
}

/** Runs a check on every file of a language and reports all that fail, each by its name. */
function assertEvery(language: string, check: (wav: Wav, name: string) => void): void {
  const failures: string[] = [];
  for (const name of names) {
    try {
      check(readPrompt(language, name), name);
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
