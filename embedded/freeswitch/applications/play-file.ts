import { FRAME_MS, FRAME_SAMPLES, SAMPLE_RATE } from '../../../telephony/media/format.js';
import type { Channel } from '../channel.js';
import { openSound } from '../sound.js';
import type { Sound } from '../sound.js';
import type { ApplicationRun, Frame } from './application.js';

export type PlayStatus = 'played' | 'stopped' | 'not-found' | 'timed-out' | 'failed';

/**
 * What becomes of digits while a file plays: each is taken and judged. True ends the playing.
 * Without this, they stay in the queue.
 */
export type OnDigit = (digit: string) => boolean;

/** The real one reads files in blocks of so many samples, and counts as played what it has read. */
const READ_BLOCK = 16_384;
/** Silence between the files of a list, unless `playback_sleep_val` says otherwise. */
const DEFAULT_PAUSE_MS = 250;
/** The most files of a list. */
const MAX_FILES = 128;

/**
 * Plays a file, or several when the variable `playback_delimiter` says what stands between them.
 *
 * A break ends one file of a list, not the list; a break in the pause between two ends it. The
 * status is that of the last file: a missing one before it goes unnoticed.
 */
export function* playFile(
  channel: Channel,
  name: string,
  onDigit?: OnDigit,
  startSample = 0,
): Generator<Frame, PlayStatus> {
  if (name === '' || !channel.ready) return 'failed';
  const delimiter = channel.variables.get('playback_delimiter')?.charAt(0);
  const files = delimiter === undefined ? [name] : name.split(delimiter, MAX_FILES);
  let framesLeft = timeoutFrames(channel);
  let status: PlayStatus = 'played';
  for (const [index, file] of files.entries()) {
    if (!channel.ready) break;
    if (index > 0) {
      const paused = yield* pause(channel, onDigit);
      if (paused !== 'played') return paused;
    }
    const sound = yield* openSound(channel, file);
    if (sound === undefined) {
      status = channel.ready ? 'not-found' : 'failed';
      continue;
    }
    channel.fire('PLAYBACK_START', { 'Playback-File-Path': file });
    const firstFrame = index === 0 ? Math.floor(startSample / FRAME_SAMPLES) : 0;
    const ended = yield* playSound(channel, sound, onDigit, firstFrame, framesLeft);
    ({ status } = ended);
    framesLeft -= ended.frames;
    reportPlayed(channel, sound, ended.frames);
    channel.fire('PLAYBACK_STOP', {
      'Playback-File-Path': file,
      'Playback-Status': status === 'stopped' ? 'break' : 'done',
    });
    if (status === 'timed-out' || status === 'failed' || ended.byDigit) break;
  }
  return status;
}

/** How much may be played by `playback_timeout_sec`; 1 second is taken for none, as for real. */
function timeoutFrames(channel: Channel): number {
  const seconds = Number.parseInt(channel.variables.get('playback_timeout_sec') ?? '', 10);
  return seconds > 1 ? (seconds * 1000) / FRAME_MS : Number.POSITIVE_INFINITY;
}

interface Played {
  readonly status: PlayStatus;
  readonly frames: number;
  readonly byDigit: boolean;
}

function* playSound(
  channel: Channel,
  sound: Sound,
  onDigit: OnDigit | undefined,
  firstFrame: number,
  limit: number,
): Generator<Frame, Played> {
  const total = Math.ceil(sound.samples / FRAME_SAMPLES) - firstFrame;
  for (let frames = 0; ; frames++) {
    if (!channel.ready) return { status: 'failed', frames, byDigit: false };
    if (channel.breaking) {
      channel.breaking = false;
      return { status: 'stopped', frames, byDigit: false };
    }
    if (takesDigit(channel, onDigit)) return { status: 'stopped', frames, byDigit: true };
    if (frames >= limit) return { status: 'timed-out', frames, byDigit: false };
    if (frames >= total) return { status: 'played', frames, byDigit: false };
    yield sound.frame(firstFrame + frames, channel.codec);
  }
}

/** Takes at most one digit for each 20 ms. */
function takesDigit(channel: Channel, onDigit: OnDigit | undefined): boolean {
  if (onDigit === undefined) return false;
  const taken = channel.digits.take();
  return taken !== undefined && onDigit(taken.digit);
}

function* pause(channel: Channel, onDigit: OnDigit | undefined): Generator<Frame, PlayStatus> {
  const value = Number.parseInt(channel.variables.get('playback_sleep_val') ?? '', 10);
  const until = channel.ticks + (value >= 0 ? value : DEFAULT_PAUSE_MS) / FRAME_MS;
  while (channel.ticks < until) {
    if (!channel.ready) return 'failed';
    if (channel.breaking) {
      channel.breaking = false;
      return 'stopped';
    }
    if (takesDigit(channel, onDigit)) return 'stopped';
    yield undefined;
  }
  return 'played';
}

function reportPlayed(channel: Channel, sound: Sound, frames: number): void {
  const heard = Math.min(frames * FRAME_SAMPLES, sound.samples);
  const read = Math.min(Math.ceil((heard + 1) / READ_BLOCK) * READ_BLOCK, sound.samples);
  channel.variables.set('playback_last_offset_pos', `${heard}`);
  channel.variables.set('playback_seconds', `${Math.floor(read / SAMPLE_RATE)}`);
  channel.variables.set('playback_ms', `${Math.floor((read * 1000) / SAMPLE_RATE)}`);
  channel.variables.set('playback_samples', `${read}`);
}

/**
 * `playback <file>[@@<first sample>]`. Digits are taken; those in `playback_terminators` end it.
 */
export function* playback(channel: Channel, data: string): ApplicationRun {
  const [file = '', offset] = data.split('@@');
  const terminators = playbackTerminators(channel);
  channel.variables.delete('playback_terminator_used');
  const status = yield* playFile(
    channel,
    file,
    (digit) => {
      if (!terminators.includes(digit)) return false;
      channel.variables.set('playback_terminator_used', digit);
      return true;
    },
    Math.max(0, Number.parseInt(offset ?? '0', 10) || 0),
  );
  if (status === 'played' || status === 'stopped') return 'FILE PLAYED';
  return status === 'not-found' ? 'FILE NOT FOUND' : 'PLAYBACK ERROR';
}

function playbackTerminators(channel: Channel): string {
  const terminators = channel.variables.get('playback_terminators') ?? '*';
  if (terminators.toLowerCase() === 'any') return '1234567890*#';
  return terminators.toLowerCase() === 'none' ? '' : terminators;
}
