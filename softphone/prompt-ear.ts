import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type AudioCodec, FRAME_SAMPLES } from '../telephony/media/format.js';
import { decodeG711, encodeG711 } from '../telephony/media/g711.js';
import { readWav } from '../telephony/media/wav.js';

/** Frames quieter than this (root mean square, of 32,767) sound alike in every prompt. */
const AUDIBLE_RMS = 300;
/** So many frames of one prompt in a row are no accident: 100 ms. */
const FRAMES_TO_RECOGNISE = 5;

/**
 * Recognises the prompts by ear: the media server plays a file in 20 ms frames from its beginning, and G.711 is exact, so that a frame that was
 * heard is a frame of the file to the byte.
 */
export class PromptEar {
  readonly #frames: ReadonlyMap<string, string>;
  #present = '';
  #run = 0;

  private constructor(frames: ReadonlyMap<string, string>) {
    this.#frames = frames;
  }

  /** Learns all prompts below a folder `<language>/<name>.wav`; their names are answered as `<language>/<name>`. */
  static learn(folder: string, codec: AudioCodec): PromptEar {
    const frames = new Map<string, string>();
    for (const language of readdirSync(folder, { withFileTypes: true })) {
      if (!language.isDirectory()) continue;
      for (const file of readdirSync(join(folder, language.name))) {
        if (!file.endsWith('.wav')) continue;
        learnFile(frames, join(folder, language.name, file), `${language.name}/${file.slice(0, -4)}`, codec);
      }
    }
    return new PromptEar(frames);
  }

  /** An ear for one call: it knows the same prompts, and has heard nothing yet. */
  forCall(): PromptEar {
    return new PromptEar(this.#frames);
  }

  /** Takes the payload of one packet. Answers the name of a prompt in the moment in which it is recognised. */
  hear(payload: Buffer): string | null {
    const name = this.#frames.get(payload.toString('latin1'));
    if (name === undefined) return null;
    this.#run = name === this.#present ? this.#run + 1 : 1;
    this.#present = name;
    return this.#run === FRAMES_TO_RECOGNISE ? name : null;
  }
}

function learnFile(frames: Map<string, string>, path: string, name: string, codec: AudioCodec): void {
  const wav = readWav(readFileSync(path));
  if (wav.kind === 'unreadable') throw new Error(`${path}: ${wav.reason}`);
  const encoded = encodeG711(codec, wav.samples);
  for (let at = 0; at + FRAME_SAMPLES <= encoded.length; at += FRAME_SAMPLES) {
    const frame = encoded.subarray(at, at + FRAME_SAMPLES);
    if (loudness(codec, frame) >= AUDIBLE_RMS) frames.set(frame.toString('latin1'), name);
  }
}

/** Root mean square of a frame, of 32,767. */
export function loudness(codec: AudioCodec, payload: Uint8Array): number {
  const samples = decodeG711(codec, payload);
  const sum = samples.reduce((total, sample) => total + sample * sample, 0);
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}
