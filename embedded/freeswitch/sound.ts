import { isAbsolute } from 'node:path';

import { FRAME_SAMPLES, SAMPLE_RATE } from '../../telephony/media/format.js';
import type { AudioCodec } from '../../telephony/media/format.js';
import type { Frame } from './applications/application.js';
import type { Clip, ClipOutcome } from './clip-cache.js';
import type { Channel } from './channel.js';

/** Something that can be played. */
export interface Sound {
  /** Infinity for one that only ends by being stopped. */
  readonly samples: number;
  /** The frame of that index, from 0 to the last; silence when undefined. */
  frame(index: number, codec: AudioCodec): Frame;
}

/** How long a `file_string` is silent before its first file. */
const FILE_STRING_LEAD_MS = 250;

const SILENCE_STREAM = 'silence_stream://';
const FILE_STRING = 'file_string://';

/**
 * Opens what a client names: the absolute path of a WAV file (`.wav` may be left out),
 * `silence_stream://<ms>` (-1: for ever), or `file_string://<path>!<path>…`, files in a row as one
 * sound, the missing ones left out. Sends silence while the file is read; undefined when there is
 * no such sound.
 */
export function* openSound(channel: Channel, name: string): Generator<Frame, Sound | undefined> {
  if (name.startsWith(SILENCE_STREAM)) return silence(Number.parseInt(name.slice(SILENCE_STREAM.length), 10));
  if (!name.startsWith(FILE_STRING)) {
    const clip = yield* openClip(channel, name);
    return clip === undefined ? undefined : sequence([clip], 0);
  }
  const clips: Clip[] = [];
  for (const path of name.slice(FILE_STRING.length).split('!')) {
    const clip = yield* openClip(channel, path);
    if (clip !== undefined) clips.push(clip);
  }
  return clips.length === 0 ? undefined : sequence(clips, FILE_STRING_LEAD_MS);
}

function* openClip(channel: Channel, path: string): Generator<Frame, Clip | undefined> {
  if (!isAbsolute(path)) return undefined;
  const opening = channel.clips.open(/\.[^./]*$/.test(path) ? path : `${path}.wav`);
  while (opening.outcome === undefined && channel.ready) yield undefined;
  const outcome: ClipOutcome | undefined = opening.outcome;
  return outcome?.kind === 'clip' ? outcome.clip : undefined;
}

function silence(ms: number): Sound | undefined {
  if (Number.isNaN(ms)) return undefined;
  return {
    samples: ms < 0 ? Number.POSITIVE_INFINITY : (ms * SAMPLE_RATE) / 1000,
    frame: () => undefined,
  };
}

function sequence(clips: readonly Clip[], leadMs: number): Sound {
  const leadSamples = (leadMs * SAMPLE_RATE) / 1000;
  const lead = Math.ceil(leadSamples / FRAME_SAMPLES);
  return {
    samples: leadSamples + clips.reduce((sum, { samples }) => sum + samples, 0),
    frame(index, codec) {
      let at = index - lead;
      for (const clip of clips) {
        const frames = clip.frames(codec);
        if (at < frames.length) return at < 0 ? undefined : frames[at];
        at -= frames.length;
      }
      return undefined;
    },
  };
}
