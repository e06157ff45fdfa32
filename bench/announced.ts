/** What follows a right PIN, as Dialgate does it: these are said, then BYE, then NOTIFY. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWav } from '../telephony/media/wav.js';

export const ANNOUNCED = ['authenticated', 'goodbye'] as const;
export const NOTIFY_DELAY_MS = 1000;

const SAMPLES_PER_MS = 8;

/** How long it takes to say them in English, in milliseconds. */
export function announcementMs(): number {
  const lengths = ANNOUNCED.map((name) => {
    const wav = readWav(readFileSync(join(import.meta.dirname, '..', '..', 'prompts', 'en', `${name}.wav`)));
    if (wav.kind === 'unreadable') throw new Error(wav.reason);
    return wav.samples.length / SAMPLES_PER_MS;
  });
  return lengths.reduce((sum, length) => sum + length, 0);
}
