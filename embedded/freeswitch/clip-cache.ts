import { readFile, stat } from 'node:fs/promises';

import { FRAME_SAMPLES } from '../../telephony/media/format.js';
import type { AudioCodec } from '../../telephony/media/format.js';
import { encodeG711, SILENCE } from '../../telephony/media/g711.js';
import { readWav } from '../../telephony/media/wav.js';
import type { EngineLog } from '../log.js';

/** 17 minutes of audio: no announcement is longer, and reading it does not stall the calls. */
const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** Samples held by all clips together; 70 minutes. Each costs two bytes, one for each law. */
const MAX_CACHED_SAMPLES = 32 * 1024 * 1024;
/** A file is looked at again after so long: an exchanged prompt is heard from then on. */
const FRESH_MS = 1000;

/** A sound file, ready to be sent. */
export class Clip {
  readonly samples: number;
  readonly #frames: Record<AudioCodec, readonly Buffer[]>;

  constructor(pcm: Int16Array) {
    this.samples = pcm.length;
    this.#frames = { PCMA: cut('PCMA', pcm), PCMU: cut('PCMU', pcm) };
  }

  /** 20 ms each; the last one filled up with silence. */
  frames(codec: AudioCodec): readonly Buffer[] {
    return this.#frames[codec];
  }
}

/** Frames are views into one buffer, cut once, so that sending one costs nothing. */
function cut(codec: AudioCodec, pcm: Int16Array): Buffer[] {
  const count = Math.ceil(pcm.length / FRAME_SAMPLES);
  const encoded = Buffer.alloc(count * FRAME_SAMPLES, SILENCE[codec]);
  encodeG711(codec, pcm).copy(encoded);
  return Array.from({ length: count }, (_, i) =>
    encoded.subarray(i * FRAME_SAMPLES, (i + 1) * FRAME_SAMPLES),
  );
}

export type ClipOutcome =
  | { readonly kind: 'clip'; readonly clip: Clip }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly reason: string };

/** A file on its way: `outcome` is set when it is known. */
export interface Opening {
  outcome: ClipOutcome | undefined;
}

interface Entry {
  readonly clip: Clip;
  readonly modified: number;
  checkedAt: number;
}

/**
 * Sound files, decoded and encoded once for all calls. What was not used longest is dropped first.
 * A file that has changed is read again; a clip in use stays whole until its playback ends.
 */
export class ClipCache {
  readonly #entries = new Map<string, Entry>();
  readonly #opening = new Map<string, Opening>();
  readonly #log: EngineLog;
  #samples = 0;

  constructor(log: EngineLog) {
    this.#log = log;
  }

  /** Starts to open a file; one that was looked at just now is there at once. Never throws. */
  open(path: string): Opening {
    const entry = this.#entries.get(path);
    if (entry !== undefined && performance.now() - entry.checkedAt < FRESH_MS) {
      this.#touch(path, entry);
      return { outcome: { kind: 'clip', clip: entry.clip } };
    }
    const running = this.#opening.get(path);
    if (running !== undefined) return running;
    const opening: Opening = { outcome: undefined };
    this.#opening.set(path, opening);
    void this.#settle(path, opening);
    return opening;
  }

  async #settle(path: string, opening: Opening): Promise<void> {
    const outcome = await this.#load(path);
    this.#opening.delete(path);
    opening.outcome = outcome;
    if (outcome.kind !== 'clip') this.#log('warn', 'sound file cannot be played', { path, ...outcome });
  }

  async #load(path: string): Promise<ClipOutcome> {
    try {
      const { mtimeMs, size } = await stat(path);
      const entry = this.#entries.get(path);
      if (entry !== undefined && entry.modified === mtimeMs) {
        entry.checkedAt = performance.now();
        this.#touch(path, entry);
        return { kind: 'clip', clip: entry.clip };
      }
      this.#forget(path);
      if (size > MAX_FILE_BYTES) return { kind: 'unreadable', reason: `larger than ${MAX_FILE_BYTES} bytes` };
      const wav = readWav(await readFile(path));
      if (wav.kind === 'unreadable') return wav;
      const clip = new Clip(wav.samples);
      this.#remember(path, { clip, modified: mtimeMs, checkedAt: performance.now() });
      return { kind: 'clip', clip };
    } catch (error) {
      this.#forget(path);
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      return code === 'ENOENT' ? { kind: 'missing' } : { kind: 'unreadable', reason: code };
    }
  }

  #remember(path: string, entry: Entry): void {
    this.#entries.set(path, entry);
    this.#samples += entry.clip.samples;
    for (const oldest of this.#entries.keys()) {
      if (this.#samples <= MAX_CACHED_SAMPLES) return;
      this.#forget(oldest);
    }
  }

  #forget(path: string): void {
    const entry = this.#entries.get(path);
    if (entry === undefined) return;
    this.#entries.delete(path);
    this.#samples -= entry.clip.samples;
  }

  /** A Map keeps its order of insertion: the last one used goes to the end. */
  #touch(path: string, entry: Entry): void {
    this.#entries.delete(path);
    this.#entries.set(path, entry);
  }
}
