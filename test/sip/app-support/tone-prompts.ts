/**
 * Prompts for tests: each a short tone of a pitch of its own, so that a listener knows which one
 * was played.
 */
import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROMPT_NAMES } from '../../../sip/ivr/prompt-names.js';
import { PROMPT_LANGUAGES } from '../../../src/domain/language.js';

const LOWEST_HZ = 400;
const STEP_HZ = 20;
const QUESTION_MS = 800;
const OTHER_MS = 320;
const EDGE_MS = 60;

export interface TonePrompts {
  dir: string;
  /** The prompt whose tone has about this pitch. */
  nameOf: (hertz: number) => string;
}

/** Writes one for every name in every language; a language does not sound different. */
export async function writeTonePrompts(): Promise<TonePrompts> {
  const dir = await mkdtemp(join(tmpdir(), 'dialgate-tones-'));
  const [first, ...others] = PROMPT_LANGUAGES;
  await mkdir(join(dir, first));
  for (const [index, name] of PROMPT_NAMES.entries()) {
    const milliseconds = name.startsWith('enter-') ? QUESTION_MS : OTHER_MS;
    await writeFile(join(dir, first, `${name}.wav`), tone(LOWEST_HZ + STEP_HZ * index, milliseconds));
  }
  for (const language of others) await symlink(first, join(dir, language));
  const nameOf = (hertz: number): string =>
    PROMPT_NAMES[Math.round((hertz - LOWEST_HZ) / STEP_HZ)] ?? `${hertz} Hz`;
  return { dir, nameOf };
}

/** 8 kHz mono 16-bit PCM, as the prompts are, with silence at both ends. */
function tone(hertz: number, milliseconds: number): Buffer {
  const edge = EDGE_MS * 8;
  const samples = Buffer.alloc((milliseconds * 8 + 2 * edge) * 2);
  for (let n = 0; n < milliseconds * 8; n++) {
    samples.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * hertz * n) / 8000)), (n + edge) * 2);
  }
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(16_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}
