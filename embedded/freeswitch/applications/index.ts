import type { Application, ApplicationRun } from './application.js';
import { playAndGetDigits } from './play-and-get-digits.js';
import { playback } from './play-file.js';
import type { Channel } from '../channel.js';
import { hangupCause } from '../hangup-causes.js';
import { FRAME_MS } from '../../../telephony/media/format.js';
import { assignVariable } from '../channel-data.js';

const APPLICATIONS: ReadonlyMap<string, Application> = new Map<string, Application>([
  ['answer', done],
  ['export', set],
  ['hangup', hangup],
  ['multiset', multiset],
  ['park', park],
  ['play_and_get_digits', playAndGetDigits],
  ['playback', playback],
  ['set', set],
  ['sleep', sleep],
  ['start_dtmf', startDtmf],
  ['stop_dtmf', stopDtmf],
  ['unset', unset],
]);

export function findApplication(name: string): Application | undefined {
  return APPLICATIONS.get(name.toLowerCase());
}

/** Calls are answered before a client gets them: there is nothing left to do. */
function done(): undefined {}

/** `hangup [<cause>]` */
function hangup(channel: Channel, data: string): undefined {
  channel.hangup(hangupCause(data));
}

/** `start_dtmf`: from now on, tones in the caller's audio are digits too. */
function startDtmf(channel: Channel): undefined {
  channel.hearsTones = true;
}

/** `stop_dtmf` */
function stopDtmf(channel: Channel): undefined {
  channel.hearsTones = false;
}

/** `sleep <ms>`: silence. A digit ends it and stays in the queue for the next application. */
function* sleep(channel: Channel, data: string): ApplicationRun {
  const until = channel.ticks + Number.parseInt(data, 10) / FRAME_MS;
  while (channel.ready && channel.ticks < until && !channel.breaking && channel.digits.isEmpty)
    yield undefined;
  channel.breaking = false;
  return undefined;
}

/** `park`: silence until the call ends. Digits are told and lost. */
function* park(channel: Channel): ApplicationRun {
  while (channel.ready) {
    channel.digits.take();
    yield undefined;
  }
  return undefined;
}

/** `<name>=<value>` */
function assign(channel: Channel, assignment: string): void {
  const equals = assignment.indexOf('=');
  if (equals < 1) return;
  assignVariable(channel.variables, assignment.slice(0, equals).trim(), assignment.slice(equals + 1));
}

/** `set <name>=<value>` */
function set(channel: Channel, data: string): undefined {
  assign(channel, data);
}

/**
 * `multiset <name>=<value> …`, or with another separator: `multiset
 * ^^<separator><name>=<value><separator>…`
 */
function multiset(channel: Channel, data: string): undefined {
  const separated = data.startsWith('^^') && data.length > 2;
  const assignments = separated ? data.slice(3).split(data.charAt(2)) : data.split(' ');
  for (const assignment of assignments) assign(channel, assignment);
}

/** `unset <name>` */
function unset(channel: Channel, data: string): undefined {
  channel.variables.delete(data.trim());
}
