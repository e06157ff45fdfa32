/** Prompts for tests: each a short tone of a pitch of its own, so that whoever listens knows which one was played. */
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LOWEST_HZ = 400;
const STEP_HZ = 25;
const QUESTION_MS = 800;
const OTHER_MS = 320;
const EDGE_MS = 60;

export interface TonePrompts {
  dir: string;
  /** The prompt whose tone has about this pitch. */
  nameOf: (hertz: number) => string;
}

/** Writes one for every name of prompts/texts.tsv in every language; a language does not sound different. */
export async function writeTonePrompts(): Promise<TonePrompts> {
  const rows = (await readFile('prompts/texts.tsv', 'utf8')).split('\n').filter((row) => /^\w/.test(row));
  const names = [...new Set(rows.map((row) => row.split('\t')[1] ?? ''))];
  const languages = [...new Set(rows.map((row) => row.split('\t')[0] ?? ''))];
  const dir = await mkdtemp(join(tmpdir(), 'dialgate-tones-'));
  for (const language of languages) {
    await mkdir(join(dir, language));
    for (const [index, name] of names.entries()) {
      const milliseconds = name.startsWith('enter-') ? QUESTION_MS : OTHER_MS;
      await writeFile(join(dir, language, `${name}.wav`), tone(LOWEST_HZ + STEP_HZ * index, milliseconds));
    }
  }
  const nameOf = (hertz: number): string => names[Math.round((hertz - LOWEST_HZ) / STEP_HZ)] ?? `${hertz} Hz`;
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
