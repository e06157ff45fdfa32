/** The prompts of this repository: what is said, and the recordings. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWav, type Wav } from './wav.js';

/**
 * Relative to the runner's working directory, which is the project: tests run compiled, from
 * folders of any depth.
 */
export const PROMPTS = join(process.cwd(), 'prompts');

export interface PromptText {
  language: string;
  name: string;
  text: string;
}

export const TEXTS: readonly PromptText[] = readFileSync(join(PROMPTS, 'texts.tsv'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [language, name, text, ...rest] = line.split('\t');
    assert.ok(language && name && text && rest.length === 0, `not "language, name, text": ${line}`);
    return { language, name, text };
  });

export function textOf(language: string, name: string): string {
  const found = TEXTS.find((one) => one.language === language && one.name === name);
  assert.ok(found, `${language} has no text for ${name}`);
  return found.text;
}

export function readPrompt(language: string, name: string): Wav {
  return readWav(join(PROMPTS, language, `${name}.wav`));
}
