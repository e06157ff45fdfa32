import type { Channel } from '../channel.js';
import { hangupCause } from '../hangup-causes.js';

/** `hangup [<cause>]` */
export function hangup(channel: Channel, data: string): undefined {
  channel.hangup(hangupCause(data));
}
