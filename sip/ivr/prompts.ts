import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { PROMPT_LANGUAGES, type PromptLanguage } from '../../src/domain/language.js';
import type { PromptName } from './prompt-names.js';

export interface Prompt {
  name: PromptName;
  /** Where the media server finds it. */
  file: string;
  /** null when the recording cannot be read from here: the media server may be another machine. */
  milliseconds: number | null;
}

/** The recordings, and how long they are. */
export class Prompts {
  readonly #lengths = new Map<string, number | null>();

  constructor(private readonly promptsDir: string) {}

  /** @param language one of those of the prompts folder; anything else is English, it must not become a path. */
  async find(language: string, name: PromptName): Promise<Prompt> {
    const folder: PromptLanguage = PROMPT_LANGUAGES.find((one) => one === language) ?? 'en';
    const file = join(this.promptsDir, folder, `${name}.wav`);
    let milliseconds = this.#lengths.get(file);
    if (milliseconds === undefined) {
      milliseconds = await wavMilliseconds(file);
      this.#lengths.set(file, milliseconds);
    }
    return { name, file, milliseconds };
  }
}

/** Enough for the RIFF chunks before the samples; ours have 44 bytes. */
const HEADER_BYTES = 4096;

/** How long a WAV file plays, by its header; null when it cannot be read or is no WAV file. */
async function wavMilliseconds(file: string): Promise<number | null> {
  const header = Buffer.alloc(HEADER_BYTES);
  let length: number;
  try {
    const handle = await open(file, 'r');
    try {
      length = (await handle.read(header, 0, HEADER_BYTES, 0)).bytesRead;
    } finally {
      await handle.close();
    }
  } catch {
    return null; // not on this machine; a missing one is reported when the media server misses it
  }
  if (length < 12 || header.toString('latin1', 0, 4) !== 'RIFF') return null;
  let bytesPerSecond = 0;
  for (let at = 12; at + 20 <= length;) {
    const chunk = header.toString('latin1', at, at + 4);
    const size = header.readUInt32LE(at + 4);
    if (chunk === 'fmt ') bytesPerSecond = header.readUInt32LE(at + 16);
    if (chunk === 'data') return bytesPerSecond > 0 ? Math.round((size / bytesPerSecond) * 1000) : null;
    at += 8 + size + (size % 2);
  }
  return null;
}
