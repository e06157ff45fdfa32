import type { Channel } from '../channel.js';

/** `start_dtmf`: from now on, tones in the caller's audio are digits too. */
export function startDtmf(channel: Channel): undefined {
  channel.hearsTones = true;
}

/** `stop_dtmf` */
export function stopDtmf(channel: Channel): undefined {
  channel.hearsTones = false;
}
