import type { Channel } from '../channel.js';
import type { ApplicationRun, Frame } from './application.js';
import { collectDigits } from './collect-digits.js';
import { playFile } from './play-file.js';

/** Digits that can be collected at once. */
const BUFFER = 128;

interface Arguments {
  readonly min: number;
  readonly max: number;
  readonly tries: number;
  readonly timeout: number;
  readonly terminators: string;
  readonly prompt: string;
  readonly invalidPrompt: string;
  readonly variable: string;
  readonly pattern: string;
  readonly digitTimeout: number;
  /**
   * An extension to go to when nothing valid was keyed. Clients end here by a blank in a file name,
   * which shifts the arguments.
   */
  readonly failureExtension: string;
}

function readArguments(data: string): Arguments {
  const words = data.split(' ').filter((word) => word !== '');
  const number = (index: number): number => Math.max(0, Number.parseInt(words[index] ?? '', 10) || 0);
  const min = number(0);
  return {
    min,
    max: Math.max(number(1), min),
    tries: number(2),
    timeout: Math.max(number(3), 1000),
    terminators: words[4] ?? '#',
    prompt: words[5] ?? '',
    invalidPrompt: words[6] ?? '',
    variable: words[7] ?? '',
    pattern: words[8] ?? '',
    digitTimeout: number(9),
    failureExtension: words.slice(10).join(' '),
  };
}

/**
 * `play_and_get_digits <min> <max> <tries> <timeout> <terminators> <file> <invalid file> <variable>
 * <regular expression> <digit timeout> [<failure extension>]`
 *
 * With the edges of the real one, on which clients have come to depend: what does not match is
 * moved to `<variable>_invalid`; what is merely too short stays in the variable when the tries are
 * over; `read_terminator_used` is never cleared, and with a min of 0 an old one makes an empty
 * collection a success.
 */
export function* playAndGetDigits(channel: Channel, data: string): ApplicationRun {
  const wanted = readArguments(data);
  const { variables } = channel;
  variables.delete(`${wanted.variable}_invalid`);
  for (let tries = wanted.tries; tries > 0 && channel.ready; tries--) {
    const { status, digits } = yield* readDigits(channel, wanted);
    const succeeded = status === 'success' || (status === 'timeout' && digits.length >= wanted.min);
    if (wanted.min === 0 && digits === '' && variables.has('read_terminator_used')) return undefined;
    if (succeeded && digits !== '') {
      if (matches(wanted.pattern, digits)) return undefined;
      variables.delete(wanted.variable);
      variables.set(`${wanted.variable}_invalid`, digits);
    }
    if (!channel.ready) break;
    yield* playFile(channel, wanted.invalidPrompt);
  }
  if (wanted.failureExtension !== '' && channel.ready) channel.transfer();
  return undefined;
}

interface Reading {
  readonly status: 'success' | 'timeout' | 'too-small' | 'failed';
  readonly digits: string;
}

/** One try: the prompt, which any digit stops and is kept; then the rest of the digits. */
function* readDigits(channel: Channel, wanted: Arguments): Generator<Frame, Reading> {
  const { variables } = channel;
  const { min, max, terminators, variable, timeout } = wanted;
  variables.delete('read_result');
  variables.delete(variable);
  if (max > BUFFER) return { status: 'failed', digits: '' };

  let digits = '';
  if (wanted.prompt !== '' && wanted.prompt.toLowerCase() !== 'silence') {
    const played = yield* playFile(channel, wanted.prompt, (digit) => {
      digits = digit;
      return true;
    });
    if (played === 'timed-out') return { status: 'timeout', digits: '' };
    if (played === 'failed' || played === 'not-found') return { status: 'failed', digits: '' };
  }

  let status: Reading['status'] = 'success';
  if (digits.length < Math.max(min, max)) {
    const digitTimeout = wanted.digitTimeout === 0 ? timeout : wanted.digitTimeout;
    const firstTimeout = digits === '' ? timeout : digitTimeout;
    const collected = yield* collectDigits(channel, digits, { max, terminators, firstTimeout, digitTimeout });
    ({ status, digits } = collected);
    if (collected.terminator !== undefined) variables.set('read_terminator_used', collected.terminator);
  }
  if (digits.length < min) status = 'too-small';
  variables.set('read_result', status === 'success' || status === 'timeout' ? status : 'failure');
  if (max === 1 && terminators.includes(digits)) digits = '';
  if (digits !== '') variables.set(variable, digits);
  return { status, digits };
}

function matches(pattern: string, digits: string): boolean {
  if (pattern === '') return true;
  try {
    return new RegExp(pattern).test(digits);
  } catch {
    return false; // not a regular expression: nothing matches it
  }
}
