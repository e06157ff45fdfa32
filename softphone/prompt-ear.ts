import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FRAME_SAMPLES } from '../telephony/media/format.js';
import { readWav } from '../telephony/media/wav.js';
import { rootMeanSquare } from './call-audio.js';

/** Frames quieter than this (root mean square, of 32,767) are silence. */
const AUDIBLE_RMS = 200;
/** A prompt begins with some silence; sound after it is the beginning of one. */
const SILENT_FRAMES = 3;
/** So many frames that fit are no accident: 200 ms. */
const FITTING_FRAMES = 10;
/**
 * Both laws, and every encoder, round in their own way. In decibels: what a single frame and what
 * the mean of all may differ by.
 */
const FRAME_TOLERANCE = 3;
const MEAN_TOLERANCE = 0.5;

/** In frames: up to 300 ms of a beginning may be lost before a phone listens. */
const SHIFTS = Array.from({ length: 17 }, (_, index) => index - 1);

interface Prompt {
  readonly name: string;
  /** Of each 20 ms frame, in decibels over `AUDIBLE_RMS`; silence is 0. */
  readonly levels: readonly number[];
  /** Index of the first frame that is not silence. */
  readonly onset: number;
}

/**
 * By folder. To listen to hundreds of recordings takes a process a second, and phones come by the
 * dozen.
 */
const LEARNED = new Map<string, readonly Prompt[]>();

/** What is being heard may be this prompt, and this is where in it we are. */
interface Guess {
  readonly prompt: Prompt;
  index: number;
  frames: number;
  difference: number;
}

/**
 * Recognises the prompts by ear: a media server plays a file in 20 ms frames from its beginning, so
 * the course of their levels is that of the file, whichever law and encoder it uses. Many prompts
 * begin alike; one is recognised as soon as no other fits.
 */
export class PromptEar {
  readonly #prompts: readonly Prompt[];
  #guesses: Guess[] = [];
  #silent = SILENT_FRAMES;
  #isTold = false;

  private constructor(prompts: readonly Prompt[]) {
    this.#prompts = prompts;
  }

  /**
   * Learns all prompts below folders, `<language>/<name>.wav`; their names are answered as
   * `<language>/<name>`.
   */
  static learn(folders: readonly string[]): PromptEar {
    return new PromptEar(folders.flatMap(learnFolder));
  }

  /** An ear for one call: it knows the same prompts, and has heard nothing yet. */
  forCall(): PromptEar {
    return new PromptEar(this.#prompts);
  }

  /**
   * Takes the loudness of one packet (root mean square). Answers the name of a prompt in the moment
   * in which it is recognised.
   */
  hear(rms: number): string | null {
    const level = levelOf(rms);
    if (this.#guesses.length === 0 && level > 0 && this.#silent >= SILENT_FRAMES) this.#begin(level);
    this.#silent = level === 0 ? this.#silent + 1 : 0;
    this.#guesses = this.#guesses.filter((guess) => fits(guess, level));
    const [guess] = this.#guesses;
    if (this.#isTold || guess === undefined || guess.frames < FITTING_FRAMES) return null;
    if (this.#guesses.some(({ prompt }) => prompt.name !== guess.prompt.name)) return null;
    this.#isTold = true;
    return guess.prompt.name;
  }

  /**
   * Any prompt may have begun: a frame earlier, where its first sound is hardly one, or later,
   * where the first packets were lost.
   */
  #begin(level: number): void {
    this.#isTold = false;
    this.#guesses = [];
    for (const prompt of this.#prompts) {
      for (const shift of SHIFTS) {
        const index = prompt.onset + shift;
        // Most do not fit: there are thousands, and each call begins with this.
        const isPossible = Math.abs((prompt.levels[index] ?? Number.NaN) - level) <= FRAME_TOLERANCE;
        if (isPossible) this.#guesses.push({ prompt, index, frames: 0, difference: 0 });
      }
    }
  }
}

/** Whether a guess still holds with one more frame. */
function fits(guess: Guess, level: number): boolean {
  const expected = guess.prompt.levels[guess.index];
  if (expected === undefined) return false;
  const difference = Math.abs(level - expected);
  guess.index++;
  guess.frames++;
  guess.difference += difference;
  return (
    difference <= FRAME_TOLERANCE &&
    guess.difference <= MEAN_TOLERANCE * Math.max(guess.frames, FITTING_FRAMES)
  );
}

function levelOf(rms: number): number {
  return rms < AUDIBLE_RMS ? 0 : 20 * Math.log10(rms / AUDIBLE_RMS);
}

function learnFolder(folder: string): readonly Prompt[] {
  const known = LEARNED.get(folder);
  if (known !== undefined) return known;
  const prompts = readPrompts(folder);
  LEARNED.set(folder, prompts);
  return prompts;
}

function readPrompts(folder: string): Prompt[] {
  const languages = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return languages.flatMap(({ name: language }) =>
    readdirSync(join(folder, language))
      .filter((file) => file.endsWith('.wav'))
      .map((file) => {
        const levels = readLevels(join(folder, language, file));
        const onset = levels.findIndex((level) => level > 0);
        return { name: `${language}/${file.slice(0, -4)}`, levels, onset };
      })
      .filter(({ onset }) => onset >= 0),
  );
}

/** None of a file that cannot be played, and so is never heard. */
function readLevels(path: string): number[] {
  const wav = readWav(readFileSync(path));
  if (wav.kind === 'unreadable') return [];
  const levels: number[] = [];
  for (let at = 0; at + FRAME_SAMPLES <= wav.samples.length; at += FRAME_SAMPLES) {
    levels.push(levelOf(rootMeanSquare(wav.samples.subarray(at, at + FRAME_SAMPLES))));
  }
  return levels;
}
