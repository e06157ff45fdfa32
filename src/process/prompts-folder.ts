import { fileURLToPath } from 'node:url';
import type { Config } from './config.js';

/** The voice prompts as they lie beside the compiled program (dist/src → prompts). */
export const PROMPTS_FOLDER = fileURLToPath(new URL('../../../prompts', import.meta.url));

/** Wherever what a caller hears may come from: our recordings, and the operator's own. */
export function promptsFolders({ promptsDir }: Pick<Config, 'promptsDir'>): string[] {
  return promptsDir === null ? [PROMPTS_FOLDER] : [PROMPTS_FOLDER, promptsDir];
}
