/**
 * An operator's own recordings are checked at the start: what is wrong is named with its reason,
 * and ours is heard instead.
 */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Prompts } from '../../sip/ivr/prompts.js';
import { readOwnPrompts } from '../../src/process/own-prompts.js';
import { StartupFault } from '../../src/domain/startup-fault.js';
import { writeWav } from '../../telephony/media/wav.js';

const SECOND = writeWav(new Int16Array(8000).fill(1000));
const THIRTEEN_SECONDS = writeWav(new Int16Array(13 * 8000));
const MINUTES = writeWav(new Int16Array(70 * 8000));

/** A WAV file that says of itself that it has another format. */
function claiming(format: {
  channels?: number;
  sampleRate?: number;
  bits?: number;
  encoding?: number;
}): Buffer {
  const file = Buffer.from(SECOND);
  file.writeUInt16LE(format.encoding ?? 1, 20);
  file.writeUInt16LE(format.channels ?? 1, 22);
  file.writeUInt32LE(format.sampleRate ?? 8000, 24);
  file.writeUInt16LE(format.bits ?? 16, 34);
  return file;
}

async function folderOf(t: TestContext, files: Record<string, Buffer>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dialgate-own-prompts-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(folder, dirname(path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

test('recordings take the place of ours one by one', async (t) => {
  const folder = await folderOf(t, {
    'de/blocked.wav': SECOND,
    'de/16000/blocked.wav': Buffer.from('for FreeSWITCH'),
    'de/README.md': Buffer.from('who spoke it'),
    'de/.DS_Store': Buffer.from(''),
    'README.md': Buffer.from(''),
  });
  const { prompts, problems } = await readOwnPrompts(folder);
  assert.deepEqual(problems, []);
  const all = new Prompts('/ours', prompts);
  assert.deepEqual(await all.find('de', 'blocked'), {
    name: 'blocked',
    file: join(folder, 'de/blocked.wav'),
    milliseconds: 1000,
    instead: { file: '/ours/de/blocked.wav', milliseconds: null },
  });
  assert.equal((await all.find('de', 'goodbye')).file, '/ours/de/goodbye.wav');
  assert.equal((await all.find('en', 'blocked')).file, '/ours/en/blocked.wav');
});

test('a recording that cannot be used is named with its reason, and ours is heard', async (t) => {
  const files: Record<string, [content: Buffer, reason: RegExp]> = {
    'en/blocked.wav': [claiming({ channels: 2 }), /8 kHz, mono, 16-bit PCM.*2 channels, not mono/],
    'en/goodbye.wav': [claiming({ sampleRate: 44_100 }), /44100 Hz, not 8000/],
    'en/incomplete.wav': [claiming({ bits: 24 }), /24 bits a sample, not 16/],
    'en/no-code.wav': [claiming({ encoding: 7 }), /format 7 is not PCM/],
    'en/no-input.wav': [Buffer.from('ID3 this is an MP3'), /not a RIFF file/],
    'en/enter-code.wav': [Buffer.alloc(0), /not a RIFF file/],
    'en/pin-expired.wav': [writeWav(new Int16Array(0)), /no sound in it/],
    'en/pin-incorrect.wav': [MINUTES, /longer than a minute/],
  };
  const folder = await folderOf(
    t,
    mapped(files, ([content]) => content),
  );
  await symlink('nowhere.wav', join(folder, 'en/code-accepted.wav'));
  await mkdir(join(folder, 'en/try-again.wav'));
  const { prompts, problems } = await readOwnPrompts(folder);
  const expected = {
    ...mapped(files, ([, reason]) => reason),
    'en/code-accepted.wav': /cannot be read \(ENOENT\)/,
    'en/try-again.wav': /is no file/,
  };
  for (const [path, reason] of Object.entries(expected)) {
    const problem = problems.find((one) => one.startsWith(`${join(folder, path)}: `)) ?? '';
    assert.match(problem, reason);
    assert.match(problem, /ours is heard instead$/);
  }
  assert.equal(problems.length, Object.keys(expected).length);
  assert.equal(prompts.size, 0);
});

test('what nobody would ever ask for is named, with what may have been meant', async (t) => {
  const folder = await folderOf(t, {
    'en/pin-incorect.wav': SECOND,
    'en/Goodbye.wav': SECOND,
    'en/blocked.mp3': SECOND,
    'en/no-code.WAV': SECOND,
    'german/goodbye.wav': SECOND,
    'goodbye.wav': SECOND,
    'pt-BR/goodbye.wav': SECOND,
    'pt_br/goodbye.wav': SECOND,
    'en/not-possible.wav': THIRTEEN_SECONDS,
    'en/enter-code.wav': THIRTEEN_SECONDS,
  });
  const { problems } = await readOwnPrompts(folder);
  const shown = problems.map((problem) => problem.replaceAll(`${folder}/`, '')).toSorted();
  const [missing] = shown.splice(
    shown.findIndex((one) => one.startsWith('pt-br:')),
    1,
  );
  assert.match(missing ?? '', /^pt-br: what is missing is said in English: enter-pin-6, .* and 60 more$/);
  assert.deepEqual(
    shown,
    [
      'en/Goodbye.wav: there is no prompt of this name (goodbye?)',
      'en/blocked.mp3: has to be a WAV file, blocked.wav',
      'en/no-code.WAV: has to be a WAV file, no-code.wav',
      'en/not-possible.wav: lasts 13 s, and will be cut off',
      'en/pin-incorect.wav: there is no prompt of this name (pin-incorrect?)',
      'german: the name of the folder has to be a language tag such as de or pt-BR',
      'goodbye.wav: has to be in the folder of a language, such as en/goodbye.wav',
      'pt_br: there is another folder of this language',
    ].toSorted(),
  );
});

test('a language of the operator’s own is spoken; what it lacks is said in what it falls back to, in English at last', async (t) => {
  const folder = await folderOf(t, {
    'nl/goodbye.wav': SECOND,
    'nl-BE/blocked.wav': SECOND,
    'de-AT/goodbye.wav': SECOND,
    'de/goodbye.wav': SECOND,
    'de/blocked.wav': SECOND,
    'en/no-code.wav': SECOND,
    'hu/nothing.txt': SECOND,
  });
  const { prompts, problems } = await readOwnPrompts(folder);
  assert.equal(problems.length, 2);
  assert.match(problems[0] ?? '', /^nl: what is missing is said in English: enter-pin-6, .* and 60 more$/);
  assert.match(problems[1] ?? '', /^nl-be: .* and 59 more$/, 'with those of nl');

  const all = new Prompts('/ours', prompts);
  const chosen = ['nl', 'nl-BE', 'nl-NL', 'de-AT', 'de-CH', 'hu', 'fr-CA', '../etc'].map((wish) =>
    all.choose([wish]),
  );
  assert.deepEqual(chosen, ['nl', 'nl-be', 'nl', 'de-at', 'de', 'en', 'fr', 'en']);
  assert.equal(all.choose(['hu', 'pl', 'en']), 'pl');
  const files: [language: string, name: 'goodbye' | 'blocked' | 'no-code' | 'no-input', file: string][] = [
    ['nl-be', 'blocked', join(folder, 'nl-BE/blocked.wav')],
    ['nl-be', 'goodbye', join(folder, 'nl/goodbye.wav')],
    ['nl-be', 'no-code', join(folder, 'en/no-code.wav')],
    ['nl-be', 'no-input', '/ours/en/no-input.wav'],
    ['de-at', 'goodbye', join(folder, 'de-AT/goodbye.wav')],
    ['de-at', 'blocked', join(folder, 'de/blocked.wav')],
    ['de-at', 'no-code', '/ours/de/no-code.wav'],
    ['../..', 'no-input', '/ours/en/no-input.wav'],
  ];
  for (const [language, name, file] of files) assert.equal((await all.find(language, name)).file, file);
});

test('a folder that cannot be read is a fault that names the setting', async (t) => {
  const folder = await folderOf(t, { file: SECOND });
  for (const [path, code] of [
    ['nowhere', 'ENOENT'],
    ['file', 'ENOTDIR'],
  ] as const) {
    await assert.rejects(
      readOwnPrompts(join(folder, path)),
      (error) =>
        error instanceof StartupFault &&
        error.message.startsWith('PROMPTS_DIR: ') &&
        error.message.includes(code),
    );
  }
});

function mapped<T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
