import { describeChannel, assignVariable } from './channel-data.js';
import type { Channel } from './channel.js';
import type { Core } from './core.js';
import { DEFAULT_DURATION } from './digit-queue.js';
import { plainEvent } from './esl-frame.js';
import { hangupCause } from './hangup-causes.js';

/** The name under which drachtio-fsmrf looks for us. */
const PROFILE = 'drachtio_mrf';

function row(name: string, type: string, data: string, state: string): string {
  return `${name.padStart(25)}\t${type}\t  ${data.padStart(40)}\t${state}\n`;
}

/** The table of `sofia status`, in which clients look for the SIP address of the profile. */
function sofiaStatus(sipAddress: string, sessions: number): string {
  const line = '='.repeat(97);
  return [
    row('Name', '   Type', 'Data', 'State'),
    `${line}\n`,
    row(PROFILE, 'profile', `sip:mod_sofia@${sipAddress}`, `RUNNING (${sessions})`),
    `${line}\n`,
    '1 profile 0 aliases\n',
  ].join('');
}

type Command = (core: Core, words: readonly string[]) => string;

const OK = '+OK\n';
const NO_CHANNEL = '-ERR No such channel!\n';

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['hupall', hangUpAll],
  [
    'sofia',
    ({ sipAddress, channels }, [what]) =>
      what === 'status' ? sofiaStatus(sipAddress, channels.size) : '-ERR Invalid command!\n',
  ],
  ['status', status],
  ['uuid_break', onChannel((channel) => (channel.stopPlaying(), OK))],
  ['uuid_dump', onChannel(dump)],
  ['uuid_exists', ({ channels }, [uuid = '']) => `${channels.has(uuid)}`],
  ['uuid_getvar', onChannel((channel, [name = '']) => channel.variables.get(name) ?? '_undef_')],
  ['uuid_kill', onChannel((channel, [cause = '']) => (channel.hangup(hangupCause(cause)), OK))],
  ['uuid_recv_dtmf', onChannel(receiveDigits)],
  ['uuid_set_media_stats', onChannel((channel) => (channel.recordStatistics(), OK))],
  ['uuid_setvar', onChannel(setVariable)],
  ['version', ({ version }) => `${version}\n`],
]);

/** Answers `api <command> <arguments>`. Never throws. */
export function runApi(core: Core, text: string): string {
  const [name = '', ...words] = text.trim().split(/ +/);
  const command = COMMANDS.get(name.toLowerCase());
  return command === undefined ? `-ERR ${name} Command not found!\n` : command(core, words);
}

/** A command whose first argument names a channel. */
function onChannel(run: (channel: Channel, words: readonly string[]) => string): Command {
  return ({ channels }, [uuid = '', ...words]) => {
    if (uuid === '') return '-USAGE: <uuid> …\n';
    const channel = channels.get(uuid);
    return channel === undefined ? NO_CHANNEL : run(channel, words);
  };
}

function status({ channels, maxSessions, version, startedAt, now }: Core): string {
  const seconds = Math.floor((now().getTime() - startedAt.getTime()) / 1000);
  return [
    `UP ${Math.floor(seconds / 3600)} hours, ${Math.floor(seconds / 60) % 60} minutes, ${seconds % 60} seconds`,
    `FreeSWITCH (Version ${version}) is ready`,
    `${channels.size} session(s)`,
    `${maxSessions} session(s) max`,
    '',
  ].join('\n');
}

function hangUpAll({ channels }: Core, [cause = 'MANAGER_REQUEST']: readonly string[]): string {
  for (const channel of channels.values()) channel.hangup(hangupCause(cause));
  return `+OK hangup all channels with cause ${hangupCause(cause)}\n`;
}

function dump(channel: Channel): string {
  return plainEvent({ 'Event-Name': 'CHANNEL_DATA', ...describeChannel(channel, 'CHANNEL_DATA') });
}

function setVariable(channel: Channel, [name = '', ...value]: readonly string[]): string {
  if (name === '') return '-USAGE: <uuid> <var> [value]\n';
  assignVariable(channel.variables, name, value.join(' '));
  return OK;
}

/** `<uuid> <digits>[@<ms>]` */
function receiveDigits(channel: Channel, [text = '']: readonly string[]): string {
  const [digits = '', ms] = text.split('@');
  if (!/^[0-9*#A-D]+$/i.test(digits)) return '-USAGE: <uuid> <dtmf_data>\n';
  const duration = ms === undefined ? DEFAULT_DURATION : (Number.parseInt(ms, 10) || 0) * 8;
  for (const digit of digits) channel.receiveDigit({ digit: digit.toUpperCase(), duration, source: 'APP' });
  return `+OK ${channel.uuid} received DTMF ${text}.\n`;
}
