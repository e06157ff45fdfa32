import type { Channel } from '../channel.js';
import type { ApplicationRun } from './application.js';
import { playFile } from './play-file.js';

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
