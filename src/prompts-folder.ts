import { fileURLToPath } from 'node:url';

/** The voice prompts as they lie beside the compiled program (dist/src → prompts). */
export const PROMPTS_FOLDER = fileURLToPath(new URL('../../prompts', import.meta.url));
