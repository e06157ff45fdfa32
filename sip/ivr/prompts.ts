import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { LAST_LANGUAGE, PROMPT_LANGUAGES, lookUpLanguage, withFallbacks } from '../../src/domain/language.js';
import type { PromptName } from './prompt-names.js';

export interface Recording {
  /** Where the media server finds it. */
  file: string;
  /** null when the recording cannot be read from here: the media server may be another machine. */
  milliseconds: number | null;
}

export interface Prompt extends Recording {
  name: PromptName;
  /** Ours, where this is an operator's own, which the media server may not have. */
  instead: Recording | null;
}

/** The files of an operator's recordings, by language (canonical tags) and name. */
export type OwnPrompts = ReadonlyMap<string, ReadonlyMap<PromptName, string>>;

const OURS: ReadonlySet<string> = new Set(PROMPT_LANGUAGES);

/**
 * The recordings, and how long they are. An operator's own take the place of ours one by one, and
 * may speak other languages.
 */
export class Prompts {
  readonly #languages: ReadonlySet<string>;
  readonly #lengths = new Map<string, number | null>();

  /** @param promptsDir where the media server finds ours */
  constructor(
    private readonly promptsDir: string,
    private readonly own: OwnPrompts = new Map(),
  ) {
    this.#languages = new Set([...OURS, ...own.keys()]);
  }

  /** The language to speak to somebody with these wishes, the first choice first. */
  choose(wishes: readonly string[]): string {
    return lookUpLanguage(wishes, this.#languages) ?? LAST_LANGUAGE;
  }

  /**
   * What is not recorded in a language is said in the one that it falls back to, in English at
   * last.
   *
   * @param language as `choose` answers it; a name that there is no folder of never becomes a path
   */
  async find(language: string, name: PromptName): Promise<Prompt> {
    for (const spoken of [...withFallbacks(language), LAST_LANGUAGE]) {
      const file = this.own.get(spoken)?.get(name);
      if (file !== undefined) {
        // Measured every time: an operator may exchange it for a shorter one while we run.
        const milliseconds = await wavMilliseconds(file);
        return { name, file, milliseconds, instead: await this.#ours(language, name) };
      }
      if (OURS.has(spoken)) break;
    }
    return { name, ...(await this.#ours(language, name)), instead: null };
  }

  async #ours(language: string, name: PromptName): Promise<Recording> {
    const spoken = lookUpLanguage([language], OURS) ?? LAST_LANGUAGE;
    const file = join(this.promptsDir, spoken, `${name}.wav`);
    let milliseconds = this.#lengths.get(file);
    if (milliseconds === undefined) {
      milliseconds = await wavMilliseconds(file);
      this.#lengths.set(file, milliseconds);
    }
    return { file, milliseconds };
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
