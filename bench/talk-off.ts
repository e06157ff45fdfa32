/**
 * What a tone detector hears where there is nothing to hear, and what it costs:
 *
 *     node dist/bench/talk-off.js [hours of noise, 1]
 *
 * Speech-like noise, and every prompt of every language at several speeds.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ToneDetector } from '../telephony/media/dtmf-tone.js';
import { readWav } from '../telephony/media/wav.js';
import { atSpeed, speechLike } from '../test/support/speech-like.js';

const SPEEDS = [0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3];
const SAMPLES_PER_HOUR = 8000 * 3600;

interface Talk {
  samples: number;
  keys: number;
  /** Seconds of CPU in the detector alone. */
  seconds: number;
}

function listen(pieces: Iterable<Int16Array>): Talk {
  const detector = new ToneDetector();
  const talk: Talk = { samples: 0, keys: 0, seconds: 0 };
  for (const piece of pieces) {
    const before = process.cpuUsage();
    talk.keys += detector.push(piece).length;
    const { user, system } = process.cpuUsage(before);
    talk.samples += piece.length;
    talk.seconds += (user + system) / 1e6;
  }
  return talk;
}

function* prompts(): Generator<Int16Array> {
  for (const name of readdirSync('prompts', { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.wav')) continue;
    const reading = readWav(readFileSync(join('prompts', name)));
    if (reading.kind === 'samples') for (const speed of SPEEDS) yield atSpeed(reading.samples, speed);
  }
}

function report(title: string, { samples, keys, seconds }: Talk): void {
  const hours = samples / SAMPLES_PER_HOUR;
  const heard = `${hours.toFixed(1)} h, ${keys} keys heard`;
  process.stdout.write(`${title}: ${heard}, ${(seconds / hours).toFixed(1)} s of CPU an hour\n`);
}

const hours = Number(process.argv[2] ?? 1);
for (let seed = 1; seed <= hours; seed++) report(`speech-like noise ${seed}`, listen(speechLike(3600, seed)));
report('all prompts, at 11 speeds', listen(prompts()));
