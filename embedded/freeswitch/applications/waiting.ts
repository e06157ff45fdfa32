import { FRAME_MS } from '../../../telephony/media/format.js';
import type { Channel } from '../channel.js';
import type { ApplicationRun } from './application.js';

/** `sleep <ms>`: silence. A digit ends it and stays in the queue for the next application. */
export function* sleep(channel: Channel, data: string): ApplicationRun {
  const until = channel.ticks + Number.parseInt(data, 10) / FRAME_MS;
  while (channel.ready && channel.ticks < until && !channel.breaking && channel.digits.isEmpty)
    yield undefined;
  channel.breaking = false;
  return undefined;
}

/** `park`: silence until the call ends. Digits are told and lost. */
export function* park(channel: Channel): ApplicationRun {
  while (channel.ready) {
    channel.digits.take();
    yield undefined;
  }
  return undefined;
}
