import type { Application } from './application.js';
import { hangup } from './hangup.js';
import { startDtmf, stopDtmf } from './inband-digits.js';
import { playAndGetDigits } from './play-and-get-digits.js';
import { playback } from './playback.js';
import { multiset, set, unset } from './variables.js';
import { park, sleep } from './waiting.js';

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
